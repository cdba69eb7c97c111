"""GET /api/v1/questions."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from common.api import ListedByState, among, page_of
from forum.models import Question

router = Router(tags=["questions"])


class QuestionOut(Schema):
    id: str
    title: str
    url: str
    lang: str
    product: str
    tags: list[str]
    state: str
    solved: bool
    # "I have this problem too".
    votes: int
    answers: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


class QuestionsOut(Schema):
    total: int
    results: list[QuestionOut]
    next: str | None


@router.get("/questions", response=QuestionsOut, summary="Public questions, newest first")
def questions(request: HttpRequest, query: ListedByState) -> dict[str, Any] | HttpResponse:
    # As in every list: what is hidden is gone for moderators, too.
    rows = among(Question.objects.public(), "language", query.lang)
    rows = among(rows, "state", query.state)
    rows = rows.select_related("product").prefetch_related("tags")
    rows = rows.defer("body_source", "body_html")
    return page_of(request, rows, query, partial(_out, request), order=("-created_at", "-pk"))


def _out(request: HttpRequest, question: Question) -> QuestionOut:
    return QuestionOut(
        id=str(question.pk),
        title=question.title,
        url=request.build_absolute_uri(question.get_absolute_url()),
        lang=question.language,
        product=question.product.code if question.product else "",
        tags=[tag.slug for tag in question.tags.all()],
        state=question.state,
        solved=question.is_solved,
        votes=question.me_too_count,
        answers=question.answer_count,
        created_at=question.created_at,
        updated_at=question.last_activity_at,
    )
