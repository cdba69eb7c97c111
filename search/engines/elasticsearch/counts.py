"""How many public documents there are, and how many have a term: asked, and kept for a while."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.analysis.stemming import base_language
from search.engines.base import Query
from search.engines.elasticsearch import facets
from search.engines.elasticsearch.client import Asker
from search.engines.elasticsearch.encoding import plain
from search.engines.elasticsearch.mapping import PUBLIC
from search.engines.sql.reading import Statistics
from search.engines.tally import Some, Tally

# How long a word of a text that was hidden may still be offered for a slip.
_KEPT = 10.0
# A word of so many texts stays one whichever of them is hidden; how many it says hardly changes.
_COMMON, _KEPT_COMMON = 1_000, 300.0
# A small collection changes fast, and is counted fast.
_SMALL = 2_000
_MOST = 100_000
_MOST_SHARES = 500


@dataclass(slots=True)
class _Counted:
    """Public documents by term, and by what filters tell apart."""

    df: Counter[str]
    alike: Counter[str]

    def statistics(self) -> Statistics:
        languages: Counter[str] = Counter()
        for text, count in self.alike.items():
            languages[base_language(facets.read(text)[2])] += count
        return Statistics(dict(languages), sum(languages.values()))


@dataclass(slots=True)
class _Known:
    statistics: Statistics
    alike: Counter[str]
    until: float
    df: dict[str, int] = field(default_factory=dict)
    # Rare words are forgotten sooner.
    rare: dict[str, int] = field(default_factory=dict)
    rare_until: float = 0.0
    shares: dict[Query, float] = field(default_factory=dict)


class Counts:
    """Document frequencies of all collections this process asked about."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, _Known] = {}

    def of(
        self, keys: Iterable[str], collection: int, asker: Asker
    ) -> tuple[dict[str, int], Statistics]:
        """Public documents by key, and by language."""
        wanted = list(dict.fromkeys(keys))
        known = self._of(collection, is_changing=bool(asker.withdrawn))
        if known is None:
            counted = _count(wanted, asker, alike=True)
            statistics = counted.statistics()
            if statistics.total >= _SMALL:
                now = self._clock()
                known = _Known(statistics, counted.alike, now + _KEPT_COMMON)
                known.rare_until = now + _KEPT
                self._known[collection] = known
                _learn(known, counted.df, wanted)
            return {key: counted.df[key] for key in wanted}, statistics
        found = {key: df for key in wanted if (df := _look_up(known, key)) is not None}
        missing = [key for key in wanted if key not in found]
        if missing:
            counted = _count(missing, asker, alike=False)
            _learn(known, counted.df, missing)
            found.update((key, counted.df[key]) for key in missing)
        return found, known.statistics

    def _of(self, collection: int, *, is_changing: bool) -> _Known | None:
        known = self._known.get(collection)
        now = self._clock()
        if known is None or known.until < now or len(known.df) > _MOST:
            return None
        if is_changing or known.rare_until < now or len(known.rare) > _MOST:
            known.rare, known.rare_until = {}, now + _KEPT
        return known

    def forget(self, collection: int) -> None:
        self._known.pop(collection, None)

    def share(self, query: Query, collection: int) -> float:
        """How much of all public documents the filters of QUERY leave, as far as is known."""
        known = self._known.get(collection)
        if known is None or not known.statistics.total or query.since is not None:
            return 0.0
        chosen = Query(
            kinds=query.kinds,
            products=query.products,
            languages=query.languages,
            states=query.states,
            solved=query.solved,
        )
        if chosen not in known.shares:
            tally = Tally(chosen)
            for text, count in known.alike.items():
                tally.add(Some(facets.read(text), 0), count)
            if len(known.shares) > _MOST_SHARES:
                known.shares.clear()
            known.shares[chosen] = tally.total / known.statistics.total
        return known.shares[chosen]


def _look_up(known: _Known, key: str) -> int | None:
    return known.df.get(key, known.rare.get(key))


def _learn(known: _Known, df: Counter[str], keys: Sequence[str]) -> None:
    for key in keys:
        (known.df if df[key] >= _COMMON else known.rare)[key] = df[key]


def _count(keys: Sequence[str], asker: Asker, *, alike: bool) -> _Counted:
    """Without a query, the filters of one aggregation cost a look into the dictionary each.

    So what is withdrawn is counted by itself, and taken off.
    """
    filters = {str(i): {"term": {PUBLIC: plain(key)}} for i, key in enumerate(keys)}
    body: dict[str, Any] = {"size": 0, "track_total_hits": False, "aggs": {}}
    if filters:
        body["aggs"]["df"] = {"filters": {"filters": filters}}
    if alike:
        values = {"terms": {"field": facets.COLUMN, "size": facets.MOST_ALIKE}}
        public = {"term": {"is_public": True}}
        body["aggs"]["public"] = {"filter": public, "aggs": {"alike": values}}
    if not body["aggs"]:
        return _Counted(Counter(), Counter())
    counted = _read(asker.ask(body, everything=True), keys, alike=alike)
    if asker.withdrawn:
        gone = {**body, "query": {"bool": {"should": list(asker.withdrawn)}}}
        off = _read(asker.ask(gone, everything=True), keys, alike=alike)
        counted.df.subtract(off.df)
        counted.alike.subtract(off.alike)
    return counted


def _read(answer: dict[str, Any], keys: Sequence[str], *, alike: bool) -> _Counted:
    found = answer["aggregations"]
    buckets = found["df"]["buckets"] if keys else {}
    df = Counter({key: int(buckets[str(i)]["doc_count"]) for i, key in enumerate(keys)})
    rows = found["public"]["alike"]["buckets"] if alike else []
    return _Counted(df, Counter({str(row["key"]): int(row["doc_count"]) for row in rows}))
