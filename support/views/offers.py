"""The move to the ideas board: the agent's redaction screen, and the customer's answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agent, requester
from common.errors import Refused
from common.htmx import render_page
from common.languages import direction
from common.redaction import Redaction
from ideas.models import Idea
from links import moves
from posting.idempotency import once
from support import sources
from support.actions import closing, moving
from support.forms.desk import OfferForm
from support.models import Case, Resolution
from support.views import cases, desk
from support.views.handling import back


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, number: int) -> HttpResponseBase:
    """Pick an idea, or write a new one beside the customer's own words (N-2)."""
    found = desk.get_case(request, number)
    if request.method != "POST" and not _may_offer(found):
        return redirect(found.desk_url)
    if not found.offer_text:
        # First what the customer reads, then the idea.
        return redirect(f"{reverse('support:close', args=[found.number])}?resolution=r2")
    draft = moving.draft_of(found)
    ideas = _fitting(found, draft, request.user)
    choices = [(str(idea.pk), idea.title) for idea in ideas]
    if request.method != "POST":
        initial = {"title": draft.title.text, "body": draft.body.text}
        form = OfferForm(initial=initial, ideas=choices)
        return _page(request, found, form, draft, ideas)
    form = OfferForm(request.POST, ideas=choices)
    if "without" in request.POST:
        return _close_without(request, found)
    if not form.is_valid():
        return _page(request, found, form, draft, ideas, status=422)
    try:
        _offer(request, found, form)
    except Refused as refusal:
        form.add_error(refusal.code if refusal.code in form.fields else None, str(refusal.message))
        left = refusal.code == "left_over"
        return _page(request, found, form, draft, ideas, must_check=left, status=422)
    messages.success(
        request,
        _("%(name)s has been asked. Nothing is published before the yes.")
        % {"name": found.requester.display_name},
    )
    return back(request, found)


def _may_offer(found: Case) -> bool:
    return not found.is_closed and moves.waiting_move(found) is None


def _offer(request: HttpRequest, found: Case, form: OfferForm) -> None:
    payload = form.payload(product=found.product_id, language=found.language)
    with once(request, form.cleaned_data["key"], f"support.offer:{found.pk}") as attempt:
        if not attempt.is_repeat:
            moving.offer(
                found,
                payload,
                checked=form.cleaned_data["checked"],
                by=request.user,  # type: ignore[arg-type]
            )
            attempt.done(found.desk_url)


def _close_without(request: HttpRequest, found: Case) -> HttpResponseBase:
    """Closed as not supported, with no idea: also a choice."""
    closing.close(
        found,
        resolution=Resolution.NOT_A_FEATURE,
        text=found.offer_text,
        by=request.user,  # type: ignore[arg-type]
    )
    messages.success(request, _("Closed. The customer has been told."))
    return back(request, found)


def _fitting(found: Case, draft: moving.Draft, viewer: Any) -> list[Idea]:
    """Open ideas in order of likeness; the words searched with are the redacted ones."""
    hits = sources.fitting_ideas(draft.title.text, draft.body.text, viewer)
    order = [int(hit.object_id) for hit in hits]
    rows = Idea.objects.visible_to(viewer).live().select_related("stage", "product")
    by_pk = {idea.pk: idea for idea in rows.filter(pk__in=order)}
    return [by_pk[pk] for pk in order if pk in by_pk]


def _page(
    request: HttpRequest,
    found: Case,
    form: OfferForm,
    draft: moving.Draft,
    ideas: list[Idea],
    *,
    must_check: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = desk.frame(request, found) | {
        "step": "offer",
        "form": form,
        "rows": [(form["title"], draft.title), (form["body"], draft.body)],
        "ideas": ideas,
        "chosen": str(form["existing"].value() or ""),
        "must_check": must_check,
        "direction": direction(found.language),
        "changes": changes_of(draft.title, draft.body),
    }
    return render_page(request, "support/desk_step.html", context, status=status)


def changes_of(*texts: Redaction) -> str:
    count = sum(len(text.changes) for text in texts)
    return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}


@agent
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    found = desk.get_case(request, number)
    moving.decline(found, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Taken back. The case is with us again."))
    return back(request, found)


@requester
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponseBase:
    """The customer's yes or no."""
    found = cases.get_case(request, number)
    by: Any = request.user
    if request.POST.get("answer") == "yes":
        _same_question(request, found)
        moving.accept(found, show_name=request.POST.get("show_name") == "on", by=by)
        messages.success(
            request,
            _("Thank you. Your vote is counted, and you hear what becomes of it."),
            extra_tags=f"undo:{reverse('support:undo', args=[found.number])}",
        )
    elif request.POST.get("answer") == "no":
        moving.decline(found, by=by)
        messages.success(request, _("It stays a case. We go on from here."))
    else:
        raise Refused(_("Say yes or no."))
    return redirect(found.get_absolute_url())


def _same_question(request: HttpRequest, found: Case) -> None:
    """A yes counts for the words that were shown, not for others that came in between."""
    waiting, shown = moves.waiting_move(found), request.POST.get("move", "")
    if waiting is not None and shown and shown != str(waiting.pk):
        raise Refused(_("The question has changed meanwhile. Read it again."))


@requester
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponseBase:
    """For a week, by the customer who said yes or by an agent."""
    by: Any = request.user
    found = get_object_or_404(Case.objects.visible_to(by), number=number)
    moving.undo(found, by=by)
    messages.success(request, _("Undone. The case is where it was before."))
    on_desk = Case.objects.on_desk_of(by).filter(pk=found.pk).exists()
    return redirect(found.desk_url if on_desk else found.get_absolute_url())
