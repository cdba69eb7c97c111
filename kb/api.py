"""GET /api/v1/articles."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from common.api import Listed, among, page_of
from kb.models import ArticlePage
from kb.pages import HEAVY

router = Router(tags=["articles"])


class ArticleOut(Schema):
    id: str
    title: str
    url: str
    lang: str
    summary: str
    product: str
    tags: list[str]
    archived: bool
    published_at: datetime.datetime | None
    updated_at: datetime.datetime | None
    checked_on: datetime.date | None


class ArticlesOut(Schema):
    total: int
    results: list[ArticleOut]
    next: str | None


@router.get("/articles", response=ArticlesOut, summary="Articles you may read, newest first")
def articles(request: HttpRequest, query: Listed) -> dict[str, Any] | HttpResponse:
    rows = ArticlePage.objects.visible_to(request.user)
    rows = among(rows, "locale__language_code", [code.lower() for code in query.lang])
    rows = rows.select_related("product").prefetch_related("tags").defer(*HEAVY)
    return page_of(request, rows, query, partial(_out, request), order=("-pk",))


def _out(request: HttpRequest, article: ArticlePage) -> ArticleOut:
    return ArticleOut(
        id=str(article.pk),
        title=article.title,
        url=request.build_absolute_uri(article.url),
        lang=article.language,
        summary=article.summary,
        product=article.product.code if article.product else "",
        tags=[tag.slug for tag in article.tags.all()],
        archived=article.is_archived,
        published_at=article.first_published_at,
        updated_at=article.last_published_at,
        checked_on=article.checked_at,
    )
