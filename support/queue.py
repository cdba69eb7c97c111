"""The desk's queue: which cases, grouped by priority, in order of submission (S-16)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from accounts.models import Organisation, User
from common.pagination import keyset
from search.query import find
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
FOUND = "found"
QUERY_LENGTH = 120
_NUMBER = re.compile(r"(?:cs-?)?(\d{3,9})", re.IGNORECASE)


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
    # What was searched for on the desk; empty for a view.
    text: str = ""
    # How many are in the view that waits for somebody, where this one is empty.
    unassigned: int = 0

    @property
    def query(self) -> str:
        """Keeps the list in the addresses of its rows."""
        return urlencode({"q": self.text} if self.text else {"view": self.view})


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
    text = request.GET.get("q", "").strip()[:QUERY_LENGTH]
    waiting = _counts(viewer) if is_agent else {}
    if text:
        return _found(viewer, text, waiting, chosen)
    names = list(VIEWS) if is_agent else ["open"]
    view = request.GET.get("view", "")
    if view not in names:
        view = _default(viewer, chosen, waiting) if is_agent else "open"
    found = select(view, viewer)
    order = ("-last_activity_at", "-pk") if view == "closed" else ORDER
    page = keyset(
        found.select_related("organisation", "assignee"), request, order=order, size=PAGE_SIZE
    )
    counts = dict(found.order_by().values_list("priority").annotate(Count("pk")))
    return Queue(
        view=view,
        label=str(VIEWS[view]) if is_agent else str(_("Assigned to me")),
        views=_views(names, waiting, view),
        groups=_groups(page.items, counts, view, chosen),
        next_url=page.next_url,
        previous_url=page.previous_url,
        total=sum(counts.values()),
        unassigned=waiting.get("unassigned", 0),
    )


def _views(names: list[str], waiting: dict[str, int], current: str) -> list[dict[str, Any]]:
    return [
        {
            "code": name,
            "label": VIEWS[name],
            "is_current": name == current,
            "count": waiting.get(name),
        }
        for name in names
    ]


def _counts(viewer: Any) -> dict[str, int]:
    """How many are in each view of open cases: one query. Closed ones only ever grow."""
    counts: dict[str, int] = (
        Case.objects.on_desk_of(viewer)
        .open()
        .aggregate(
            mine=Count("pk", filter=Q(assignee=viewer)),
            unassigned=Count("pk", filter=Q(assignee=None)),
            open=Count("pk"),
            waiting=Count("pk", filter=Q(state=State.WAITS)),
            specialists=Count("pk", filter=Q(specialist__isnull=False)),
        )
    )
    return counts


def _found(viewer: Any, text: str, waiting: dict[str, int], chosen: Case | None) -> Queue:
    """Open and closed cases by number, words, and names of people and organisations."""
    rows = Case.objects.on_desk_of(viewer).select_related("organisation", "assignee")
    cases = _by_number(rows, text)
    if not cases:
        cases = list(dict.fromkeys([*_by_name(rows, text), *_by_words(rows, text, viewer)]))
        cases = cases[:PAGE_SIZE]
    names = list(VIEWS) if has_role(viewer, Role.AGENT) else ["open"]
    return Queue(
        view=FOUND,
        label=str(_("Found")),
        views=_views(names, waiting, FOUND),
        groups=_groups(cases, {}, FOUND, chosen),
        next_url="",
        previous_url="",
        total=len(cases),
        text=text,
        unassigned=waiting.get("unassigned", 0),
    )


def _by_number(rows: Any, text: str) -> list[Case]:
    number = _NUMBER.fullmatch(text)
    return list(rows.filter(number=int(number[1]))) if number else []


def _by_name(rows: Any, text: str) -> list[Case]:
    """Not from search: there a new name would have to be written into every case."""
    people = User.objects.filter(display_name__icontains=text).order_by().values("pk")
    theirs = Organisation.objects.filter(name__icontains=text).order_by().values("pk")
    found = rows.filter(Q(requester__in=people) | Q(organisation__in=theirs))
    return list(found.order_by("-last_activity_at", "-pk")[:PAGE_SIZE])


def _by_words(rows: Any, text: str, viewer: Any) -> list[Case]:
    hits = find(text, viewer=viewer, kinds=["case"], limit=PAGE_SIZE, spelling=False).hits
    found = {case.pk: case for case in rows.filter(pk__in=[int(hit.object_id) for hit in hits])}
    return [found[pk] for hit in hits if (pk := int(hit.object_id)) in found]


def _default(viewer: Any, chosen: Case | None, waiting: dict[str, int]) -> str:
    """Where somebody lands: their own queue; a case of somebody else's in its own view."""
    if chosen is None:
        # Who has none yet sees what waits for somebody to take it.
        return "mine" if waiting.get("mine") or not waiting.get("unassigned") else "unassigned"
    if chosen.assignee_id == viewer.pk:
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
    if view == FOUND:
        return [Group(str(_("Best match first")), len(cases), cases)] if cases else []
    priorities = list(dict.fromkeys(case.priority for case in cases))
    return [
        Group(
            str(level(priority).name),
            counts.get(priority, 0),
            [case for case in cases if case.priority == priority],
        )
        for priority in priorities
    ]
