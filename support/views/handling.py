"""What agents and specialists send from the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agent
from accounts.access import desk as desk_door
from common.errors import Refused
from common.htmx import render_page
from posting.idempotency import once
from support.actions import handling, replies, unsending
from support.forms.desk import AssignForm, ComposeForm, EscalateForm, PriorityForm
from support.models import Case, Message
from support.queue import VIEWS
from support.views import desk


def back(request: HttpRequest, found: Case) -> HttpResponseBase:
    """To the case, in the view of the queue that was open."""
    view = request.POST.get("view", "")
    return redirect(f"{found.desk_url}?view={view}" if view in VIEWS else found.desk_url)


@desk_door
@require_POST
def message(request: HttpRequest, number: int) -> HttpResponseBase:
    """A reply or a note; the form says which, and nothing is assumed (SU-05)."""
    found, by = desk.get_case(request, number), request.user
    form = ComposeForm(request.POST, request.FILES)
    valid = form.is_valid()
    form.store(by=by)  # type: ignore[arg-type]
    if not valid or form.errors:
        return desk.show(request, found, form=form, status=422)
    try:
        with once(request, form.cleaned_data["key"], f"support.message:{found.pk}") as attempt:
            if not attempt.is_repeat:
                _write(found, form, by)
                attempt.done(found.desk_url)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return desk.show(request, desk.get_case(request, number), form=form, status=422)
    return back(request, found)


def _write(found: Case, form: ComposeForm, by: Any) -> None:
    data = form.cleaned_data
    if data["kind"] == "note":
        replies.note(found, data["body"], by=by, uploads=form.uploads)
        return
    effect = data["effect"] or replies.KEEP
    replies.reply(found, data["body"], by=by, effect=effect, uploads=form.uploads)


@desk_door
@require_POST
def unsend(request: HttpRequest, number: int, pk: int) -> HttpResponseBase:
    found: Any = desk.get_case(request, number)
    rows = Message.objects.visible_to(request.user).filter(case=found)
    unsending.unsend(get_object_or_404(rows, pk=pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Taken back. It is an internal note now; no mail goes out."))
    return back(request, found)


@agent
@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise Refused(_("This person is no longer here."))
    handling.assign(found, form.cleaned_data["to"], by=request.user)  # type: ignore[arg-type]
    return back(request, found)


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def priority(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    if request.method != "POST":
        if found.is_closed:
            return redirect(found.desk_url)
        return _side_page(
            request, found, "priority", PriorityForm(initial={"priority": found.priority})
        )
    form = PriorityForm(request.POST)
    if not form.is_valid():
        return _side_page(request, found, "priority", form, status=422)
    data = form.cleaned_data
    try:
        handling.set_priority(found, data["priority"], reason=data["reason"], by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _side_page(request, found, "priority", form, status=422)
    messages.success(request, _("Changed. The customer has been told why."))
    return back(request, found)


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def escalate(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    if request.method != "POST":
        if found.is_closed:
            return redirect(found.desk_url)
        return _side_page(request, found, "escalate", EscalateForm())
    form = EscalateForm(request.POST)
    if not form.is_valid():
        return _side_page(request, found, "escalate", form, status=422)
    data = form.cleaned_data
    try:
        handling.escalate(found, data["to"], text=data["text"], by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _side_page(request, found, "escalate", form, status=422)
    messages.success(request, _("The specialist has it. You stay in touch with the customer."))
    return back(request, found)


def _side_page(
    request: HttpRequest, found: Case, step: str, form: Any, *, status: int = 200
) -> HttpResponse:
    """The form in the middle pane, queue and facts beside it."""
    context = desk.frame(request, found) | {"step": step, "form": form}
    return render_page(request, "support/desk_step.html", context, status=status)


@desk_door
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    handling.take_back(found, by=request.user)  # type: ignore[arg-type]
    if not Case.objects.on_desk_of(request.user).filter(pk=found.pk).exists():
        messages.success(request, _("The case is back with its owner."))
        return redirect("support:desk")
    return back(request, found)


@agent
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    handling.reopen(found, by=request.user)  # type: ignore[arg-type]
    return back(request, found)
