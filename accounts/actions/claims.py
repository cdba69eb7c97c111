"""Authors that came with an import: a staff invitation gives the account to the person behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.access import Role, has_role
from accounts.models import User, normalise_email
from common.errors import Refused
from common.tokens import sign, unsign

LIFE = timedelta(days=14)
_PURPOSE = "claim"


def is_claimable(person: User) -> bool:
    """Inactive, without address and never anonymised: nobody has this account yet."""
    return person.email is None and not person.is_active and person.anonymised_at is None


@transaction.atomic
def invite_to_claim(person: User, email: str, *, by: Any) -> str:
    """Mails the link that hands PERSON over; returns the link's token."""
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff hand over imported accounts."))
    address = normalise_email(email)
    if address is None:
        raise Refused(_("Give an e-mail address."))
    if not is_claimable(person):
        raise Refused(_("This account belongs to somebody already."))
    _require_free(address)
    token = sign(_PURPOSE, [person.pk, address])
    context = {
        "person": person,
        "by": by,
        "site_name": settings.SITE_NAME,
        "action_url": settings.BASE_URL + reverse("accounts:claim", args=[token]),
    }
    with translation.override(person.language):
        mail = EmailMultiAlternatives(
            _("Your posts at %(site)s") % {"site": settings.SITE_NAME},
            render_to_string("email/claim.txt", context),
            None,
            [address],
        )
        mail.attach_alternative(render_to_string("email/claim.html", context), "text/html")
    mail.send()
    log(person, "accounts.claim.invite", user=by)
    return token


def _require_free(address: str) -> None:
    taken = User.objects.filter(email=address).exists()
    if taken or EmailAddress.objects.filter(email__iexact=address).exists():
        raise Refused(_("This address has an account already."))


def claimable(token: str) -> tuple[User, str] | None:
    """The account and address of a link while it can be used."""
    value = unsign(_PURPOSE, token, max_age=LIFE)
    if not isinstance(value, list) or len(value) != 2:
        return None
    person = User.objects.filter(pk=value[0]).first()
    return (person, value[1]) if person is not None and is_claimable(person) else None


@transaction.atomic
def claim(token: str) -> User:
    """Hands the account over: the link came through the mailbox, so the address is proved.

    Works once: afterwards the account has an address and is no longer claimable.
    """
    found = claimable(token)
    if found is None:
        raise Refused(_("This link is no longer valid. Ask for a new one."))
    person = User.objects.select_for_update().get(pk=found[0].pk)
    if not is_claimable(person):
        raise Refused(_("This link is no longer valid. Ask for a new one."))
    _require_free(found[1])
    person.email, person.is_active = found[1], True
    person.set_unusable_password()
    person.save(update_fields=["email", "is_active", "password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    log(person, "accounts.claim", user=person)
    return person
