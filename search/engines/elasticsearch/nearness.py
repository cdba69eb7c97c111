"""Documents that match by meaning, beside those that match by words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Clause

from search.engines import meaning
from search.engines.base import Query
from search.engines.elasticsearch.encoding import plain
from search.engines.elasticsearch.rows import DIGITS, Row, place_of


class Nearness:
    """What a query brings along as near in meaning. Phrases are asked for to the letter."""

    def __init__(self, query: Query) -> None:
        near = () if query.phrases or query.newest else query.near
        self.cosines = {(one.kind, one.object_id): one.cosine for one in near}
        # Of those that may be found; a family is as near as its nearest text.
        self._found: dict[tuple[str, str] | int, float] = {}

    def __bool__(self) -> bool:
        return bool(self.cosines)

    def __len__(self) -> int:
        return len(self.cosines)

    def clauses(self) -> list[Clause]:
        """They match, and it counts for nothing."""
        return [Q("constant_score", filter=one, boost=0.0) for one in self._named()]

    def condition(self) -> Clause:
        return Q("bool", should=self._named(), minimum_should_match=1)

    def _named(self) -> list[Clause]:
        by_kind: dict[str, list[str]] = {}
        for kind, object_id in self.cosines:
            by_kind.setdefault(kind, []).append(plain(object_id))
        return [
            Q("bool", filter=[Q("term", kind=kind), Q("terms", object_id=ids)])
            for kind, ids in by_kind.items()
        ]

    def learn(self, rows: Sequence[Row]) -> None:
        """ROWS are all that may be found."""
        for row in rows:
            cosine = self.cosines[row.kind, row.object_id]
            name = row.family or (row.kind, row.object_id)
            self._found[name] = max(cosine, self._found.get(name, 0.0))

    def lifted(self, rows: Sequence[Row], weight: float, least: int) -> list[Row]:
        """ROWS, the best first, with what nearness adds; no near one ends below LEAST."""
        cosines = self._cosines_of(rows)
        gains = meaning.gains(cosines, max((row.score for row in rows), default=0), weight)
        made = [_with(row, gains[row.doc], least) if row.doc in gains else row for row in rows]
        return sorted(made, key=place_of, reverse=True)

    def _cosines_of(self, rows: Sequence[Row]) -> Mapping[int, float]:
        names = {row.doc: row.family or (row.kind, row.object_id) for row in rows}
        return {doc: self._found[name] for doc, name in names.items() if name in self._found}

    def has(self, row: Row) -> bool:
        return (row.family or (row.kind, row.object_id)) in self._found


def _with(row: Row, gain: int, least: int) -> Row:
    return replace(row, key=max(least, row.key + (gain << DIGITS)), score=row.score + gain)
