"""Pages by key: page 400 costs what page 1 costs, and a new row never shifts a page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

_SALT = "peerdesk.page"


@dataclass(frozen=True)
class Page:
    """One page of rows; the URLs are empty where there is nothing more."""

    items: list[Any]
    next_url: str
    previous_url: str
    is_first: bool

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def keyset(
    queryset: QuerySet[Any],
    request: HttpRequest,
    *,
    order: Sequence[str] = ("-last_activity_at", "-pk"),
    size: int = 20,
) -> Page:
    """The page after the key in `?after=` (or before the one in `?before=`).

    ORDER must end in a unique column and hold no nulls; a damaged key means the first page.
    """
    after, before = _key(request, "after"), _key(request, "before")
    backwards = before is not None and after is None
    wanted = [_flip(name) for name in order] if backwards else list(order)
    key = before if backwards else after
    if key is not None and len(key) == len(order):
        queryset = queryset.filter(_beyond(wanted, key))
    else:
        key, backwards = None, False
        wanted = list(order)
    rows = list(queryset.order_by(*wanted)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = more if not backwards else True
    has_previous = (key is not None) if not backwards else more
    return Page(
        items=rows,
        next_url=_url(request, "after", order, rows[-1]) if rows and has_next else "",
        previous_url=_url(request, "before", order, rows[0]) if rows and has_previous else "",
        is_first=not has_previous,
    )


def rows_after(
    queryset: QuerySet[Any], cursor: str, *, order: Sequence[str], size: int
) -> tuple[list[Any], str | None]:
    """Like keyset(), forwards only and for programs: rows, and the cursor of what follows."""
    key = _read(cursor)
    page = queryset
    if key is not None and len(key) == len(order):
        page = queryset.filter(_beyond(order, key))
    rows = list(page.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return rows, _written(order, rows[-1]) if more else None


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    condition, equal = Q(), Q()
    for name, value in zip(order, key, strict=True):
        column = name.lstrip("-")
        operator = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{operator}": value})
        equal &= Q(**{column: value})
    return condition


def _key(request: HttpRequest, parameter: str) -> list[Any] | None:
    return _read(request.GET.get(parameter))


def _read(token: str | None) -> list[Any] | None:
    if not token:
        return None
    try:
        values = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return [_decode(value) for value in values]


def _decode(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.datetime.fromisoformat(value["t"])
    return value


def _encode(row: Any, name: str) -> Any:
    column = name.lstrip("-")
    value = row[column] if isinstance(row, dict) else _attribute(row, column)
    return {"t": value.isoformat()} if isinstance(value, datetime.datetime) else value


def _attribute(row: Model, column: str) -> Any:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    return value


def _url(request: HttpRequest, parameter: str, order: Sequence[str], row: Any) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query[parameter] = _written(order, row)
    return f"{request.path}?{query.urlencode()}"


def _written(order: Sequence[str], row: Any) -> str:
    return signing.dumps([_encode(row, name) for name in order], salt=_SALT)
