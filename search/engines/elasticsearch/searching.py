"""One search: what is asked, in which order, and what the answers mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch.dsl import Q, Search

from search.analysis.words import WEIGHTS
from search.engines import meaning
from search.engines.base import Found, Query, QueryWord, Scored
from search.engines.elasticsearch import asking, facets
from search.engines.elasticsearch.client import Asker
from search.engines.elasticsearch.counts import Counts
from search.engines.elasticsearch.encoding import number_of, plain
from search.engines.elasticsearch.mapping import PRIVATE
from search.engines.elasticsearch.nearness import Nearness
from search.engines.elasticsearch.rows import (
    DIGITS,
    OURS,
    Row,
    hits_of,
    key_of,
    lifted,
    place_of,
    read_words,
    row_of,
    shown_as,
)
from search.engines.sql import reading, spelling
from search.engines.sql.ranking import POOL, Look, bonus, look, place
from search.engines.sql.reading import Statistics, Term
from search.engines.sql.weights import idf
from search.engines.words import corrected, in_other_forms, unmatched
from search.models import Collection

_AT_MOST = 2_000
# From so many texts on the best are looked for first, and counting is a question of its own.
QUICK_FROM = 20_000
# So many more than wanted are asked for; if one that was left out may still come up, so many.
_MORE, _MANY_MORE = 40, 200
# Filters that leave more than this are looked at in what comes up, others before.
_BROAD = 0.05
# The highest factor of a document, in thousandths.
_HIGHEST = 1020


class Searching:
    def __init__(self, query: Query, collection: Collection, asker: Asker, counts: Counts) -> None:
        self.query = query
        self.collection = collection
        self.asker = asker
        self.counts = counts
        self.found = Found()
        self.look = Look()
        self.statistics = Statistics()
        self.corrected: list[QueryWord] = []
        self.near = Nearness(query)

    def run(self) -> Found:
        query = self.query = spelling.expanded(self.query, self.collection)
        pairs = [QueryWord("", (pair,)) for pair in query.pairs]
        self.terms = self._lookup(reading.keyed([*query.words, *pairs]))
        query = self._in_other_forms()
        self.terms = reading.without_dull(self.terms, query.words)
        if query.spelling:
            self._correct()
        self.found.unmatched = unmatched(query, self.terms, self._seen)
        if query.words and not self.terms and not self.near:
            return self.found
        asked = [*query.words, *self.corrected]
        finding, self.common = reading.split(self.terms, self.statistics, asked)
        self.look = look(self.terms, query.words, self.statistics.total)
        self.scoring = asking.finding(finding, self.near.clauses(), query)
        self.must, self.must_not = asking.conditions(query)
        if not self.scoring:
            self.must.append(asking.access(query))
        self.chosen = list(asking.chosen(query).values())
        self.filters = [*self.must, *self.chosen]
        if query.newest:
            self._newest(self._full())
        else:
            self._rank()
        return self.found

    def _full(self) -> dict[str, Any]:
        """The first stretch and, where they are wanted, the counts, in one question."""
        query = self.query
        size = max(POOL, query.limit + 1)
        # With facets the chosen filters come after counting.
        before = self.must if query.facets else self.filters
        clause = asking.scored(self.scoring, before, self.must_not, query)
        search = asking.page(clause, query, size, None, words=bool(self.look))
        if not asking.is_counted(query):
            return self.asker.ask(search.to_dict())
        if query.facets and self.chosen:
            search = search.post_filter(Q("bool", filter=self.chosen))
        answer = self.asker.ask(self._with_counts(search))
        self._count(answer)
        return answer

    def _with_counts(self, search: Search) -> dict[str, Any]:
        families = self.collection.has_families
        body: dict[str, Any] = facets.with_counts(search, self.query, families=families).to_dict()
        return body

    def _count(self, answer: dict[str, Any]) -> None:
        families = self.collection.has_families
        facets.tell(answer, self.query, self.found, families=families)

    def _quick(self, wanted: int) -> list[Row] | None:
        """The same first WANTED rows by their bare sums, without a look at all that match.

        The server skips what cannot come up. None if one that it skipped may still do so.
        """
        query = self.query
        if self.statistics.total < QUICK_FROM or not self.scoring:
            return None
        bodies = [self._bare(wanted + _MORE)]
        if asking.is_counted(query):
            before = self.must if query.facets else self.filters
            counted = asking.counted(self.scoring, before, self.must_not)
            bodies.append(self._with_counts(counted))
        first, *more = self.asker.ask_all(bodies)
        if more:
            self._count(more[0])
            # A second look need not count again.
            self.query = replace(query, counted=False, facets=False)
        rows = self._sure(first, wanted, _MORE)
        if rows is None:
            rows = self._sure(self.asker.ask(self._bare(wanted + _MANY_MORE)), wanted, _MANY_MORE)
        return rows

    def _bare(self, size: int) -> dict[str, Any]:
        is_broad = bool(self.chosen) and (
            self.counts.share(self.query, self.collection.pk) > _BROAD
        )
        before, behind = (self.must, self.chosen) if is_broad else (self.filters, [])
        clause = asking.summed(self.scoring, before, [])
        body: dict[str, Any] = asking.quick(clause, behind, self.must_not, size).to_dict()
        return body

    def _sure(self, answer: dict[str, Any], wanted: int, more: int) -> list[Row] | None:
        """The first WANTED rows of ANSWER, unless one that is not in it may be among them."""
        hits = hits_of(answer)
        found = sorted(
            (row_of(hit, self.query, is_bare=True) for hit in hits), key=place_of, reverse=True
        )
        if len(hits) == wanted + more:
            highest = key_of(lifted(hits[-1]["_score"], _HIGHEST, is_own=True))
            if len(found) < wanted or found[wanted - 1].key <= highest:
                return None
        rows = self._of_families(found, is_first=True)[:wanted]
        if len(hits) == wanted + more and (len(rows) < wanted or rows[-1].key <= highest):
            return None
        return rows

    # Terms

    def _lookup(self, keyed: Sequence[tuple[str, float]]) -> list[Term]:
        """The terms with their idf; private texts count for nothing in it."""
        weights: dict[str, float] = {}
        for key, weight in keyed:
            weights[key] = max(weight, weights.get(key, 0.0))
        df, self.statistics = self.counts.of(weights, self.collection.pk, self.asker)
        # A word that no public text has is none, but for who may find a private one that has it:
        # to all others it must change nothing, or they could ask for words one by one.
        kept = [key for key in df if df[key]]
        kept += self._findable([key for key in df if not df[key]])
        return [
            Term(
                key,
                number_of(key),
                df[key],
                idf(self.statistics.of(key), df[key]),
                weights[key] * WEIGHTS[key[0]],
            )
            for key in kept
        ]

    def _in_other_forms(self) -> Query:
        languages = self.statistics.languages
        made, more = in_other_forms(
            self.query, self.terms, self.collection, languages, self._lookup
        )
        self.query, self.found.words = made, made.words
        self.terms += more
        return made

    def _correct(self) -> None:
        self.found.corrections, self.corrected = corrected(
            self.query, self.terms, self.collection, self._count_terms
        )
        if self.corrected:
            known = {term.key for term in self.terms}
            keys = reading.keyed(self.corrected)
            self.terms += self._lookup([one for one in keys if one[0] not in known])

    def _count_terms(self, terms: Sequence[tuple[int, str]]) -> dict[int, int]:
        df, _ = self.counts.of((key for _, key in terms), self.collection.pk, self.asker)
        return {term: df[key] for term, key in terms}

    def _findable(self, keys: Sequence[str]) -> list[str]:
        """Those of KEYS that a private text has which the viewer may find."""
        own = sorted(plain(token) for token in self.query.tokens - {"public"})
        if not keys or not own:
            return []
        terms = [Q("term", **{PRIVATE: plain(key)}) for key in keys]
        filters = {str(i): {"filter": term.to_dict()} for i, term in enumerate(terms)}
        having = Q("bool", filter=[Q("terms", tokens=own)], should=terms, minimum_should_match=1)
        body = {"size": 0, "track_total_hits": False, "query": having.to_dict(), "aggs": filters}
        found = self.asker.ask(body)["aggregations"]
        return [key for i, key in enumerate(keys) if found[str(i)]["doc_count"]]

    def _seen(self, missing: Mapping[str, Sequence[str]]) -> set[str]:
        # All that could be missing has been looked for among private texts by now.
        known = {term.key for term in self.terms}
        return {text for text, keys in missing.items() if not known.isdisjoint(keys)}

    # Documents

    def _rank(self) -> None:
        """The best POOL documents are looked at closely; the others follow as they are.

        Ranking only ever adds, so no document of the pool falls behind one that is not in it.
        """
        query, wanted = self.query, self.query.limit + 1
        size = max(POOL, wanted)
        first = self._quick(size)
        if first is None:
            first = self._stretch(self._full(), size)
        pool, behind = first[:POOL], first[POOL:]
        rows = self._looked_at([*pool, *self._nearby(pool)])
        if self.near:
            least = pool[-1].key + 1 if len(pool) == POOL else 0
            weight = meaning.weight_of(query, self.found.unmatched)
            rows = self.near.lifted(rows, weight, least)
        if query.after is not None:
            number, doc = query.after
            after = (number - OURS, doc) if number >= OURS else None
            rows = [row for row in rows if after is None or row.place < after]
            if after is not None and len(rows) < wanted and len(pool) == POOL:
                last = pool[-1].place
                start = last if rows else min(last, after)
                more = wanted - len(rows) + len(self.near)
                behind = self._behind([start[0] / (1 << DIGITS), start[1]], more)
        rows = [*rows, *(row for row in behind if not self.near.has(row))][:wanted]
        self._take(rows)
        if len(rows) > query.limit:
            self.found.next = (rows[query.limit - 1].key + OURS, rows[query.limit - 1].doc)

    def _nearby(self, pool: Sequence[Row]) -> list[Row]:
        """Rows that are near in meaning and not in POOL."""
        if not self.near:
            return []
        filters = [self.near.condition(), *self.filters]
        clause = asking.scored(self.scoring, filters, self.must_not, self.query)
        body = asking.page(clause, self.query, len(self.near), None, words=False)
        rows = [self._row(hit) for hit in hits_of(self.asker.ask(body.to_dict()))]
        self.near.learn(rows)
        known = {row.doc for row in pool}
        return [row for row in self._of_families(rows, is_first=False) if row.doc not in known]

    def _newest(self, answer: dict[str, Any]) -> None:
        query, wanted = self.query, self.query.limit + 1
        if query.after is None:
            rows = self._stretch(answer, wanted)[:wanted]
        else:
            rows = self._behind(list(query.after), wanted)[:wanted]
        self._take(rows)
        if len(rows) > query.limit:
            self.found.next = (rows[query.limit - 1].key, rows[query.limit - 1].doc)

    def _take(self, rows: Sequence[Row]) -> None:
        rows = rows[: self.query.limit]
        if self.query.places and self.look:
            read_words(rows, self.asker)
        self.found.hits = [
            Scored(
                row.kind,
                row.object_id,
                row.score,
                row.doc,
                place(row.words, self.look) if row.words and self.query.places else 0,
            )
            for row in rows
        ]

    def _stretch(self, answer: dict[str, Any], wanted: int) -> list[Row]:
        """The first WANTED results, of which ANSWER is the beginning."""
        hits = hits_of(answer)
        rows = self._of_families([self._row(hit) for hit in hits], is_first=True)
        size = max(POOL, self.query.limit + 1)
        if len(rows) < wanted and len(hits) == size:
            known = {row.family for row in rows if row.family}
            more = self._behind(hits[-1]["sort"], wanted - len(rows))
            rows += [row for row in more if row.family not in known]
        return rows

    def _behind(self, after: list[float | int], wanted: int) -> list[Row]:
        """At least WANTED results behind AFTER, if there are so many."""
        clause = asking.scored(self.scoring, self.filters, self.must_not, self.query)
        size = wanted if not self.collection.has_families else wanted + 30
        rows: list[Row] = []
        while True:
            body = asking.page(clause, self.query, size, after, words=bool(self.look))
            hits = hits_of(self.asker.ask(body.to_dict()))
            rows += self._of_families([self._row(hit) for hit in hits], is_first=False)
            if len(rows) >= wanted or len(hits) < size:
                return rows
            after = hits[-1]["sort"]
            size = min(size * 4, _AT_MOST)

    def _row(self, hit: dict[str, Any]) -> Row:
        return row_of(hit, self.query)

    # Translations: a family is one result, in the reader's language where that matched

    def _of_families(self, rows: list[Row], *, is_first: bool) -> list[Row]:
        """ROWS without those whose family stands elsewhere in the list."""
        unsure = {row.family for row in rows if row.family and (row.preference < 2 or not is_first)}
        members = self._members(unsure) if unsure else {}
        kept: list[Row] = []
        seen: set[int] = set()
        for row in rows:
            if not row.family:
                kept.append(row)
                continue
            mine = members.get(row.family)
            shown = max(mine, key=lambda one: (one.preference, *one.place)) if mine else row
            anchor = shown if self.query.newest else max(mine, key=place_of) if mine else row
            if row.family not in seen and anchor.doc == row.doc:
                seen.add(row.family)
                kept.append(shown_as(row, shown))
        return kept

    def _members(self, families: Iterable[int]) -> dict[int, list[Row]]:
        """All matching members of FAMILIES."""
        some = sorted(families)
        own = Q("terms", family=some)
        clause = asking.scored(self.scoring, [own, *self.filters], self.must_not, self.query)
        body = asking.page(clause, self.query, min(40 * len(some), 10_000), None, words=False)
        found: dict[int, list[Row]] = {}
        for hit in hits_of(self.asker.ask(body.to_dict())):
            row = self._row(hit)
            found.setdefault(row.family, []).append(row)
        return found

    # The close look

    def _looked_at(self, pool: Sequence[Row]) -> list[Row]:
        # What the too common terms add to documents that other terms found.
        common = [clause.to_dict() for clause in asking.weighed(self.common, self.query)]
        more = read_words(pool, self.asker, common) if self.look or common else {}
        looked = []
        for row in pool:
            gain = more.get((row.kind, row.object_id), 0)
            if self.look and row.words is not None:
                gain += bonus(row.words, self.look)
            # What is ranked down stays so.
            gain = gain * row.factor // 1000
            looked.append(replace(row, key=row.key + (gain << DIGITS), score=row.score + gain))
        return sorted(looked, key=place_of, reverse=True)
