"""Staff create organisations and prove their domains; admins look after members."""

from __future__ import annotations

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
    return any(m.organisation_id == organisation.pk and m.role == Roles.ADMIN for m in memberships_of(user))


@transaction.atomic
def create_organisation(
    name: str, *, by: Any, plan: Plan | None, language: str = "en", domains: list[str] | None = None
) -> Organisation:
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only staff create organisations."))
    name = clean_line(name)
    slug = slugify(name, "organisation")
    number = 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{slugify(name, 'organisation')[:70]}-{number}"
    organisation = Organisation.objects.create(name=name, slug=slug, plan=plan, language=language)
    for domain in domains or []:
        add_domain(organisation, domain, by=by)
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
            _("%(domain)s belongs to a mail provider, not to one organisation.") % {"domain": domain}
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


def check_may_be_admin(email: str | None) -> None:
    """An address at a consumer mail provider cannot hold organisation-admin rights (S-02)."""
    domain = (email or "").rpartition("@")[2]
    if not domain or is_consumer_domain(domain):
        raise Refused(
            _("An organisation's admin needs an address at the organisation's own domain.")
        )


@transaction.atomic
def set_member_role(membership: Membership, role: str, *, by: Any) -> Membership:
    membership = Membership.objects.select_for_update().select_related("organisation", "user").get(
        pk=membership.pk
    )
    if not may_manage(membership.organisation, by):
        raise Refused(_("Only the organisation's admins change roles."))
    if role == Roles.ADMIN:
        check_may_be_admin(membership.user.email)
    elif membership.role == Roles.ADMIN:
        _keep_one_admin(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    forget(membership.user)
    log(membership.organisation, "accounts.member.role", user=by,
        data={"person": membership.user_id, "role": role})  # fmt: skip
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Any) -> None:
    """Ends the membership; its rights end with it, at once."""
    membership = Membership.objects.select_for_update().select_related("organisation", "user").get(
        pk=membership.pk
    )
    own = membership.user_id == by.pk
    if not own and not may_manage(membership.organisation, by):
        raise Refused(_("Only the organisation's admins remove members."))
    if membership.role == Roles.ADMIN:
        _keep_one_admin(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    forget(membership.user)
    log(membership.organisation, "accounts.member.remove", user=by, data={"person": membership.user_id})


def _keep_one_admin(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation=membership.organisation, role=Roles.ADMIN, is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused(_("Name another admin first: an organisation needs at least one."))


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
