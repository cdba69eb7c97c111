"""The customer's side: the list of cases, one case, replying, closing, objecting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requester
from common.errors import Refused
from common.htmx import render_page
from common.limits import check_limit
from ideas.models import Idea
from links.models import Move
from posting.idempotency import once
from support import lists, resolutions, timeline, times
from support.actions import closing, handling, replies
from support.forms.cases import AnswerForm, ObjectForm, WithdrawForm
from support.models import Case, State
from support.people import readers_of, standing
from support.views.desk import newest_move, stations_of

_RELATED = ("organisation__plan", "product", "requester", "assignee", "follow_up_of")


@requester
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    context = {"list": lists.read(request), "may_open": standing(request.user).may_open}
    return render_page(request, "support/cases.html", context)


def get_case(request: HttpRequest, number: int) -> Case:
    """As a customer sees it; missing and forbidden are the same."""
    rows = Case.objects.of_customer(request.user).select_related(*_RELATED)
    found: Case = get_object_or_404(rows, number=number)
    return found


@requester
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponseBase:
    try:
        return show(request, get_case(request, number))
    except Http404:
        # Notices and search lead everybody here; the desk has a page of its own.
        found = get_object_or_404(Case.objects.on_desk_of(request.user), number=number)
        return redirect(found.desk_url)


def show(
    request: HttpRequest,
    found: Case,
    *,
    form: AnswerForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    object_form: ObjectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer: Any = request.user
    entries = timeline.entries_of(found, viewer)
    newest = newest_move(found)
    move = newest if newest is not None and newest.state == Move.State.PROPOSED else None
    is_open = not found.is_closed
    context = {
        "case": found,
        "crumbs": [(_("Cases"), reverse("support:cases")), (found.label, None)],
        "entries": entries,
        "stations": stations_of(found, viewer),
        "promise": times.promise(found),
        "zone": times.zone_name(),
        "question": timeline.last_question(entries) if found.state == State.WAITS else None,
        "move": move,
        "offered": _offered(move, viewer),
        "is_asked": move is not None and move.confirmer_id == viewer.pk,
        "moved": _undoable(found, newest, viewer),
        "details": resolutions.details(found.resolution, found.resolution_data),
        "files": timeline.files_of(entries),
        "readers": readers_of(found),
        "facts": _facts(found),
        "follow_up": _follow_up(found, viewer),
        "may_object": is_open
        and found.priority != found.chosen_priority
        and found.objected_at is None,
        "will_reopen": found.is_closed and bool(times.promise(found)),
        "form": form or AnswerForm(initial=found.ending),
        "withdraw_form": withdraw_form or WithdrawForm(auto_id="withdraw_%s"),
        "object_form": object_form or ObjectForm(auto_id="object_%s"),
    }
    return render_page(request, "support/case.html", context, status=status)


def _offered(move: Any, viewer: Any) -> Idea | None:
    """The idea that a waiting move would join, if it still is there."""
    if move is None or not move.existing_id:
        return None
    rows = Idea.objects.visible_to(viewer).select_related("stage", "product")
    return rows.filter(pk=move.existing_id).first()


def _undoable(found: Case, move: Move | None, viewer: Any) -> Move | None:
    if move is None or found.resolution != "r2" or move.confirmer_id != viewer.pk:
        return None
    return move if move.can_be_undone() else None


def _follow_up(found: Case, viewer: Any) -> Case | None:
    if not found.is_closed:
        return None
    rows = Case.objects.of_customer(viewer).filter(follow_up_of=found)
    newest: Case | None = rows.order_by("-pk").first()
    return newest


def _facts(found: Case) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (_("Organisation"), found.organisation.name),
        (_("Opened by"), found.requester.display_name),
        (_("Opened"), times.exact(found.opened_at)),
        (_("By way of"), found.get_channel_display()),  # type: ignore[attr-defined]
    ]
    if found.product:
        rows.append((_("Product"), found.product.name))
    if found.first_replied_at:
        rows.append((_("First reply"), times.exact(found.first_replied_at)))
    if found.workaround:
        rows.append((_("Way round"), found.workaround))
    return rows


@requester
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponseBase:
    found, viewer = get_case(request, number), request.user
    form = AnswerForm(request.POST, request.FILES)
    valid = form.is_valid()
    form.store(by=viewer)  # type: ignore[arg-type]
    if not valid or form.errors:
        return show(request, found, form=form, status=422)
    try:
        with once(request, form.cleaned_data["key"], f"support.answer:{found.pk}") as attempt:
            if not attempt.is_repeat:
                check_limit(request, "post")
                on = replies.answer(
                    found,
                    form.cleaned_data["body"],
                    by=viewer,  # type: ignore[arg-type]
                    uploads=form.uploads,
                    seen=form.cleaned_data["seen"],
                )
                attempt.done(on.get_absolute_url())
    except Refused as refusal:
        status = form.refuse(refusal)
        return show(request, get_case(request, number), form=form, status=status)
    if not attempt.is_repeat and attempt.url != found.get_absolute_url():
        messages.info(request, _("That was long ago, so your reply opened a case that follows on."))
    return redirect(attempt.url or found.get_absolute_url())


@requester
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    """ "It works now"."""
    found = get_case(request, number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        closing.withdraw(found, text=form.cleaned_data["text"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Closed. Good to hear that it works."))
        return redirect(found.get_absolute_url())
    context = {"case": found, "form": form, "crumbs": _crumbs(found, _("Close"))}
    status = 422 if form.errors else 200
    return render_page(request, "support/withdraw.html", context, status=status)


@requester
@require_http_methods(["GET", "HEAD", "POST"])
def object_to_priority(request: HttpRequest, number: int) -> HttpResponseBase:
    """The customer disagrees with a changed priority (S-23)."""
    found = get_case(request, number)
    form = ObjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        handling.object_to_priority(
            found,
            reason=form.cleaned_data["reason"],
            by=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("Noted. The whole team sees that you disagree."))
        return redirect(found.get_absolute_url())
    context = {"case": found, "form": form, "crumbs": _crumbs(found, _("Priority"))}
    status = 422 if form.errors else 200
    return render_page(request, "support/object.html", context, status=status)


def _crumbs(found: Case, last: str) -> list[tuple[str, str | None]]:
    return [
        (_("Cases"), reverse("support:cases")),
        (found.label, found.get_absolute_url()),
        (last, None),
    ]
