"""Authors that came with an import: a staff invitation gives the account to the person behind it."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.access import Role, has_role
from accounts.actions.mailed import LIFE, check_address, hash_of, new_token
from accounts.models import Handover, User, normalise_email
from common.errors import Refused


def is_claimable(person: User) -> bool:
    """Inactive, without address and never anonymised: nobody has this account yet."""
    return person.email is None and not person.is_active and person.anonymised_at is None


@transaction.atomic
def invite_to_claim(person: User, email: str, *, by: Any) -> str:
    """Mails the link that hands PERSON over, in place of any earlier one; returns its token."""
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff hand over imported accounts."))
    address = normalise_email(email)
    if address is None:
        raise Refused(_("Give an e-mail address."))
    # One at a time: of two links for one account only the newer may stay open.
    person = User.objects.select_for_update().get(pk=person.pk)
    if not is_claimable(person):
        raise Refused(_("This account belongs to somebody already."))
    _require_free(address)
    check_address(address, by=by)
    person.handovers.open().update(cancelled_at=timezone.now())
    token = new_token()
    handover = Handover.objects.create(
        person=person,
        email=address,
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=timezone.now() + LIFE,
    )
    _send(handover, token)
    log(person, "accounts.claim.invite", user=by)
    return token


def _send(handover: Handover, token: str) -> None:
    person = handover.person
    context = {
        "person": person,
        "by": handover.invited_by,
        "site_name": settings.SITE_NAME,
        "action_url": settings.BASE_URL + reverse("accounts:claim", args=[token]),
    }
    with translation.override(person.language):
        mail = EmailMultiAlternatives(
            _("Your posts at %(site)s") % {"site": settings.SITE_NAME},
            render_to_string("email/claim.txt", context),
            None,
            [handover.email],
        )
        mail.attach_alternative(render_to_string("email/claim.html", context), "text/html")
    mail.send()


@transaction.atomic
def cancel_claim(person: User, *, by: Any) -> None:
    """The link that is on its way opens nothing any more."""
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff hand over imported accounts."))
    if person.handovers.open().update(cancelled_at=timezone.now()):
        log(person, "accounts.claim.cancel", user=by)


def _require_free(address: str) -> None:
    """What somebody only typed, and never confirmed, is not theirs to keep from its owner."""
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).exists()
    taken = User.objects.filter(email=address).exclude(pk__in=_never_entered(address))
    if proved or taken.exists():
        raise Refused(_("This address has an account already."))


def _never_entered(address: str) -> QuerySet[User]:
    """Signed up with ADDRESS and never confirmed it, so never got in."""
    unproved = EmailAddress.objects.filter(email__iexact=address, verified=False)
    found = User.objects.filter(
        email=address, last_login=None, pk__in=unproved.values("user"), is_superuser=False
    )
    return found.exclude(pk__in=EmailAddress.objects.filter(verified=True).values("user"))


def _make_free(address: str) -> None:
    """Before the address goes to who has proved it: an address is one account's."""
    for stranger in _never_entered(address).select_for_update():
        stranger.email, stranger.is_active = None, False
        stranger.set_unusable_password()
        stranger.anonymised_at, stranger.display_name = timezone.now(), ""
        stranger.save()
    EmailAddress.objects.filter(email__iexact=address).delete()


def claimable(token: str) -> Handover | None:
    """The link while it can be used: it does not outlive the right of who sent it."""
    found = (
        Handover.objects.open()
        .select_related("person", "invited_by")
        .filter(token_hash=hash_of(token))
        .first()
    )
    if found is None or not is_claimable(found.person):
        return None
    return found if has_role(found.invited_by, Role.AGENT) else None


@transaction.atomic
def claim(token: str) -> User:
    """Hands the account over: the link came through the mailbox, so the address is proved."""
    found = claimable(token)
    if found is None:
        raise Refused(_("This link is no longer valid. Ask for a new one."))
    person = User.objects.select_for_update().get(pk=found.person_id)
    # Read again behind the lock, which a newer link and a second click wait for, too.
    found = claimable(token)
    if found is None:
        raise Refused(_("This link is no longer valid. Ask for a new one."))
    _require_free(found.email)
    _make_free(found.email)
    Handover.objects.filter(pk=found.pk).update(accepted_at=timezone.now())
    person.email, person.is_active = found.email, True
    person.set_unusable_password()
    person.save(update_fields=["email", "is_active", "password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    log(person, "accounts.claim", user=person)
    return person
