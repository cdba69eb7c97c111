"""The customer's list of cases: own or the organisation's, what needs them first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.access import admin_organisations
from common.pagination import Page, keyset
from support.models import Case, State

PAGE_SIZE = 20
_NEEDS_SHOWN = 30
_RELATED = ("organisation", "product", "requester")


@dataclass(frozen=True)
class CaseList:
    tabs: list[dict[str, Any]]
    states: list[dict[str, Any]]
    waiting: list[Case]
    page: Page
    is_organisation: bool
    is_filtered: bool


def read(request: HttpRequest) -> CaseList:
    viewer: Any = request.user
    leads = bool(admin_organisations(viewer))
    of_organisation = leads and request.GET.get("of") == "organisation"
    state = request.GET.get("state", "")
    state = state if state in {"open", "closed"} else ""
    rows = Case.objects.of_customer(viewer).select_related(*_RELATED)
    if not of_organisation:
        rows = rows.filter(requester=viewer)
    page = keyset(_in_state(rows, state), request, size=PAGE_SIZE)
    first = page.is_first and state != "closed"
    waiting = list(_waiting(rows)[:_NEEDS_SHOWN]) if first else []
    return CaseList(
        tabs=_tabs(viewer, state, of_organisation=of_organisation) if leads else [],
        states=_states(state, of_organisation=of_organisation),
        waiting=waiting,
        page=page,
        is_organisation=of_organisation,
        is_filtered=bool(state),
    )


def _waiting(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.filter(state=State.WAITS).order_by("-last_activity_at", "-pk")


def _in_state(rows: Any, state: str) -> Any:
    """What waits for the customer stands above, and not twice."""
    if state == "closed":
        return rows.filter(state=State.CLOSED)
    rows = rows.exclude(state=State.WAITS)
    return rows.exclude(state=State.CLOSED) if state == "open" else rows


def _url(state: str, *, of_organisation: bool) -> str:
    parts = (["of=organisation"] if of_organisation else []) + ([f"state={state}"] if state else [])
    return "?" + "&".join(parts)


def _tabs(viewer: Any, state: str, *, of_organisation: bool) -> list[dict[str, Any]]:
    names = ", ".join(organisation.name for organisation in admin_organisations(viewer)[:2])
    return [
        {
            "label": _("Mine"),
            "url": _url(state, of_organisation=False),
            "is_current": not of_organisation,
            "count": None,
        },
        {
            "label": _("All of %(organisation)s") % {"organisation": names},
            "url": _url(state, of_organisation=True),
            "is_current": of_organisation,
            "count": None,
        },
    ]


def _states(state: str, *, of_organisation: bool) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _url(code, of_organisation=of_organisation), "is_on": state == code}
        for code, label in (("", _("All")), ("open", _("Open")), ("closed", _("Closed")))
    ]
