"""What happens to a person's account as a whole."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.access import Role, forget, has_role
from accounts.models import User
from common.errors import Refused


def end_sessions(person: User) -> int:
    """Signs the person out everywhere."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def deactivate(person: User, *, by: Any) -> User:
    """Closes an account: nothing can be done with it any more, what it wrote stays."""
    if not has_role(by, Role.ADMINISTRATOR):
        raise Refused(_("Only administrators close accounts."))
    if person.pk == by.pk:
        raise Refused(_("Another administrator has to close your account."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget(person)
    end_sessions(person)
    log(person, "accounts.person.deactivate", user=by)
    return person
