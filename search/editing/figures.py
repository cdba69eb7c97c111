"""What the log says: queries of a period against the period before (AA-02)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import ExpressionWrapper, F, IntegerField, Max, Q, QuerySet, Sum
from django.utils import timezone

from search.models_editing import QueryCount

PERIODS = (7, 30, 90, 365)
# Once is chance, and may be private (docs/decisions/0004-query-log.md); an opened result in every third search is about usual.
_LEAST = 2
_LOW = 0.34
EMPTY, LOW, ALL = "empty", "low", "all"
SHOWS = (EMPTY, LOW, ALL)
_Queries = QuerySet[QueryCount, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """A query in a language, in one period, with how it stood in the one before."""

    text: str
    language: str
    searches: int
    empty: int
    answered: int
    results: int
    before: int
    # What the report is about: searches without result, without a click, or all of them.
    about: int
    about_before: int

    @property
    def opened(self) -> int:
        """In how many of a hundred searches that found something was something opened."""
        found = self.searches - self.empty
        return round(100 * min(self.answered, found) / found) if found > 0 else 0

    @property
    def is_new(self) -> bool:
        return not self.about_before

    @property
    def trend(self) -> int:
        """Per cent more or fewer than before."""
        if not self.about_before:
            return 0
        return round(100 * (self.about - self.about_before) / self.about_before)


@dataclass(frozen=True, slots=True)
class Totals:
    searches: int
    empty: int
    answered: int
    queries: int

    @property
    def empty_share(self) -> int:
        return round(100 * self.empty / self.searches) if self.searches else 0

    @property
    def opened_share(self) -> int:
        found = self.searches - self.empty
        return round(100 * min(self.answered, found) / found) if found > 0 else 0


def queries(
    show: str, days: int, language: str = "", today: datetime.date | None = None
) -> _Queries:
    """Rows as dictionaries, the most telling first."""
    day = today or timezone.now().date()
    start = day - timedelta(days=days - 1)
    now = Q(day__gte=start)
    found = QueryCount.objects.filter(day__gte=start - timedelta(days=days), day__lte=day)
    if language:
        found = found.filter(language=language)
    rows = found.values("text", "language").annotate(
        searches_now=Sum("searches", filter=now, default=0),
        empty_now=Sum("empty", filter=now, default=0),
        answered_now=Sum("answered", filter=now, default=0),
        results_now=Max("results", filter=now),
        searches_before=Sum("searches", filter=~now, default=0),
        empty_before=Sum("empty", filter=~now, default=0),
        answered_before=Sum("answered", filter=~now, default=0),
    )
    return _narrowed(rows, show)


def _narrowed(rows: Any, show: str) -> _Queries:
    found: Any
    # What one person typed once may name somebody; it is counted in the totals alone.
    rows = rows.alias(all=F("searches_now") + F("searches_before")).filter(all__gte=_LEAST)
    if show == EMPTY:
        found = rows.filter(empty_now__gt=0).annotate(
            about=F("empty_now"), about_before=F("empty_before")
        )
    elif show == LOW:
        missed = {
            f"about{end}": ExpressionWrapper(
                F(f"searches_{when}") - F(f"empty_{when}") - F(f"answered_{when}"),
                output_field=IntegerField(),
            )
            for end, when in (("", "now"), ("_before", "before"))
        }
        found = rows.annotate(**missed).filter(
            searches_now__gte=F("empty_now") + _LEAST,
            # answered < _LOW × (searches − empty), in whole numbers.
            about__gt=(F("searches_now") - F("empty_now")) * round(100 * (1 - _LOW)) / 100,
        )
    else:
        found = rows.filter(searches_now__gt=0).annotate(
            about=F("searches_now"), about_before=F("searches_before")
        )
    ordered: _Queries = found.order_by("-about", "text", "language")
    return ordered


def rows_of(found: Sequence[dict[str, Any]] | _Queries) -> list[Row]:
    return [
        Row(
            text=one["text"],
            language=one["language"],
            searches=one["searches_now"],
            empty=one["empty_now"],
            answered=one["answered_now"],
            results=one["results_now"] or 0,
            before=one["searches_before"],
            about=one["about"],
            about_before=max(0, one["about_before"]),
        )
        for one in found
    ]


def totals(days: int, language: str = "") -> Totals:
    start = timezone.now().date() - timedelta(days=days - 1)
    found = QueryCount.objects.filter(day__gte=start)
    if language:
        found = found.filter(language=language)
    sums = found.aggregate(
        searches=Sum("searches", default=0),
        empty=Sum("empty", default=0),
        answered=Sum("answered", default=0),
    )
    return Totals(**sums, queries=found.values("text", "language").distinct().count())


def languages() -> list[str]:
    """Those somebody has searched in."""
    return sorted(QueryCount.objects.order_by().values_list("language", flat=True).distinct())
