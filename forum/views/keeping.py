"""What keeps the forum in order: asked before, and better off as an idea."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import has_role, member, moderator
from common.errors import Refused
from common.htmx import render_page
from forum.actions.questions import mark_duplicate, unmark_duplicate
from forum.forms import DuplicateForm, MoveForm
from forum.models import Question
from forum.moves import MOVERS
from ideas.models import Idea
from links import moves
from links.models import Move
from posting.idempotency import once
from search.query import similar

_FORM = ("GET", "HEAD", "POST")
_IDEAS_SHOWN = 5


def _question(request: HttpRequest, pk: int) -> Question:
    rows = Question.objects.visible_to(request.user).select_related("author", "product")
    found: Question = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(_FORM)
@moderator
def duplicate(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = _question(request, pk)
    form = DuplicateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_duplicate(question, form.cleaned_data["original"], by=request.user)
        except Refused as refusal:
            form.add_error("original", str(refusal.message))
        else:
            messages.success(request, _("The page points to the other question now."))
            return redirect(question)
    near = similar(
        question.title,
        viewer=request.user,
        kinds=["question"],
        exclude=("question", str(pk)),
        limit=_IDEAS_SHOWN,
    )
    context = {
        "form": form,
        "question": question,
        "near": near,
        "crumbs": _crumbs(question, _("Asked before")),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "forum/duplicate.html", context, status=status)


@require_POST
@moderator
def not_duplicate(request: HttpRequest, pk: int) -> HttpResponseBase:
    return redirect(unmark_duplicate(_question(request, pk), by=request.user))


@require_http_methods(_FORM)
@member
def move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the ideas; only those who may move see that there is such a page."""
    if not has_role(request.user, *MOVERS):
        raise Http404
    question = _question(request, pk)
    ideas = _ideas_near(question, request.user)
    initial = {"title": question.title, "body": question.body_source, "existing": "0"}
    form = MoveForm(request.POST or None, initial=initial, ideas=ideas)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_move(request, question, form))
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    context = {
        "form": form,
        "question": question,
        "ideas": ideas,
        "crumbs": _crumbs(question, _("Move to the ideas")),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "forum/move.html", context, status=status)


def _move(request: HttpRequest, question: Question, form: MoveForm) -> str:
    by: Any = request.user
    with once(request, form.cleaned_data["key"], "forum.move") as attempt:
        if not attempt.is_repeat:
            payload = form.payload(question)
            confirmer = by if by.pk == question.author_id else None
            proposed = moves.propose(question, "idea", by=by, payload=payload, confirmer=confirmer)
            moves.confirm(proposed, by=by)
            attempt.done(question.get_absolute_url())
    undo = reverse("forum:move_back", args=[question.pk])
    messages.success(
        request, _("Moved. The question stays and points to the idea."), extra_tags=f"undo:{undo}"
    )
    return attempt.url or question.get_absolute_url()


def _ideas_near(question: Question, viewer: Any) -> list[Idea]:
    hits = similar(
        question.title, question.body_source, viewer=viewer, kinds=["idea"], limit=_IDEAS_SHOWN
    )
    order = [int(hit.object_id) for hit in hits]
    found = {idea.pk: idea for idea in Idea.objects.visible_to(viewer).filter(pk__in=order)}
    return [found[pk] for pk in order if pk in found]


@require_POST
@member
def move_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    if not has_role(request.user, *MOVERS):
        raise Http404
    question = _question(request, pk)
    latest = moves.latest_move(question)
    if latest is None or latest.state != Move.State.CONFIRMED:
        raise Refused(_("There is nothing to take back."))
    moves.undo(latest, by=request.user)
    messages.success(request, _("The question is a question again."))
    return redirect(question)


def _crumbs(question: Question, label: str) -> list[tuple[str, str | None]]:
    return [
        (_("Questions"), reverse("forum:list")),
        (_("Question %(number)s") % {"number": question.pk}, question.get_absolute_url()),
        (label, None),
    ]
