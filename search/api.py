"""GET /api/v1/search: the public, stable form of find()."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_from_request
from ninja import Query, Router, Schema

from common.api import problem
from common.limits import limited
from search.analysis.stemming import base_language, is_known
from search.hits import Hit
from search.query import MAX_LIMIT, find
from search.syntax import since_of

router = Router(tags=["search"])
_SYNTAX = (
    'Words, "phrases", -without, title:word, tag:word, is:solved, in:ideas, status:planned, '
    "product:mail, lang:pl, after:2026-01-31, sort:newest. At most 256 characters and 16 words count."
)
_SINCE = "Changed at or after this: day, week, month, year, a date or a time (ISO 8601)"


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
    # Put first by an editor.
    pinned: bool


class SearchOut(Schema):
    total: int
    took_ms: int
    results: list[ResultOut]
    suggestion: str
    unmatched: list[str]
    next: str | None
    # A simpler engine had to stand in: something may be missing.
    degraded: bool


@router.get("/search", response=SearchOut, summary="Search everything you may see")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(description=_SYNTAX)] = "",
    kind: Annotated[list[str] | None, Query()] = None,
    lang: Annotated[list[str] | None, Query()] = None,
    product: Annotated[list[str] | None, Query(description="Codes of products")] = None,
    state: Annotated[list[str] | None, Query(description="Codes of states")] = None,
    solved: Annotated[
        bool | None, Query(description="Questions with or without a solution")
    ] = None,
    since: Annotated[str, Query(description=_SINCE)] = "",
    sort: Annotated[
        Literal["relevance", "newest"], Query(description="Best match or last change first")
    ] = "relevance",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 20,
    cursor: str = "",
) -> SearchOut | HttpResponse:
    seconds = limited(request, "search")
    if seconds is not None:
        response = problem(429, "Too many searches")
        response["Retry-After"] = str(seconds)
        return response
    moment = _moment(since)
    if since and moment is None:
        return problem(422, "The time in `since` cannot be read", detail=_SINCE)
    results = find(
        q,
        viewer=request.user,
        kinds=kind,
        products=product,
        languages=lang,
        states=state,
        solved=solved,
        since=moment,
        newest=sort == "newest",
        limit=limit,
        cursor=cursor or None,
        language=_reader(request, lang or ()),
    )
    return SearchOut(
        total=results.total,
        took_ms=results.took_ms,
        results=[_out(request, hit) for hit in results.hits],
        suggestion=results.suggestion,
        unmatched=results.unmatched,
        next=results.next,
        degraded=results.degraded,
    )


def _reader(request: HttpRequest, languages: Sequence[str]) -> str:
    """The words are read as of the one language asked for, or of the one the client prefers."""
    if len(languages) == 1 and is_known(base_language(languages[0])):
        return languages[0]
    return get_language_from_request(request)


def _moment(text: str) -> datetime.datetime | None:
    # The "+" of a zone arrives as a space when it was not encoded.
    for written in (text, text.replace(" ", "+")):
        try:
            found = since_of(written) or parse_datetime(written)
        except (ValueError, OverflowError):
            continue
        if found is not None:
            return found if timezone.is_aware(found) else timezone.make_aware(found)
    return None


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
        pinned=hit.pinned,
    )
