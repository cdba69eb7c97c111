"""Who stands on which side of a case, and who may open one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.access import Role, case_organisations, has_role, memberships_of
from accounts.models import Membership, Organisation, User
from support.models import Case, Message


def works_on(case: Case, user: Any) -> bool:
    """An agent, or the specialist it is assigned to."""
    if has_role(user, Role.AGENT):
        return True
    return bool(case.specialist_id == user.pk and has_role(user, Role.SPECIALIST))


def is_customer_of(case: Case, user: Any) -> bool:
    """The requester, while of the organisation, and the organisation's admins."""
    for membership in memberships_of(user):
        if membership.organisation_id == case.organisation_id:
            return bool(user.pk == case.requester_id or membership.role == "admin")
    return False


def may_open_for(user: Any, organisation: Organisation) -> bool:
    return organisation.pk in {found.pk for found in case_organisations(user)}


def with_role(role: Role) -> QuerySet[User]:
    """Active people of a staff role, administrators apart."""
    return User.objects.filter(groups__name=role.value, is_active=True).order_by("display_name")


def customers_of(case: Case) -> list[User]:
    """The requester, and the colleagues who have written on the case, while they may see it."""
    wrote = Message.objects.filter(case=case, kind=Message.Kind.CUSTOMER).values("author")
    see = Membership.objects.filter(
        Q(role="admin") | Q(user=case.requester_id),
        organisation=case.organisation_id,
        organisation__is_active=True,
        is_active=True,
    )
    people = User.objects.filter(Q(pk=case.requester_id) | Q(pk__in=wrote), is_active=True)
    return list(people.filter(pk__in=see.values("user")))


def desk_of(case: Case) -> list[User]:
    """Who hears of news on a case: its people on the desk, else every agent."""
    own = [pk for pk in (case.assignee_id, case.specialist_id) if pk]
    if case.assignee_id is None:
        agents = list(with_role(Role.AGENT))
        return [*agents, *User.objects.filter(pk__in=own).exclude(pk__in=[a.pk for a in agents])]
    return list(User.objects.filter(pk__in=own, is_active=True))


@dataclass(frozen=True)
class Standing:
    """Whether a person may open cases, and who can where they may not (S-01)."""

    may_open: bool
    # visitor, alone (no organisation), no_plan, member or staff
    why: str
    organisation: Organisation | None = None
    admins: int = 0
    delegates: int = 0


def standing(user: Any) -> Standing:
    if not user.is_authenticated:
        return Standing(may_open=False, why="visitor")
    if case_organisations(user):
        return Standing(may_open=True, why="")
    memberships = memberships_of(user)
    if not memberships:
        is_agent = has_role(user, Role.AGENT)
        return Standing(may_open=False, why="staff" if is_agent else "alone")
    # The organisation that comes nearest to being able to ask.
    first = min(memberships, key=lambda m: (not _has_support(m), m.organisation.name))
    if not _has_support(first):
        return Standing(may_open=False, why="no_plan", organisation=first.organisation)
    counts = Membership.objects.filter(
        organisation=first.organisation, is_active=True, user__is_active=True
    ).aggregate(
        admins=Count("pk", filter=Q(role="admin")), delegates=Count("pk", filter=Q(role="delegate"))
    )
    return Standing(may_open=False, why="member", organisation=first.organisation, **counts)


def _has_support(membership: Membership) -> bool:
    plan = membership.organisation.plan
    return bool(plan and plan.has_support)


def readers_of(case: Case) -> list[tuple[User, str]]:
    """The customer's people who see the case: the requester first, then the admins."""
    rows = Membership.objects.filter(
        Q(role="admin") | Q(user=case.requester_id),
        organisation=case.organisation_id,
        is_active=True,
        user__is_active=True,
    ).select_related("user")
    ordered = sorted(rows, key=lambda m: (m.user_id != case.requester_id, m.user.display_name))
    return [(m.user, str(m.get_role_display())) for m in ordered]
