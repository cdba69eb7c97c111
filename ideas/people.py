"""Who speaks under an idea: one look-up for the page, so that no comment asks for itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.access import Role
from accounts.models import User


def staff_among(ids: Iterable[int]) -> set[int]:
    wanted = set(ids)
    if not wanted:
        return set()
    groups: Any = User.groups.through.objects
    rows = groups.filter(user__in=wanted, group__name__in=list(Role))
    return set(rows.values_list("user_id", flat=True))
