"""Staff create organisations and prove their domains; admins look after members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.access import Role, forget, has_role, memberships_of
from accounts.domains import is_consumer_domain, normalise_domain
from accounts.models import Membership, Organisation, OrganisationDomain, Plan, User
from common.errors import Refused
from common.text import clean_line, slugify

Roles = Membership.OrganisationRole


def may_manage(organisation: Organisation, user: Any) -> bool:
    """Agents look after every organisation, its own admins after theirs."""
    if has_role(user, Role.AGENT):
        return True
    return any(
        m.organisation_id == organisation.pk and m.role == Roles.ADMIN for m in memberships_of(user)
    )


def hold(organisation: Organisation) -> Organisation:
    """Locks the organisation: who changes its people waits, so that one admin is always left."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


@transaction.atomic
def create_organisation(
    name: str,
    *,
    by: Any,
    plan: Plan | None,
    language: str = "en",
    domains: Iterable[str] = (),
    are_proved: bool = False,
) -> Organisation:
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff create organisations."))
    name = clean_line(name)
    # Also what a second click on "Create" meets.
    if Organisation.objects.filter(name__iexact=name).exists():
        raise Refused(_("There is an organisation of this name."))
    slug = slugify(name, "organisation")
    number = 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{slugify(name, 'organisation')[:70]}-{number}"
    organisation = Organisation.objects.create(name=name, slug=slug, plan=plan, language=language)
    for text in domains:
        domain = add_domain(organisation, text, by=by)
        if are_proved:
            prove_domain(domain, by=by)
    log(organisation, "accounts.organisation.create", user=by)
    return organisation


@transaction.atomic
def add_domain(organisation: Organisation, domain: str, *, by: Any) -> OrganisationDomain:
    """Staff set a domain as proved by hand until there is a DNS check."""
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff add domains."))
    domain = normalise_domain(domain)
    if is_consumer_domain(domain):
        raise Refused(
            _("%(domain)s belongs to a mail provider, not to one organisation.")
            % {"domain": domain}
        )
    try:
        with transaction.atomic():
            return OrganisationDomain.objects.create(organisation=organisation, domain=domain)
    except IntegrityError as error:
        raise Refused(_("Another organisation has this domain.")) from error


@transaction.atomic
def prove_domain(domain: OrganisationDomain, *, by: Any) -> OrganisationDomain:
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff set a domain as proved."))
    domain.proved_at, domain.proved_by = timezone.now(), by
    domain.save(update_fields=["proved_at", "proved_by"])
    log(domain.organisation, "accounts.domain.prove", user=by, data={"domain": domain.domain})
    return domain


def check_may_be_admin(email: str | None, organisation: Organisation) -> None:
    """An admin's address stands at a domain that is proved to be the organisation's (S-02)."""
    domain = (email or "").rpartition("@")[2]
    if is_consumer_domain(domain):
        raise Refused(
            _(
                "%(domain)s belongs to a mail provider. An admin needs an address of the organisation."
            )
            % {"domain": domain}
        )
    proved = organisation.domains.filter(proved_at__isnull=False)
    if not domain or not proved.filter(domain=_ascii(domain)).exists():
        raise Refused(
            _("An admin needs an address at a domain that is proved to be the organisation’s.")
        )


def _ascii(domain: str) -> str:
    try:
        return normalise_domain(domain)
    except Refused:
        return ""


@transaction.atomic
def set_member_role(membership: Membership, role: str, *, by: Any) -> Membership:
    membership = _held(membership)
    if not may_manage(membership.organisation, by):
        raise Refused(_("Only the organisation's admins change roles."))
    if role not in Roles.values or not membership.is_active:
        raise Refused(_("Choose a role."))
    if role == membership.role:
        return membership
    if role == Roles.ADMIN:
        check_may_be_admin(membership.user.email, membership.organisation)
    elif membership.role == Roles.ADMIN:
        _keep_one_admin(membership)
        _withdraw_invitations(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    forget(membership.user)
    data = {"person": membership.user_id, "role": role}
    log(membership.organisation, "accounts.member.role", user=by, data=data)
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Any) -> None:
    """Ends the membership; its rights end with it, at once."""
    membership = _held(membership)
    own = membership.user_id == by.pk
    if not own and not may_manage(membership.organisation, by):
        raise Refused(_("Only the organisation's admins remove members."))
    if not membership.is_active:
        return
    if membership.role == Roles.ADMIN:
        _keep_one_admin(membership)
        _withdraw_invitations(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    forget(membership.user)
    data = {"person": membership.user_id}
    log(membership.organisation, "accounts.member.remove", user=by, data=data)


def _held(membership: Membership) -> Membership:
    """The membership as it is once everybody else is done with the organisation."""
    hold(membership.organisation)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def _keep_one_admin(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation=membership.organisation, role=Roles.ADMIN, is_active=True, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused(_("Name another admin first: an organisation needs at least one."))


def _withdraw_invitations(membership: Membership) -> None:
    """What somebody asked for as an admin does not outlive their being one."""
    membership.organisation.invitations.filter(
        invited_by=membership.user, accepted_at=None, cancelled_at=None
    ).update(cancelled_at=timezone.now())


@transaction.atomic
def join(user: User, organisation: Organisation, role: str) -> Membership:
    """Makes or revives a membership; a stronger role is kept."""
    rank = {Roles.MEMBER: 0, Roles.DELEGATE: 1, Roles.ADMIN: 2}
    membership, made = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": role}
    )
    if not made:
        if not membership.is_active or rank[Roles(role)] > rank[Roles(membership.role)]:
            membership.role = role
        membership.is_active = True
        membership.save(update_fields=["role", "is_active"])
    forget(user)
    return membership
