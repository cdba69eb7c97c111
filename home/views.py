"""The home page, the pages about the site, and the demo's front door."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public
from accounts.models import User
from common.languages import local
from home import overview
from home.design_samples import samples


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    viewer: Any = request.user
    articles = overview.help_overview(viewer)
    context = {
        "stations": overview.stations(),
        "solved": overview.solved_lately(),
        "often": overview.often_asked(),
        "wanted": overview.most_wanted(viewer),
        "by_product": articles.by_product,
        "latest": articles.latest,
        "waiting": overview.needs_you(viewer) if viewer.is_authenticated else [],
    }
    return render(request, "home/index.html", context)


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html", {})


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", {})


@require_safe
@public
def api(request: HttpRequest) -> HttpResponse:
    return render(request, "home/api.html", {})


@require_safe
@public
def design(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for people who build the site."""
    _only_in_demo()
    return render(request, "design/index.html", samples())


@require_safe
@never_cache
@public
def demo(request: HttpRequest) -> HttpResponse:
    """One person per role, entered with one click."""
    _only_in_demo()
    people = User.objects.filter(is_demo=True, is_active=True).exclude(demo_label={}).order_by("pk")
    rows = [
        {"person": person, "label": local(person.demo_label), "organisation": _organisation(person)}
        for person in people.prefetch_related("memberships__organisation")
    ]
    return render(request, "home/demo.html", {"rows": rows, "next": request.GET.get("next", "")})


def _organisation(person: User) -> str:
    return ", ".join(membership.organisation.name for membership in person.memberships.all())


@require_POST
@public
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as a sample person; the session is marked and counts as having a second factor."""
    _only_in_demo()
    person = get_object_or_404(
        User, pk=_number(request.POST.get("person", "")), is_demo=True, is_active=True
    )
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session["demo"] = True
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    if not is_ours or not target.startswith("/"):
        target = ""
    return redirect(target or "home:index")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _only_in_demo() -> None:
    if not settings.IS_DEMO:
        raise Http404
