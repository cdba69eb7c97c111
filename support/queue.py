"""The desk's queue: which cases, grouped by priority, in order of submission (S-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from common.pagination import keyset
from support import times
from support.models import Case, State
from support.priorities import level

PAGE_SIZE = 40
VIEWS = {
    "mine": _("My queue"),
    "unassigned": _("Unassigned"),
    "open": _("All open"),
    "waiting": _("Waiting for customers"),
    "specialists": _("With specialists"),
    "closed": _("Closed"),
}
ORDER = ("priority", "opened_at", "pk")


@dataclass(frozen=True)
class Group:
    label: str
    count: int
    rows: list[Any]


@dataclass(frozen=True)
class Queue:
    view: str
    label: str
    views: list[dict[str, Any]]
    groups: list[Group]
    next_url: str
    previous_url: str
    total: int


def select(view: str, viewer: Any) -> Any:
    """The cases of a view, as far as they are on the person's desk."""
    rows = Case.objects.on_desk_of(viewer)
    if not has_role(viewer, Role.AGENT):
        return rows.filter(state=State.CLOSED) if view == "closed" else rows.open()
    if view == "closed":
        return rows.filter(state=State.CLOSED)
    rows = rows.open()
    if view == "mine":
        return rows.filter(assignee=viewer)
    if view == "unassigned":
        return rows.filter(assignee=None)
    if view == "waiting":
        return rows.filter(state=State.WAITS)
    if view == "specialists":
        return rows.filter(specialist__isnull=False)
    return rows


def read(request: HttpRequest, *, chosen: Case | None = None) -> Queue:
    viewer: Any = request.user
    is_agent = has_role(viewer, Role.AGENT)
    names = list(VIEWS) if is_agent else ["open"]
    view = request.GET.get("view", "")
    if view not in names:
        view = _default(viewer, chosen) if is_agent else "open"
    found = select(view, viewer)
    order = ("-last_activity_at", "-pk") if view == "closed" else ORDER
    page = keyset(
        found.select_related("organisation", "assignee"), request, order=order, size=PAGE_SIZE
    )
    counts = dict(found.order_by().values_list("priority").annotate(Count("pk")))
    return Queue(
        view=view,
        label=str(VIEWS[view]) if is_agent else str(_("Assigned to me")),
        views=[{"code": name, "label": VIEWS[name], "is_current": name == view} for name in names],
        groups=_groups(page.items, counts, view, chosen),
        next_url=page.next_url,
        previous_url=page.previous_url,
        total=sum(counts.values()),
    )


def _default(viewer: Any, chosen: Case | None) -> str:
    """Where somebody lands: their own queue; a case of somebody else's in its own view."""
    if chosen is None or chosen.assignee_id == viewer.pk:
        return "mine"
    return "closed" if chosen.is_closed else "open"


def _groups(
    cases: list[Case], counts: dict[int, int], view: str, chosen: Case | None
) -> list[Group]:
    for case in cases:
        case.due = times.due_of(case)  # type: ignore[attr-defined]
        case.is_chosen = chosen is not None and case.pk == chosen.pk  # type: ignore[attr-defined]
    if view == "closed":
        label = str(_("Last closed first"))
        return [Group(label, sum(counts.values()), cases)] if cases else []
    priorities = list(dict.fromkeys(case.priority for case in cases))
    return [
        Group(
            str(level(priority).name),
            counts.get(priority, 0),
            [case for case in cases if case.priority == priority],
        )
        for priority in priorities
    ]
