"""GET /api/v1/ideas."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from common.api import ListedByState, among, page_of
from ideas.models import Idea

router = Router(tags=["ideas"])


class IdeaOut(Schema):
    id: str
    title: str
    url: str
    lang: str
    summary: str
    product: str
    tags: list[str]
    # The site's own code, and what it means everywhere: open, planned, started, shipped, declined.
    stage: str
    state: str
    votes: int
    comments: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


class IdeasOut(Schema):
    total: int
    results: list[IdeaOut]
    next: str | None


@router.get("/ideas", response=IdeasOut, summary="Public ideas, newest first")
def ideas(request: HttpRequest, query: ListedByState) -> dict[str, Any] | HttpResponse:
    # As in every list: what is hidden is gone for moderators, too.
    rows = among(Idea.objects.public(), "language", query.lang)
    rows = among(rows, "stage__category", query.state)
    rows = rows.select_related("product", "stage").prefetch_related("tags")
    rows = rows.defer("body_source", "body_html", "official_source", "official_html")
    return page_of(request, rows, query, partial(_out, request), order=("-created_at", "-pk"))


def _out(request: HttpRequest, idea: Idea) -> IdeaOut:
    return IdeaOut(
        id=str(idea.pk),
        title=idea.title,
        url=request.build_absolute_uri(idea.get_absolute_url()),
        lang=idea.language,
        summary=idea.summary,
        product=idea.product.code if idea.product else "",
        tags=[tag.slug for tag in idea.tags.all()],
        stage=idea.stage.code,
        state=idea.state,
        votes=idea.vote_count,
        comments=idea.comment_count,
        created_at=idea.created_at,
        updated_at=idea.last_activity_at,
    )
