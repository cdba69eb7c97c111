"""Who speaks: one look-up for everybody on a page, so that no row asks for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.access import Role
from accounts.models import User

_ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True)
class Speaker:
    """What stands beside a name: "Admin at Acme", or that the person is staff."""

    organisation: str = ""
    is_staff: bool = False


def speakers(ids: Iterable[int]) -> dict[int, Speaker]:
    """One query, however many people there are."""
    wanted = set(ids)
    rows = User.objects.filter(pk__in=wanted).values_list(
        "pk",
        "memberships__organisation__name",
        "memberships__is_active",
        "memberships__organisation__is_active",
        "groups__name",
    )
    organisations: dict[int, str] = {}
    staff: set[int] = set()
    for pk, name, is_member, is_customer, group in rows:
        if name and is_member and is_customer:
            organisations[pk] = min(name, organisations.get(pk, name))
        if group in _ROLES:
            staff.add(pk)
    return {pk: Speaker(organisations.get(pk, ""), pk in staff) for pk in wanted}
