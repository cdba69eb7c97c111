"""The best documents, found without a look at every document that matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from search.analysis.stemming import base_language
from search.engines.base import Query
from search.engines.sql.reading import READER_BONUS, Row, Term, summed
from search.engines.sql.tables import MASK, SHIFT, chunks, marks, rows
from search.models import Collection

# Popularity and the reader's language lift a score by at most so much, in per mille and per cent.
_HIGHEST = 1020
_COLUMNS = "d.id, d.kind, d.object_id, d.factor, d.changed_at, d.family, d.language"

Conditions = Sequence[tuple[str, list[Any]]]


class Top:
    """Sorts by the bare sums first and reads documents only as far as one may still come up."""

    def __init__(
        self, query: Query, collection: Collection, terms: Sequence[Term], conditions: Conditions
    ) -> None:
        self.collection = collection
        self.terms = terms
        self.conditions = conditions
        self.base = base_language(query.reader)
        # With filters too few of the best may be left; they are joined from the beginning.
        self.is_apt = bool(terms) and len(conditions) == 1 + len(query.without)

    def rows(self, wanted: int) -> list[Row]:
        """The best WANTED results exactly as `reading.best` ranks them, or none if unsure."""
        if not self.is_apt:
            return []
        inner, parameters = summed(self.terms)
        limit = wanted + wanted // 4 + 20
        sql = (
            f"SELECT doc, CAST(score AS BIGINT) FROM ({inner}) AS m"
            " ORDER BY score DESC, doc DESC LIMIT %s"
        )
        sums = dict(rows(sql, [*parameters, limit]))
        if not sums:
            return []
        found = self._ranked(self._documents(f"d.id IN ({marks(list(sums))})", list(sums)), sums)
        found = self._collapsed(found)[:wanted]
        if len(sums) < limit:
            return found
        highest = min(sums.values()) * _HIGHEST // 1000 * READER_BONUS // 100
        return found if len(found) == wanted and found[-1].score > highest else []

    def _documents(self, which: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        clauses = [which, *[clause for clause, _ in self.conditions]]
        own = [value for _, values in self.conditions for value in values]
        sql = f"SELECT {_COLUMNS} FROM search_doc d WHERE {' AND '.join(clauses)}"
        return rows(sql, [*parameters, *own])

    def _ranked(self, documents: list[tuple[Any, ...]], sums: dict[int, int]) -> list[Row]:
        made = []
        for doc, kind, object_id, factor, changed_at, family, language in documents:
            lifted = READER_BONUS if is_in(language, self.base) else 100
            score = sums[doc] * factor // 1000 * lifted // 100
            made.append(Row(doc, score, kind, object_id, factor, changed_at, family, language))
        made.sort(key=lambda row: (row.score, row.doc), reverse=True)
        return made

    def _collapsed(self, found: list[Row]) -> list[Row]:
        """One row per family, in the reader's language where that one matched."""
        families = sorted({row.family for row in found if row.family})
        if not families:
            return found
        # The plus keeps SQLite from walking through the whole collection.
        which = f"d.family IN ({marks(families)}) AND d.family < 0 AND +d.collection_id = %s"
        known = {row.doc for row in found}
        members = self._documents(which, [*families, self.collection.pk])
        others = [row for row in members if row[0] not in known]
        sums = scores_of(self.terms, [row[0] for row in others])
        more = self._ranked([row for row in others if sums[row[0]]], sums)
        groups: dict[int, list[Row]] = {}
        for row in [*found, *more]:
            groups.setdefault(row.family or row.doc, []).append(row)
        chosen = [self._of_family(some) for some in groups.values()]
        return sorted(chosen, key=lambda row: (row.score, row.doc), reverse=True)

    def _of_family(self, some: list[Row]) -> Row:
        if len(some) == 1:
            return some[0]
        shown = max(some, key=lambda row: (self._preference(row), row.score, row.doc))
        return shown._replace(score=max(row.score for row in some))

    def _preference(self, row: Row) -> int:
        return 2 if is_in(row.language, self.base) else int(row.language == "en")


def is_in(language: str, base: str) -> bool:
    return language == base or language.startswith(f"{base}-")


def scores_of(terms: Sequence[Term], docs: Sequence[int]) -> Counter[int]:
    """What TERMS give to DOCS."""
    scores: Counter[int] = Counter()
    factors = {term.id: term.factor for term in terms}
    ids = sorted((term << SHIFT) + doc for term in factors for doc in docs)
    for some in chunks(ids):
        sql = f"SELECT id, weight FROM search_posting WHERE id IN ({marks(some)})"
        for posting, weight in rows(sql, list(some)):
            scores[posting & MASK] += (weight // 2) * factors[posting >> SHIFT]
    return scores
