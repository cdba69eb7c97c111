"""Plain functions that make cases for tests."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation, User
from support.actions.opening import Words, open_case
from support.models import Case, Priority


def make_case(
    organisation: Organisation, requester: User, *, by: User | None = None, **changes: Any
) -> Case:
    values: dict[str, Any] = {
        "subject": "Mail to partners arrives late",
        "body": "Since this morning every message arrives an hour late.",
        "organisation": organisation,
        "priority": Priority.P3,
    } | changes
    return open_case(Words(**values), requester=requester, by=by or requester)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
