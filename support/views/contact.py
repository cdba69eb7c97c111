"""How to get help: the free ways first, then who may open a case, and what is promised."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.models import Membership
from common.htmx import render_page
from forum.models import Question
from ideas.models import Idea
from support import policy as promised
from support import resolutions, sources, times
from support.models import Case, State
from support.people import Standing, standing
from support.priorities import LEVELS

_SHOWN = 3


@public
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return contact_page(request)


def contact_page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """Also the 403 page of whoever may not open a case."""
    viewer: Any = request.user
    stands = standing(viewer)
    token, query = request.GET.get("from", ""), request.GET.get("q", "")[:120]
    signed_in = viewer.is_authenticated
    context = {
        "standing": stands,
        "who": who_can(stands),
        "refused": status != 200,
        "solved": Question.objects.public()
        .filter(solved_at__isnull=False)
        .select_related("product", "author")
        .order_by("-solved_at", "-pk")[:_SHOWN],
        "wanted": Idea.objects.public()
        .live()
        .select_related("stage", "product")
        .order_by("-vote_count", "-pk")[:_SHOWN],
        "read_before": sources.read_before(token, query, viewer),
        "q": query,
        "new_url": _new_url(request),
        "waiting": _waiting(viewer) if signed_in else 0,
        "hours": hours(request),
        "is_open": promised.is_open_now(timezone.now()),
        "due": times.exact(promised.first_reply_due(timezone.now())) if stands.may_open else "",
        "zone": times.zone_name(),
    }
    return render_page(request, "support/contact.html", context, status=status)


def _new_url(request: HttpRequest) -> str:
    """What was read and searched for goes along to the form (S-44)."""
    query = request.GET.copy()
    for name in [name for name in query if name not in {"from", "q"}]:
        del query[name]
    url = reverse("support:new")
    return f"{url}?{query.urlencode()}" if query else url


def _waiting(viewer: Any) -> int:
    rows = Case.objects.of_customer(viewer).filter(requester=viewer, state=State.WAITS)
    return int(rows.count())


def hours(request: HttpRequest) -> dict[str, str]:
    """Working hours in our zone, and in the reader's when it differs today."""
    ours = ZoneInfo(promised.ZONE)
    today = timezone.now().astimezone(ours).date()
    opens, closes = promised.hours_in(None, today)
    viewer: Any = request.user
    found = {
        "ours": f"{opens:%H:%M}–{closes:%H:%M}",
        "zone": times.zone_words(promised.ZONE),
        "theirs": "",
    }
    if viewer.is_authenticated:
        theirs = promised.hours_in(ZoneInfo(timezone.get_current_timezone_name()), today)
        if theirs[0].utcoffset() != opens.utcoffset():
            found["theirs"] = f"{theirs[0]:%H:%M}–{theirs[1]:%H:%M}"
    return found


def who_can(stands: Standing) -> list[tuple[str, str]]:
    """Who opens cases for the person's organisation, by role and never by name (S-01)."""
    if stands.organisation is None:
        return []
    roles = Membership.OrganisationRole
    return [
        (str(role.label), str(count))
        for role, count in ((roles.ADMIN, stands.admins), (roles.DELEGATE, stands.delegates))
        if count
    ]


@public
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The promise as a page that can be printed (S-15, S-22)."""
    today = timezone.now().date()
    context = {
        "levels": list(LEVELS.values()),
        "rules": list(resolutions.RULES.values()),
        "hours": hours(request),
        "holidays": promised.holidays_ahead(today),
        "version": promised.VERSION,
        "site": settings.SITE_NAME,
        "crumbs": [(_("Cases"), reverse("support:contact")), (_("Support policy"), None)],
    }
    return render_page(request, "support/policy.html", context)
