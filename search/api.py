"""GET /api/v1/search: the public, stable form of find()."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Schema

from common.limits import limited
from search.hits import Hit
from search.query import MAX_LIMIT, find

router = Router(tags=["search"])
_SYNTAX = 'Words, "phrases", -without, title:word, tag:word, is:solved, in:ideas'


class ResultOut(Schema):
    kind: str
    id: str
    title: str
    url: str
    snippet: str
    lang: str
    score: float
    product: str
    solved: bool | None
    state: str


class SearchOut(Schema):
    total: int
    took_ms: int
    results: list[ResultOut]
    suggestion: str
    unmatched: list[str]
    next: str | None


def problem(status: int, title: str, **more: Any) -> JsonResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


@router.get("/search", response=SearchOut, summary="Search everything you may see")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(description=_SYNTAX)] = "",
    kind: Annotated[list[str] | None, Query()] = None,
    lang: Annotated[list[str] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 20,
    cursor: str = "",
) -> SearchOut | HttpResponse:
    seconds = limited(request, "search")
    if seconds is not None:
        response = problem(429, "Too many searches")
        response["Retry-After"] = str(seconds)
        return response
    results = find(
        q, viewer=request.user, kinds=kind, languages=lang, limit=limit, cursor=cursor or None
    )
    return SearchOut(
        total=results.total,
        took_ms=results.took_ms,
        results=[_out(request, hit) for hit in results.hits],
        suggestion=results.suggestion,
        unmatched=results.unmatched,
        next=results.next,
    )


def _out(request: HttpRequest, hit: Hit) -> ResultOut:
    return ResultOut(
        kind=hit.kind,
        id=hit.object_id,
        title=hit.title,
        url=request.build_absolute_uri(hit.url),
        snippet=str(hit.snippet),
        lang=hit.language,
        score=hit.score,
        product=hit.product,
        solved=hit.solved,
        state=hit.state,
    )
