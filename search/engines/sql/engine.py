"""The `sql` engine: search.md section 5 in ordinary tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from search.engines import meaning
from search.engines.base import Found, Layer, Near, Phrase, Query, QueryWord, Required, Scored
from search.engines.sql import nearness, reading, spelling, writing
from search.engines.sql.ranking import POOL, Look, Words, bonus, has_phrase, look, place
from search.engines.sql.reading import Row, Statement, Statistics, Term
from search.engines.sql.tables import MASK, SHIFT, chunks, execute, marks, rows, terms_of
from search.engines.sql.top import Top, scores_of
from search.engines.tally import FACETS, Some, Tally, bounds
from search.engines.words import corrected, in_other_forms, unmatched
from search.models import Collection, Doc
from search.models import Term as TermRow
from search.registry import Document

Conditions = Sequence[tuple[str, list[Any]]]

# A phrase is checked word by word in at most so many documents.
_PHRASE_LIMIT = 5_000


class SqlEngine:
    name = made_by = "sql"
    in_database = True

    def layers(self) -> Sequence[Layer]:
        return [self]

    def goes_live(self, collection: Collection) -> None:
        """Nothing: the collection's state says it."""

    def feed(self) -> int:
        return 0

    def nearest(
        self, vector: Sequence[float], tokens: frozenset[str], limit: int
    ) -> tuple[Near, ...] | None:
        return None

    def take_vectors(self, until: float) -> None:
        """Nothing: processes read them from the database."""

    def index(self, documents: Sequence[Document], collection: Collection) -> None:
        writing.index(documents, collection)

    def build(self, documents: Iterable[Document], collection: Collection) -> int:
        return writing.Builder(collection).build(documents)

    def remove(
        self,
        keys: Sequence[tuple[str, str]],
        collection: Collection,
        seen: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        writing.remove(keys, collection, seen)

    def drop(self, collection: Collection) -> None:
        writing.drop(collection)

    def complete(self, prefix: str, collection: Collection, limit: int = 5) -> list[str]:
        return spelling.completions(prefix, collection, limit)

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]:
        docs = Doc.objects.filter(collection=collection)
        return {
            (kind, object_id): version
            for kind, object_id, version in docs.values_list(
                "kind", "object_id", "version"
            ).iterator(5_000)
        }

    def search(self, query: Query, collection: Collection) -> Found:
        return _Search(query, collection).run()

    def refresh_statistics(self, collection: Collection, *, is_whole: bool = True) -> None:
        # Where only titles are posted, a word without a posting may stand in a text all the same.
        if is_whole:
            writing.forget_unused(collection)
        sql = (
            "UPDATE search_term SET df = (SELECT COUNT(*) FROM search_posting p"
            f" JOIN search_doc d ON d.id = (p.id & {MASK}) WHERE d.is_public"
            f" AND p.id BETWEEN search_term.id * {1 << SHIFT}"
            f" AND search_term.id * {1 << SHIFT} + {MASK}) WHERE id IN "
        )
        terms = TermRow.objects.filter(collection=collection).order_by("pk")
        for some in chunks(list(terms.values_list("pk", flat=True)), 500):
            execute(f"{sql} ({marks(some)})", list(some))
        counted = reading.statistics(replace_statistics(collection))
        known = collection.statistics.get("languages", {})
        collection.statistics = {
            "languages": {
                language: {
                    "n": count,
                    "title": known.get(language, {}).get("title", 7.0),
                    "body": known.get(language, {}).get("body", 120.0),
                }
                for language, count in counted.languages.items()
            }
        }
        collection.save(update_fields=["statistics"])

    def health(self) -> dict[str, Any]:
        live = Collection.objects.filter(state=Collection.State.LIVE).order_by("-pk").first()
        return {"engine": self.name, "documents": Doc.objects.filter(collection=live).count()}


def replace_statistics(collection: Collection) -> Collection:
    """The collection as if never counted, so that it is counted now."""
    return Collection(pk=collection.pk, state=Collection.State.LIVE, statistics={})


