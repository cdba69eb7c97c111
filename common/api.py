"""What the lists of the public API share: pages by key, filters, limits, problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Schema

from common.limits import limited
from common.pagination import rows_after

MAX_LIMIT = 100


class ListQuery(Schema):
    """What every list understands."""

    lang: list[str] = Field([], description="Languages, as `en` or `pt-br`; several: any of them")
    product: list[str] = Field([], description="Codes of products; several: any of them")
    limit: int = Field(20, ge=1, le=MAX_LIMIT)
    cursor: str = Field("", description="`next` of the page before; a damaged one: the first page")


class StateQuery(ListQuery):
    state: list[str] = Field([], description="Codes of states; several: any of them")


Listed = Annotated[ListQuery, Query()]
ListedByState = Annotated[StateQuery, Query()]


def problem(status: int, title: str, **more: Any) -> JsonResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def too_many(request: HttpRequest, name: str) -> HttpResponse | None:
    """Counts one use of NAME; the answer to give when it is one too many."""
    seconds = limited(request, name)
    if seconds is None:
        return None
    response = problem(429, "Too many requests")
    response["Retry-After"] = str(seconds)
    return response


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any],
    query: ListQuery,
    draw: Callable[[Any], Schema],
    *,
    order: Sequence[str],
) -> dict[str, Any] | HttpResponse:
    """One page of ROWS, which are already no more than the viewer may see."""
    refusal = too_many(request, "api")
    if refusal is not None:
        return refusal
    if query.product:
        rows = rows.filter(product__code__in=_clean(query.product))
    found, following = rows_after(rows, query.cursor, order=order, size=query.limit)
    return {
        "total": rows.order_by().count(),
        "results": [draw(row) for row in found],
        "next": following,
    }


def among(rows: QuerySet[Any], column: str, values: Sequence[str]) -> QuerySet[Any]:
    """ROWS with one of VALUES in COLUMN; all of them where nothing was asked for."""
    return rows.filter(**{f"{column}__in": _clean(values)}) if values else rows


def _clean(values: Sequence[str]) -> list[str]:
    # PostgreSQL takes no NUL; nothing has a longer code.
    return [value[:60].replace("\x00", "") for value in values[:50]]
