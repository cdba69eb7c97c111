"""Invitations into an organisation: single use, expiring, bound to address, organisation and role."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.actions.mailed import LIFE, check_address, hash_of, new_token
from accounts.actions.organisations import Roles, check_may_be_admin, hold, join, may_manage
from accounts.models import Invitation, Membership, Organisation, User, normalise_email
from common.errors import Refused

# Enough for a large team in one go, too few to flood strangers with mail.
OPEN_LIMIT = 50


@transaction.atomic
def invite(organisation: Organisation, email: str, *, role: str, by: Any) -> Invitation:
    """Sends an invitation; a newer one to the same address cancels the older."""
    if not may_manage(organisation, by):
        raise Refused(_("Only the organisation's admins invite people."))
    address = normalise_email(email)
    if address is None:
        raise Refused(_("Give an e-mail address."))
    if role not in Roles.values:
        raise Refused(_("Choose a role."))
    # One at a time: of two invitations to one address only the newer may stay open.
    organisation = hold(organisation)
    if role == Roles.ADMIN:
        check_may_be_admin(address, organisation)
    if Membership.objects.filter(
        organisation=organisation, user__email=address, is_active=True
    ).exists():
        raise Refused(_("This person is a member already."))
    waiting = Invitation.objects.open().filter(organisation=organisation)
    if waiting.count() >= OPEN_LIMIT:
        raise Refused(_("Too many invitations are open. Cancel some first."))
    check_address(address, by=by, organisation=organisation)
    waiting.filter(email=address).update(cancelled_at=timezone.now())
    token = new_token()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=timezone.now() + LIFE,
    )
    _send(invitation, token)
    log(organisation, "accounts.invite", user=by, data={"role": role})
    return invitation


def _send(invitation: Invitation, token: str) -> None:
    known = User.objects.filter(email=invitation.email, is_active=True).first()
    with translation.override(known.language if known else invitation.organisation.language):
        context = {
            "invitation": invitation,
            "organisation": invitation.organisation,
            "by": invitation.invited_by,
            "site_name": settings.SITE_NAME,
            "action_url": settings.BASE_URL + reverse("accounts:invitation", args=[token]),
        }
        subject = _("%(organisation)s invites you to %(site)s") % {
            "organisation": invitation.organisation.name,
            "site": settings.SITE_NAME,
        }
        mail = EmailMultiAlternatives(
            subject, render_to_string("email/invitation.txt", context), None, [invitation.email]
        )
        mail.attach_alternative(render_to_string("email/invitation.html", context), "text/html")
        mail.send()


def open_invitation(token: str) -> Invitation | None:
    """The invitation of this token while it can be accepted."""
    found = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(token_hash=hash_of(token), organisation__is_active=True)
        .first()
    )
    return found if found is not None and _is_good(found) else None


def _is_good(invitation: Invitation) -> bool:
    """Open, and of somebody who still may invite: it does not outlive their right."""
    return invitation.is_open(timezone.now()) and may_manage(
        invitation.organisation, invitation.invited_by
    )


@transaction.atomic
def accept_invitation(token: str, *, user: User) -> Membership:
    """Joins the organisation; only the person whose confirmed address was invited may."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "invited_by")
        .filter(token_hash=hash_of(token))
        .first()
    )
    if invitation is None or not _is_good(invitation) or not invitation.organisation.is_active:
        raise Refused(_("This invitation is no longer valid. Ask for a new one."))
    if user.email != invitation.email or not _is_confirmed(user):
        raise Refused(
            _("This invitation is for %(email)s. Sign in with that address.")
            % {"email": invitation.email}
        )
    if invitation.role == Roles.ADMIN:
        check_may_be_admin(user.email, invitation.organisation)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership = join(user, invitation.organisation, invitation.role)
    log(invitation.organisation, "accounts.join", user=user)
    return membership


def _is_confirmed(user: User) -> bool:
    """Sample people have no mailbox to confirm."""
    confirmed = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return user.is_demo or confirmed.exists()


@transaction.atomic
def cancel_invitation(invitation: Invitation, *, by: Any) -> None:
    if not may_manage(invitation.organisation, by):
        raise Refused(_("Only the organisation's admins cancel invitations."))
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, cancelled_at=None).update(
        cancelled_at=timezone.now()
    )
