"""How many results each value of a filter leaves, counted alike by every engine."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from search.engines.base import Found, Query

FACETS = ("kind", "product", "language", "solved", "state")


def seconds(moment: datetime.datetime) -> int:
    return ceil(moment.timestamp())


def bounds(query: Query) -> list[int]:
    """The moments that the filter by last change offers or has, the latest first."""
    moments = [*query.ages, *([query.since] if query.since else [])]
    return sorted({seconds(moment) for moment in moments}, reverse=True)


@dataclass(frozen=True, slots=True)
class Some:
    """Documents alike in all that is counted. STEP: how many bounds they are older than."""

    # In the order of FACETS.
    values: tuple[Any, ...]
    step: int


class Tally:
    """Each group is counted under the filters of the other groups.

    A family of translations is one result. It counts for every value that a text of it that
    matches has, because choosing that value leaves it.
    """

    def __init__(self, query: Query) -> None:
        solved = () if query.solved is None else (query.solved,)
        self._chosen = tuple(
            map(set, (query.kinds, query.products, query.languages, solved, query.states))
        )
        steps = bounds(query)
        # A document lies behind the moments from its step on.
        self._ages = [(age, steps.index(seconds(age))) for age in query.ages]
        self._since = steps.index(seconds(query.since)) if query.since else len(steps)
        self._counts: tuple[Counter[Any], ...] = tuple(Counter() for _ in FACETS)
        self._changed: Counter[Any] = Counter(dict.fromkeys(query.ages, 0))
        self.total = 0

    def add(self, alike: Some, count: int) -> None:
        """COUNT results of one text each."""
        self._add([alike], count)

    def add_family(self, members: Iterable[Some]) -> None:
        self._add(list(members), 1)

    def take_back(self, members: Sequence[Some], counts: Sequence[int]) -> None:
        """A family whose MEMBERS have been added as if each were a result of its own."""
        for alike, count in zip(members, counts, strict=True):
            if count:
                self._add([alike], -count)
        self._add(members, 1)

    def _add(self, members: Sequence[Some], count: int) -> None:
        off = [self._off(one) for one in members]
        if not all(off):
            self.total += count
        for number, counter in enumerate(self._counts):
            left = {
                one.values[number]
                for one, out in zip(members, off, strict=True)
                if not out or out == [number]
            }
            for value in left:
                counter[value] += count
        aged = [
            one.step
            for one, out in zip(members, off, strict=True)
            if not out or out == [len(FACETS)]
        ]
        for age, behind in self._ages:
            if aged and min(aged) <= behind:
                self._changed[age] += count

    def _off(self, one: Some) -> list[int]:
        """The numbers of the groups whose filter leaves ONE out; the last is the date."""
        off = [
            number
            for number, chosen in enumerate(self._chosen)
            if chosen and one.values[number] not in chosen
        ]
        return [*off, len(FACETS)] if one.step > self._since else off

    def tell(self, found: Found) -> None:
        found.total = self.total
        found.facets = {
            name: {value: count for value, count in counter.items() if count}
            for name, counter in zip(FACETS, self._counts, strict=True)
        }
        found.facets["since"] = dict(self._changed)
