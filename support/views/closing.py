"""Closing a case, and tying it to what it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agent
from common.errors import Refused
from common.htmx import render_page
from support.actions import closing, linking, moving
from support.forms.desk import CloseForm
from support.models import Case, Resolution
from support.views import desk
from support.views.handling import back


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponseBase:
    """Exactly one of six. "Not a supported feature" goes on to the ideas (S-31)."""
    found = desk.get_case(request, number)
    if request.method != "POST":
        if found.is_closed:
            return redirect(found.desk_url)
        wanted = request.GET.get("resolution", "")
        initial = {"text": found.offer_text, "resolution": wanted}
        return _page(request, found, CloseForm(initial=initial))
    form = CloseForm(request.POST)
    if found.is_closed:
        return _too_late(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        return _close(request, found, form)
    except Refused as refusal:
        form.add_error(refusal.code if refusal.code in form.fields else None, str(refusal.message))
        return _page(request, found, form, status=422)


def _too_late(request: HttpRequest, found: Case, form: CloseForm) -> HttpResponse:
    """Somebody else was faster: that comes before what is missing."""
    form.errors.clear()
    message = _(
        "This case has been closed meanwhile (%(resolution)s), so nothing is sent. What you wrote is"
        " still here."
    )
    form.add_error(None, message % {"resolution": found.get_resolution_display()})
    return _page(request, found, form, status=409)


def _close(request: HttpRequest, found: Case, form: CloseForm) -> HttpResponseBase:
    by: Any = request.user
    data = form.cleaned_data
    if data["resolution"] == Resolution.NOT_A_FEATURE and "without" not in request.POST:
        moving.keep_text(found, data["text"], by=by)
        return redirect(reverse("support:offer", args=[found.number]))
    closing.close(
        found, resolution=data["resolution"], text=data["text"], extra=form.extra(), by=by
    )
    messages.success(request, _("Closed. The customer has been told."))
    return back(request, found)


def _page(request: HttpRequest, found: Case, form: CloseForm, *, status: int = 200) -> HttpResponse:
    context = desk.frame(request, found) | {"step": "close", "form": form}
    return render_page(request, "support/desk_step.html", context, status=status)


@agent
@require_POST
def link(request: HttpRequest, number: int) -> HttpResponseBase:
    """Ties an article, question or idea to the case: it then stands on its line."""
    found = desk.get_case(request, number)
    linking.link(
        found,
        request.POST.get("kind", ""),
        request.POST.get("object_id", ""),
        by=request.user,
    )
    return back(request, found)
