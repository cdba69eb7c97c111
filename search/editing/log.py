"""Counts what is searched for and what is opened: never by whom (SE-11)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from common.tokens import sign, unsign
from search.editing.masking import kept, nameless
from search.models import Entry
from search.models_editing import QueryClick, QueryCount

# How long after the search a click still counts.
_TOKEN_LIFE = timedelta(days=1)
_PURPOSE = "search.seen"
KEPT_DAYS = 365
KEPT_ROWS = 1_000_000
_BATCH = 10_000
# Kind and id.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A list of results as the page showed it."""

    text: str
    language: str
    results: int
    is_filtered: bool
    day: datetime.date
    # What stood on the page: nothing else can have been opened from it.
    shown: frozenset[Key] = frozenset()

    @classmethod
    def read(cls, token: str) -> Seen | None:
        value = unsign(_PURPOSE, token, max_age=_TOKEN_LIFE)
        # Of another release: a token lives for a day, and may be older than the code.
        if not isinstance(value, list) or len(value) != 6:
            return None
        text, language, results, is_filtered, day, shown = value
        keys = frozenset((kind, object_id) for kind, object_id in shown)
        day = datetime.date.fromisoformat(day)
        return cls(nameless(text), language, results, is_filtered, day, keys)


def token_of(
    query: str,
    language: str,
    *,
    results: int,
    is_filtered: bool = False,
    shown: Iterable[Key] = (),
) -> str:
    """What the page tells back, signed, so that nobody makes up queries; "" if nothing is left."""
    text = kept(query)
    day = timezone.now().date().isoformat()
    keys = [list(key) for key in shown]
    return sign(_PURPOSE, [text, language, results, is_filtered, day, keys]) if text else ""


def count_search(seen: Seen) -> None:
    """One row per day, language and text."""
    _add(
        seen,
        searches=1,
        filtered=int(seen.is_filtered),
        empty=int(not seen.results),
    )


def count_click(seen: Seen, key: Key, *, is_first: bool) -> None:
    """IS_FIRST: the search has not been followed by a click yet."""
    row = _rows(seen).first()
    if row is None:
        return
    _rows(seen).update(clicks=F("clicks") + 1, answered=F("answered") + int(is_first))
    kind, object_id = key
    # What only some may see would say something about them.
    if Entry.objects.filter(kind=kind, object_id=object_id, is_public=True).exists():
        clicked = QueryClick.objects.filter(count=row, kind=kind, object_id=object_id)
        if not clicked.update(clicks=F("clicks") + 1):
            QueryClick.objects.bulk_create(
                [QueryClick(count=row, kind=kind, object_id=object_id)], ignore_conflicts=True
            )
            clicked.update(clicks=F("clicks") + 1)


def count_helpful(query: str, language: str, key: Key) -> None:
    """Somebody said yes about what they opened from this search today: never more than clicks."""
    QueryClick.objects.filter(
        count__day=timezone.now().date(),
        count__language=language,
        count__text=nameless(kept(query)),
        kind=key[0],
        object_id=key[1],
        helpful__lt=F("clicks"),
    ).update(helpful=F("helpful") + 1)


def _rows(seen: Seen) -> QuerySet[QueryCount]:
    return QueryCount.objects.filter(day=seen.day, language=seen.language, text=seen.text)


def _add(seen: Seen, **more: int) -> None:
    change: dict[str, Any] = {name: F(name) + value for name, value in more.items()}
    # A filter only takes away: what it leaves says nothing about the words alone.
    count = Greatest("results", Value(seen.results)) if seen.is_filtered else seen.results
    change["results"] = count
    if not _rows(seen).update(**change):
        row = QueryCount(day=seen.day, language=seen.language, text=seen.text)
        QueryCount.objects.bulk_create([row], ignore_conflicts=True)
        _rows(seen).update(**change)


def prune(*, days: int = KEPT_DAYS, rows: int = KEPT_ROWS) -> int:
    """Forgets what is older than a year, and the oldest of more than a million rows."""
    too_old = timezone.now().date() - timedelta(days=days)
    gone = _delete(QueryCount.objects.filter(day__lt=too_old))
    while (spare := QueryCount.objects.count() - rows) > 0:
        oldest = QueryCount.objects.order_by("day", "searches", "pk")[: min(spare, _BATCH)]
        gone += _delete(QueryCount.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))))
    return gone


def _delete(found: QuerySet[QueryCount]) -> int:
    QueryClick.objects.filter(count__in=found).delete()
    return found.delete()[0]
