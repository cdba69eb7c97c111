"""Writing beneath a question: answers and comments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import member
from common.errors import Refused
from common.limits import check_limit
from forum.actions.answers import answer as write_answer
from forum.actions.comments import comment as write_comment
from forum.forms import AnswerForm, CommentForm
from forum.models import Answer, Question
from forum.views.question import draft_key, get_question, show
from posting.actions import discard_draft
from posting.idempotency import once


@require_POST
@member
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = get_question(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            with once(request, form.cleaned_data["key"], f"forum.answer:{pk}") as attempt:
                if not attempt.is_repeat:
                    check_limit(request, "post")
                    post = write_answer(question, form.cleaned_data["body"], by=_user(request))
                    attempt.done(post.get_absolute_url())
                    discard_draft(request.user, draft_key(question))
            return redirect(attempt.url or question.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    return show(request, question, answer_form=form, status=422)


@require_POST
@member
def comment_question(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _comment(request, get_question(request, pk), None)


@require_POST
@member
def comment_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    post = get_object_or_404(Answer.objects.visible_to(request.user), pk=pk)
    return _comment(request, get_question(request, post.question_id), post)


def _comment(request: HttpRequest, question: Question, post: Answer | None) -> HttpResponseBase:
    form = CommentForm(request.POST, auto_id=False)
    place = f"{question.pk}.{post.pk}" if post else str(question.pk)
    if form.is_valid():
        try:
            with once(request, form.cleaned_data["key"], f"forum.comment:{place}") as attempt:
                if not attempt.is_repeat:
                    check_limit(request, "post")
                    body = form.cleaned_data["body"]
                    made = write_comment(question, body, by=_user(request), answer=post)
                    attempt.done(made.get_absolute_url())
            return redirect(attempt.url or question.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    commented = f"answer-{post.pk}" if post else "question"
    return show(request, question, comment_form=form, commented=commented, status=422)


def _user(request: HttpRequest) -> Any:
    return request.user
