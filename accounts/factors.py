"""What follows when somebody gets their first second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.access import SECOND_FACTORS
from accounts.models import User


# allauth offers no other place: its views make the row and redirect.
@receiver(authenticator_added)
def first_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """This session has just shown the factor; the person's other ones never have, so they end."""
    if authenticator.type not in SECOND_FACTORS:
        return
    record_authentication(
        request,
        user,
        method="mfa",
        type=authenticator.type,
        id=authenticator.pk,
        reauthenticated=True,
    )
    others = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    if others.exclude(pk=authenticator.pk).exists():
        return
    for session in UserSession.objects.filter(user=user).exclude(
        session_key=request.session.session_key
    ):
        session.end()
