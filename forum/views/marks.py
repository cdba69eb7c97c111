"""Buttons: votes, following, accepting, asking for details. Each is one plain POST."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member
from common.limits import check_vote, limit
from forum.actions import states, votes
from forum.actions.answers import accept as accept_answer
from forum.actions.answers import unaccept as take_back
from forum.models import Answer, Question
from notifications.actions import subscribe, unsubscribe


def _question(request: HttpRequest, pk: int) -> Question:
    found: Question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    return found


def _answer(request: HttpRequest, pk: int) -> Answer:
    rows = Answer.objects.visible_to(request.user).select_related("question")
    found: Answer = get_object_or_404(rows, pk=pk)
    return found


def _is_on(request: HttpRequest) -> bool:
    """Intent, not a toggle: a retry cannot turn it round."""
    return request.POST.get("state") == "on"


def _button(
    request: HttpRequest, component: str, context: dict[str, Any], url: str
) -> HttpResponse:
    """The button as the server sees it now, or the page it stands on."""
    if request.headers.get("HX-Request"):
        return render(request, f"components/{component}.html", context)
    return redirect(url)


@require_POST
@member
def me_too(request: HttpRequest, pk: int) -> HttpResponseBase:
    question, on = _question(request, pk), _is_on(request)
    check_vote(request, on=on)
    votes.me_too(question, by=request.user, on=on)
    context = {
        "count": question.me_too_count,
        "is_on": on,
        "action": reverse("forum:me_too", args=[pk]),
        "label": _("I have this too"),
        "icon": "users-three",
    }
    return _button(request, "vote_button", context, question.get_absolute_url())


@require_POST
@member
def helpful(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _vote(request, pk, 1)


@require_POST
@member
def unhelpful(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _vote(request, pk, -1)


def _vote(request: HttpRequest, pk: int, value: int) -> HttpResponseBase:
    answer, on = _answer(request, pk), _is_on(request)
    check_vote(request, on=on)
    votes.vote_answer(answer, by=request.user, value=value if on else 0)
    url = f"{answer.question.get_absolute_url()}?answer={pk}#answer-{pk}"
    if not request.headers.get("HX-Request"):
        return redirect(url)
    context = {
        "answer": answer,
        "helped_me": on and value > 0,
        "failed_me": on and value < 0,
        "is_own": False,
        "is_open": True,
        "signin_url": "",
    }
    return render(request, "forum/_votes.html", context)


@require_POST
@member
@limit("mark")
def follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    question, on = _question(request, pk), _is_on(request)
    user: Any = request.user
    if on:
        subscribe(user, question)
    else:
        unsubscribe(user, question)
    context = {"is_on": on, "action": reverse("forum:follow", args=[pk])}
    return _button(request, "follow_button", context, question.get_absolute_url())


@require_POST
@member
@limit("mark")
def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = accept_answer(_answer(request, pk), by=request.user)
    undo = reverse("forum:unaccept", args=[question.pk])
    messages.success(
        request, _("Marked as the solution. Everybody who waited hears."), extra_tags=f"undo:{undo}"
    )
    return redirect(question)


@require_POST
@member
@limit("mark")
def unaccept(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = take_back(_question(request, pk), by=request.user)
    messages.success(request, _("No longer marked as the solution."))
    return redirect(question)


@require_POST
@member
@limit("post")
def ask_info(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = states.ask_for_info(_question(request, pk), by=request.user)
    messages.success(request, _("The person who asked hears that details are needed."))
    return redirect(question)


@require_POST
@member
def info_given(request: HttpRequest, pk: int) -> HttpResponseBase:
    return redirect(states.provide_info(_question(request, pk), by=request.user))
