"""The case desk: queue, case and facts side by side; on a phone one after the other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Role, has_role
from accounts.access import desk as desk_door
from common.htmx import render_page
from common.languages import local
from links.models import Move
from links.trail import trail_for
from support import priorities, queue, resolutions, sources, timeline, times
from support.actions import publishing
from support.forms.desk import CloseForm, ComposeForm, EscalateForm, PriorityForm
from support.models import Case, State
from support.people import with_role

_RELATED = (
    "organisation__plan",
    "product",
    "requester",
    "assignee",
    "specialist",
    "follow_up_of",
)


@desk_door
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    context = {
        "queue": queue.read(request),
        "case": None,
        "is_agent": has_role(request.user, Role.AGENT),
    }
    return render_page(request, "support/desk.html", context)


@desk_door
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, get_case(request, number))


def get_case(request: HttpRequest, number: int) -> Case:
    rows = Case.objects.on_desk_of(request.user).select_related(*_RELATED)
    found: Case = get_object_or_404(rows, number=number)
    return found


def newest_move(found: Case) -> Move | None:
    """The one that waits, if any does: a case has one question open at a time."""
    return Move.objects.of(found).select_related("confirmer").order_by("-pk").first()


def frame(request: HttpRequest, found: Case) -> dict[str, Any]:
    """Queue, head and facts: what every page about one case on the desk shows."""
    viewer: Any = request.user
    move = newest_move(found)
    return {
        "case": found,
        "queue": queue.read(request, chosen=found),
        "is_agent": has_role(viewer, Role.AGENT),
        "stations": _stations(found, viewer),
        "move": move if move is not None and move.state == Move.State.PROPOSED else None,
        "moved": move if move is not None and move.can_be_undone() else None,
        "due": times.due_of(found),
        "due_exact": times.exact(found.due_at) if found.due_at else "",
        "zone": times.zone_name(),
        "used": times.share_used(found),
        "who": [*_who(found), (_("Other cases"), _others(found))],
        "related": sources.related(found, viewer),
        "example": priorities.level(found.priority),
    }


def show(
    request: HttpRequest, found: Case, *, form: ComposeForm | None = None, status: int = 200
) -> HttpResponse:
    viewer: Any = request.user
    # Nothing is chosen beforehand: who reads it is said each time (SU-05).
    kind = "note" if request.GET.get("as") == "note" or found.is_closed else ""
    context = frame(request, found) | {
        "entries": timeline.entries_of(found, viewer),
        "details": resolutions.details(found.resolution, found.resolution_data),
        "form": form or ComposeForm(initial={"kind": kind}),
        "linked": request.GET.get("linked", ""),
        "may_publish": publishing.may_publish(found, viewer),
    }
    if context["is_agent"]:
        context |= {
            "agents": list(with_role(Role.AGENT)),
            "priority_form": PriorityForm(
                initial={"priority": found.priority}, auto_id="priority_%s"
            ),
            "escalate_form": EscalateForm(auto_id="escalate_%s"),
            "close_form": CloseForm(auto_id="close_%s", initial={"text": found.offer_text}),
        }
    return render_page(request, "support/desk.html", context, status=status)


def stations_of(found: Case, viewer: Any) -> list[Any]:
    """The line of the case; its own subject stands above already."""
    stations: list[Any] = list(trail_for(found, viewer))
    for station in stations:
        if station.get("state") == "here":
            station["title"] = _("This case")
    return stations


def _stations(found: Case, viewer: Any) -> list[Any]:
    """The line of the case; what was read before stands first on it."""
    stations = stations_of(found, viewer)
    read = [row for row in found.read_before if row.get("url")]
    before = [
        {
            "kind": row["kind"],
            "label": _("Read before"),
            "title": row["title"],
            "url": row["url"],
            "state": "past",
            # Cases opened before this was kept have none.
            "language": row.get("language", ""),
        }
        for row in read[:2]
    ]
    if before and not stations:
        here = {"kind": "case", "label": "", "title": _("This case"), "url": "", "state": "here"}
        return [*before, here]
    return [*before, *stations]


def _who(found: Case) -> list[tuple[str, Any]]:
    plan = found.organisation.plan
    organisation = f"{found.organisation.name}, {plan.name}" if plan else found.organisation.name
    person = found.requester
    title = f"{person.display_name}, {person.title}" if person.title else person.display_name
    rows: list[tuple[str, Any]] = [
        (_("Asked by"), title),
        (_("Organisation"), organisation),
        (_("Writes in"), _language(found.language)),
        (_("By way of"), found.get_channel_display()),  # type: ignore[attr-defined]
        (_("Opened"), times.exact(found.opened_at)),
    ]
    if found.product:
        rows.append((_("Product"), local(found.product.names)))
    if found.specialist:
        rows.append((_("Specialist"), found.specialist.display_name))
    if found.workaround:
        rows.append((_("Way round"), found.workaround))
    return rows


def _language(code: str) -> str:
    return dict(settings.LANGUAGES).get(code, code)


def _others(found: Case) -> str:
    rows = Case.objects.filter(organisation=found.organisation_id).exclude(pk=found.pk)
    counts = rows.aggregate(
        open=Count("pk", filter=~Q(state=State.CLOSED)),
        closed=Count("pk", filter=Q(state=State.CLOSED)),
    )
    return _("%(open)d open, %(closed)d closed") % counts
