"""Who speaks: one look-up for everybody on a page, so that no row asks for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.access import Role
from accounts.models import Membership, User


@dataclass(frozen=True)
class Speaker:
    """What stands beside a name: "Admin at Acme", or that the person is staff."""

    organisation: str = ""
    is_staff: bool = False


def speakers(ids: Iterable[int]) -> dict[int, Speaker]:
    """Two queries, however many people there are."""
    wanted = set(ids)
    if not wanted:
        return {}
    organisations: dict[int, str] = dict(
        Membership.objects.filter(user__in=wanted, is_active=True, organisation__is_active=True)
        .order_by("-organisation_id")
        .values_list("user_id", "organisation__name")
    )
    groups: Any = User.groups.through.objects
    staff = set(
        groups.filter(user__in=wanted, group__name__in=list(Role)).values_list("user_id", flat=True)
    )
    return {pk: Speaker(organisations.get(pk, ""), pk in staff) for pk in wanted}
