"""How many public documents there are, and how many have a term: asked, and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from search.engines.elasticsearch.client import Asker
from search.engines.elasticsearch.encoding import plain
from search.engines.elasticsearch.mapping import PUBLIC
from search.engines.sql.reading import Statistics

# How long a word of a text that was hidden may still be offered for a slip.
_KEPT = 10.0
# A small collection changes fast, and is counted fast.
_SMALL = 2_000
_MOST = 100_000
_LANGUAGES = 200


@dataclass(slots=True)
class _Known:
    statistics: Statistics
    until: float
    df: dict[str, int] = field(default_factory=dict)


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
        known = self._known.get(collection)
        if known is None or known.until < self._clock() or len(known.df) > _MOST:
            known = None
        missing = wanted if known is None else [key for key in wanted if key not in known.df]
        if known is None or missing:
            counted, statistics = _count(missing, asker)
            if known is None:
                known = _Known(statistics, self._clock() + _KEPT)
                if statistics.total >= _SMALL:
                    self._known[collection] = known
            known.df.update(counted)
        return {key: known.df[key] for key in wanted}, known.statistics

    def forget(self, collection: int) -> None:
        self._known.pop(collection, None)


def _count(keys: Sequence[str], asker: Asker) -> tuple[dict[str, int], Statistics]:
    """Without a query, the filters of one aggregation cost a look into the dictionary each."""
    filters = {str(i): {"term": {PUBLIC: plain(key)}} for i, key in enumerate(keys)}
    languages = {"terms": {"field": "base", "size": _LANGUAGES}}
    aggregations = {
        "public": {"filter": {"term": {"is_public": True}}, "aggs": {"languages": languages}}
    }
    if filters:
        aggregations["df"] = {"filters": {"filters": filters}}
    answer = asker.ask({"size": 0, "track_total_hits": False, "aggs": aggregations})
    found = answer["aggregations"]
    buckets = found["df"]["buckets"] if filters else {}
    df = {key: int(buckets[str(i)]["doc_count"]) for i, key in enumerate(keys)}
    by_language = {
        str(bucket["key"]): int(bucket["doc_count"])
        for bucket in found["public"]["languages"]["buckets"]
    }
    return df, Statistics(by_language, sum(by_language.values()))
