"""Buttons on posts, and the one screen where moderators see everything."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Role, has_role, member, moderator
from common.htmx import render_page
from common.limits import limit
from common.pagination import keyset
from moderation import actions
from moderation.integrity import kinds
from moderation.models import Flag, HiddenItem, Moderated

PAGE = 20


def _model(kind: str) -> Any:
    for model in kinds():
        if model._meta.label_lower == kind.lower():
            return model
    raise Http404


def _thing(kind: str, pk: int) -> Moderated:
    """For moderators, who decide about any post: hidden ones too, which `visible_to` leaves out."""
    found: Moderated = get_object_or_404(_model(kind)._base_manager, pk=pk)
    return found


def _visible_thing(kind: str, pk: int, user: Any) -> Moderated:
    """What the person may not see does not exist."""
    found: Moderated = get_object_or_404(_model(kind)._default_manager.visible_to(user), pk=pk)
    return found


def _back(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    wanted = request.POST.get("next", "")
    if not wanted.startswith("/") or not url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        wanted = reverse("moderation:index" if has_role(user, Role.MODERATOR) else "home:index")
    return redirect(wanted)


@require_POST
@moderator
def hide(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user: Any = request.user
    actions.hide(_thing(kind, pk), by=user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Hidden. It can be shown again at any time."))
    return _back(request)


@require_POST
@moderator
def restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user: Any = request.user
    actions.restore(_thing(kind, pk), by=user)
    messages.success(request, _("Shown again."))
    return _back(request)


@require_http_methods(["GET", "POST"])
@member
@limit("flag")
def flag(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form of a report for pages without script, and what it sends."""
    user: Any = request.user
    thing = _visible_thing(kind, pk, user)
    if request.method == "GET":
        context = {
            "thing": thing,
            "reasons": Flag.Reason.choices,
            "next": request.GET.get("next", ""),
        }
        return render(request, "moderation/flag.html", context)
    sent = request.POST
    actions.flag(thing, by=user, reason=sent.get("reason", ""), note=sent.get("note", ""))
    messages.success(request, _("Thank you. A moderator will look at it."))
    return _back(request)


@require_POST
@moderator
def reject(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user: Any = request.user
    actions.reject_flags(_thing(kind, pk), by=user)
    messages.success(request, _("The reports are closed; it stays."))
    return _back(request)


@require_GET
@moderator
def show(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Leads to where the thing stands; its address may cost queries, so lists link here."""
    found: Any = _thing(kind, pk)
    return redirect(found.get_absolute_url())


@require_GET
@moderator
def index(request: HttpRequest) -> HttpResponse:
    """Reports that wait, or what is hidden now."""
    hidden = request.GET.get("show") == "hidden"
    if hidden:
        rows: QuerySet[Any] = HiddenItem.objects.select_related("by")
        page = keyset(rows, request, order=("-hidden_at", "-pk"), size=PAGE)
    else:
        rows = Flag.objects.pending().select_related("by")
        page = keyset(rows, request, order=("created_at", "pk"), size=PAGE)
    context = {
        "page": page,
        "rows": _rows(page.items),
        "hidden": hidden,
        "tabs": _tabs(hidden=hidden),
    }
    return render_page(request, "moderation/index.html", context, fragment="list")


def _tabs(*, hidden: bool) -> list[dict[str, Any]]:
    url = reverse("moderation:index")
    return [
        {
            "label": _("Reported posts"),
            "url": url,
            "is_current": not hidden,
            "count": Flag.objects.pending()[:1000].count() or None,
        },
        {
            "label": _("Hidden"),
            "url": f"{url}?show=hidden",
            "is_current": hidden,
            "count": HiddenItem.objects.all()[:1000].count() or None,
        },
    ]


def _rows(items: list[Any]) -> list[dict[str, Any]]:
    """The things behind the rows: one query a kind, through the unfiltered manager."""
    wanted: dict[int, set[int]] = {}
    for item in items:
        wanted.setdefault(item.target_type_id, set()).add(item.target_id)
    found: dict[tuple[int, int], Any] = {}
    for type_id, pks in wanted.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            for thing in model._base_manager.filter(pk__in=pks):
                found[type_id, thing.pk] = thing
    things = [(item, found.get((item.target_type_id, item.target_id))) for item in items]
    return [_row(item, thing) for item, thing in things if thing is not None]


def _row(item: Any, thing: Any) -> dict[str, Any]:
    is_flag = isinstance(item, Flag)
    return {
        "thing": thing,
        "pk": item.pk,
        "key": thing._meta.label_lower,
        "label": capfirst(str(thing._meta.verbose_name)),
        "title": thing.moderation_title,
        "reason": item.get_reason_display() if is_flag else item.reason,
        "note": item.note if is_flag else "",
        "by": item.by,
        "when": item.created_at if is_flag else item.hidden_at,
    }