class _Search:
    """One search: terms, conditions, statement, ranking."""

    def __init__(self, query: Query, collection: Collection) -> None:
        self.query = query
        self.collection = collection
        self.counts: Statistics = reading.statistics(collection)
        self.found = Found()
        self.look = Look()
        self.words: dict[int, Words] = {}
        self.corrected: list[QueryWord] = []
        # By document: how near in meaning. Phrases are asked for to the letter.
        near = () if query.phrases else query.near
        self.cosines = nearness.docs_of(near, collection) if near else {}

    def run(self) -> Found:
        query = self.query = spelling.expanded(self.query, self.collection)
        pairs = [QueryWord("", (pair,)) for pair in query.pairs]
        keys = reading.keyed([*query.words, *pairs])
        self.terms = self._lookup(keys)
        query = self._in_other_forms()
        self.terms = reading.without_dull(self.terms, query.words)
        if query.spelling:
            self._correct()
        self.found.unmatched = unmatched(query, self.terms, self._seen)
        if query.words and not self.terms and not self.cosines:
            return self.found
        conditions = self._conditions()
        if conditions is None:
            return self.found
        asked = [*query.words, *self.corrected]
        finding, common = reading.split(self.terms, self.counts, asked)
        self.look = look(self.terms, query.words, self.counts.total)
        filters = reading.facet_conditions(query)
        if query.phrases:
            conditions = [*conditions, self._in_phrases(finding, conditions, filters)]
            common = []
        statement = self._statement(finding, [*conditions, *filters])
        if query.newest:
            self._take_newest(
                reading.best(statement, query.limit + 1, query.after, by="changed_at")
            )
        else:
            self._rank(statement, finding, common, [*conditions, *filters])
        if query.facets:
            self._facets(self._statement(finding, conditions))
        elif query.counted:
            self.found.total = reading.count(statement)
        return self.found

    def _lookup(self, keys: Sequence[tuple[str, float]]) -> list[Term]:
        return reading.lookup(keys, self.collection, self.counts, tokens=self.query.tokens)

    def _statement(
        self, terms: Sequence[Term], conditions: Sequence[tuple[str, list[Any]]]
    ) -> Statement:
        made = reading.matched(terms, self.query, self.collection, conditions, list(self.cosines))
        return reading.collapsed(made, self.query, self.collection)

    def _in_other_forms(self) -> Query:
        languages = self.counts.languages
        made, more = in_other_forms(
            self.query, self.terms, self.collection, languages, self._lookup
        )
        self.query, self.found.words = made, made.words
        self.terms += more
        return made

    def _correct(self) -> None:
        self.found.corrections, words = corrected(self.query, self.terms, self.collection)
        if words:
            known = {term.key for term in self.terms}
            keys = [(key, weight) for key, weight in reading.keyed(words) if key not in known]
            self.terms += self._lookup(keys)
            self.corrected = words

    def _seen(self, missing: Mapping[str, Sequence[str]]) -> set[str]:
        terms = {term.key: term for term in self.terms}
        return {
            text
            for text, keys in missing.items()
            if self._sees([terms[key] for key in keys if key in terms])
        }

    def _sees(self, terms: Sequence[Term]) -> bool:
        """A private document with one of TERMS that the viewer may find."""
        clause, parameters = reading.access(self.query.tokens)
        if not parameters:
            return False
        sql = (
            f"SELECT 1 FROM search_posting p JOIN search_doc d ON d.id = (p.id & {MASK})"
            f" WHERE p.id BETWEEN %s AND %s AND {clause} LIMIT 1"
        )
        return any(
            rows(sql, [term.id << SHIFT, (term.id << SHIFT) + MASK, *parameters]) for term in terms
        )

    def _conditions(self) -> list[tuple[str, list[Any]]] | None:
        """Access, and what must or must not be in a document; None if nothing can match."""
        query = self.query
        conditions = [reading.access(query.tokens)]
        conditions += [
            ("NOT (d.kind = %s AND d.object_id = %s)", list(key)) for key in query.without
        ]
        conditions += [reading.barred(name, values) for name, values in query.barred]
        needed = [*query.required, *self._of_phrases()]
        asked = [(one, False) for one in needed] + [(one, True) for one in query.excluded]
        keys = {key for one, _ in asked for key in one.keys}
        ids = {key: term for key, (term, _) in self._ids(sorted(keys)).items()}
        for one, out in asked:
            terms = [ids[key] for key in one.keys if key in ids]
            if terms:
                conditions.append(_having(terms, one, out=out))
            elif not out:
                return None
        conditions += [self._without(phrase) for phrase in query.without_phrases]
        return conditions

    def _without(self, phrase: Phrase) -> tuple[str, list[Any]]:
        """Leaves out the documents in which PHRASE stands word by word, as far as it is read."""
        ids = self._ids(sorted({key for keys in phrase for key in keys}))
        row = [frozenset(ids[key][0] for key in keys if key in ids) for keys in phrase]
        if not all(terms for terms, keys in zip(row, phrase, strict=True) if keys):
            return "1 = 1", []
        words = reading.words_of(reading.with_all([terms for terms in row if terms]))
        docs = [doc for doc, one in words.items() if has_phrase(one, row)]
        return (f"d.id NOT IN ({marks(docs)})", docs) if docs else ("1 = 1", [])

    def _of_phrases(self) -> list[Required]:
        return [Required(tuple(sorted(keys))) for p in self.query.phrases for keys in p if keys]

    def _ids(self, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
        return terms_of(self.collection.pk, keys) if keys else {}

    def _rank(
        self,
        statement: Statement,
        finding: Sequence[Term],
        common: Sequence[Term],
        conditions: Sequence[tuple[str, list[Any]]],
    ) -> None:
        """The best POOL documents are looked at closely; the others follow as they are.

        Ranking only ever adds, so no document of the pool falls behind one that is not in it.
        """
        query, wanted = self.query, self.query.limit + 1
        size = max(POOL, wanted if query.after is None else 0)
        top = Top(query, self.collection, finding, conditions)
        rows_ = top.rows(size) or reading.best(statement, size, None)
        pool, behind = rows_[:POOL], rows_[POOL:]
        end = (pool[-1].score, pool[-1].doc) if pool else (0, 0)
        least = end[0] + 1 if len(pool) == POOL else 0
        near = nearness.rows_of(statement, self.cosines)
        pool = nearness.joined(pool, near)
        hits = self._looked_at(pool, common)
        if near:
            weight = meaning.weight_of(query, self.found.unmatched)
            cosines = {doc: cosine for doc, (_, cosine) in near.items()}
            hits = sorted(meaning.lifted(hits, cosines, weight, least), key=_key, reverse=True)
        if query.after is not None:
            after = query.after
            hits = [hit for hit in hits if _key(hit) < after]
            if len(hits) < wanted and least:
                start = end if hits else min(end, after)
                behind = reading.best(statement, wanted - len(hits) + len(near), start)
        behind = [row for row in behind if row.doc not in near]
        self._take([*hits, *map(_scored, behind)][:wanted])

    def _take_newest(self, found: Sequence[Row]) -> None:
        limit = self.query.limit
        self.found.hits = self._placed([_scored(row) for row in found[:limit]])
        if len(found) > limit:
            self.found.next = (found[limit - 1].changed_at, found[limit - 1].doc)

    def _looked_at(self, pool: Sequence[Row], common: Sequence[Term]) -> list[Scored]:
        docs = [row.doc for row in pool]
        self.words = reading.words_of(docs) if self.look else {}
        more = scores_of(common, docs)
        scored = []
        for row in pool:
            gain = more[row.doc]
            if row.doc in self.words:
                gain += bonus(self.words[row.doc], self.look)
            # What is ranked down stays so.
            scored.append(_scored(row, gain * row.factor // 1000))
        return sorted(scored, key=_key, reverse=True)

    def _take(self, hits: list[Scored]) -> None:
        self.found.hits = self._placed(hits[: self.query.limit])
        if len(hits) > self.query.limit:
            self.found.next = _key(self.found.hits[-1])

    def _placed(self, hits: Sequence[Scored]) -> list[Scored]:
        """With the place in the text where the snippet begins."""
        if not self.query.places:
            return list(hits)
        words = self.words
        missing = [hit.doc for hit in hits if hit.doc not in words]
        if missing and self.look:
            words = {**words, **reading.words_of(missing)}
        return [
            replace(hit, offset=place(words[hit.doc], self.look)) if hit.doc in words else hit
            for hit in hits
        ]

    def _in_phrases(
        self, finding: Sequence[Term], conditions: Conditions, filters: Conditions
    ) -> tuple[str, list[Any]]:
        """The documents in which each phrase stands word by word: each translation by itself.

        Also those that the filters leave out, for each filter is counted without itself.
        """
        docs, is_all = self._standing(finding, conditions)
        if filters and not is_all:
            docs |= self._standing(finding, [*conditions, *filters])[0]
        found = sorted(docs)
        return (f"d.id IN ({marks(found)})", found) if found else ("1 = 0", [])

    def _standing(self, finding: Sequence[Term], conditions: Conditions) -> tuple[set[int], bool]:
        """Those of the best few thousand, and whether these were all."""
        query = self.query
        made = reading.matched(finding, query, self.collection, conditions)
        pool = reading.best(reading.uncollapsed(made), _PHRASE_LIMIT, None)
        ids = self._ids(sorted({key for p in query.phrases for terms in p for key in terms}))
        phrases = [
            [frozenset(ids[key][0] for key in terms if key in ids) for terms in p]
            for p in query.phrases
        ]
        words = reading.words_of([row.doc for row in pool])
        kept = {doc for doc, one in words.items() if all(has_phrase(one, p) for p in phrases)}
        return kept, len(pool) < _PHRASE_LIMIT

    def _facets(self, statement: Statement) -> None:
        query = self.query
        steps = bounds(query)
        when = "".join(f" WHEN changed_at >= %s THEN {step}" for step in range(len(steps)))
        age = f"CASE{when} ELSE {len(steps)} END" if steps else "0"
        family = "CASE WHEN family < 0 THEN family ELSE 0 END"
        columns = ", ".join(FACETS)
        sql = f"{statement.sql} SELECT {family} AS one, {columns}, {age} AS age, COUNT(*) FROM matched"
        parameters = [*statement.parameters, *steps]
        tally = Tally(query)
        families: dict[int, list[Some]] = {}
        for one, kind, product, language, solved, state, step, count in rows(
            f"{sql} GROUP BY one, {columns}, age", parameters
        ):
            is_solved = None if solved is None else bool(solved)
            alike = Some((kind, product, language, is_solved, state), step)
            if one:
                families.setdefault(one, []).append(alike)
            else:
                tally.add(alike, count)
        for members in families.values():
            tally.add_family(members)
        tally.tell(self.found)


def _having(terms: Sequence[int], one: Required, *, out: bool) -> tuple[str, list[Any]]:
    """A document with one of TERMS, in its title if ONE says so; or none such."""
    ids = ", ".join(["%s + d.id"] * len(terms))
    title = " AND p.weight & 1 = 1" if one.in_title else ""
    clause = f"EXISTS (SELECT 1 FROM search_posting p WHERE p.id IN ({ids}){title})"
    return f"NOT {clause}" if out else clause, [term << SHIFT for term in terms]


def _scored(row: Row, gain: int = 0) -> Scored:
    return Scored(row.kind, row.object_id, row.score + gain, row.doc)


def _key(hit: Scored) -> tuple[int, int]:
    return hit.score, hit.doc
