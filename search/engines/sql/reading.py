"""Asks a collection: one statement that scores, filters, checks access and sorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from search.analysis.stemming import base_language
from search.analysis.words import BIGRAM, CODE, EXACT, STEM, WEIGHTS
from search.engines.base import Query, QueryWord
from search.engines.sql.ranking import Words
from search.engines.sql.tables import MASK, SHIFT, chunks, marks, rows, terms_of
from search.engines.sql.weights import FACTOR_SCALE, idf
from search.engines.tally import seconds
from search.models import Collection

# Up to here the stored document frequency may lag behind; such terms are counted when asked.
_COUNTED_LIVE = 100
_COUNT_LIMIT = 200
# SQLite joins at most 500 parts in one statement.
_MAX_TERMS = 220
# In large collections a word in more than a seventh of the texts only helps to rank what the
# other words found: counting its postings would take most of the time.
_PRUNE_FROM = 20_000
_PRUNE_SHARE, _PRUNE_BUDGET = 0.15, 0.5
# However large the collection is: what a page counts must be read.
_MOST_READ = 25_000
# The words of a composer's body are many and say little each: more of them must be read.
_LONG_SHARE, _LONG_BUDGET = 0.3, 0.9
# The reader's own language is preferred: per cent.
READER_BONUS = 130
# Looked through for words side by side that are to be left out.
_MOST_WITH_ALL = 5_000
# Words taken of a composer's body (search.md 4.4).
_TELLING = 30


@dataclass(slots=True)
class Term:
    """A term of the query as this collection knows it."""

    key: str
    id: int
    df: int
    idf: float
    weight: float

    @property
    def factor(self) -> int:
        return max(1, round(self.idf * self.weight * FACTOR_SCALE))


@dataclass(slots=True)
class Statistics:
    """Public documents per language, as they count for idf."""

    languages: dict[str, int] = field(default_factory=dict)
    total: int = 0

    def of(self, key: str) -> int:
        kind, _, rest = key.partition(":")
        if kind in {STEM, BIGRAM}:
            language = rest.partition(":")[0]
            return self.languages.get(language, 0) or self.total
        return self.total


def statistics(collection: Collection) -> Statistics:
    """As last counted; a small collection is counted each time, for it changes fast."""
    counted = {
        language: row["n"] for language, row in collection.statistics.get("languages", {}).items()
    }
    if sum(counted.values()) < 2_000 and not _is_settled(collection):
        counted = {}
        sql = (
            "SELECT language, COUNT(*) FROM search_doc"
            " WHERE collection_id = %s AND is_public = %s GROUP BY language"
        )
        for language, count in rows(sql, [collection.pk, True]):
            base = base_language(language)
            counted[base] = counted.get(base, 0) + count
    return Statistics(counted, sum(counted.values()))


def _is_settled(collection: Collection) -> bool:
    """A scratch collection never changes after it was built."""
    return collection.state == Collection.State.SCRATCH


def lookup(
    words: Sequence[tuple[str, float]],
    collection: Collection,
    counts: Statistics,
    tokens: frozenset[str] = frozenset(),
) -> list[Term]:
    """The terms that exist, with their idf; private texts count for nothing in it.

    A term that no public text has is one only for who may find a text that has it: to all
    others it must change nothing, or they could ask for words one by one.
    """
    weights: dict[str, float] = {}
    for key, weight in words:
        weights[key] = max(weight, weights.get(key, 0.0))
    found = terms_of(collection.pk, list(weights))
    live = {}
    if not _is_settled(collection):
        live = count_live([term for term, df in found.values() if df < _COUNTED_LIVE])
    own = findable([term for term, df in found.values() if not live.get(term, df)], tokens)
    terms = []
    for key, (term, stored) in found.items():
        df = live.get(term, stored)
        if not df and term not in own:
            continue
        weight = weights[key] * WEIGHTS[key[0]]
        terms.append(Term(key, term, df, idf(counts.of(key), df), weight))
    return terms


def findable(terms: Sequence[int], tokens: frozenset[str]) -> set[int]:
    """Those of TERMS that a private document has which who holds TOKENS may find."""
    own = sorted(tokens - {"public"})
    if not terms or not own:
        return set()
    part = (
        "SELECT %s WHERE EXISTS (SELECT 1 FROM search_posting p"
        f" JOIN search_doctoken t ON t.doc_id = (p.id & {MASK})"
        f" WHERE p.id BETWEEN %s AND %s AND t.token IN ({marks(own)}))"
    )
    found: set[int] = set()
    for some in chunks(terms, 50):
        parameters = [v for t in some for v in (t, t << SHIFT, (t << SHIFT) + MASK, *own)]
        found |= {term for (term,) in rows(" UNION ALL ".join([part] * len(some)), parameters)}
    return found


def count_live(terms: Sequence[int]) -> dict[int, int]:
    """Public documents of each term right now, counted up to a limit."""
    if not terms:
        return {}
    # A subquery each: SQLite allows LIMIT only inside one.
    part = (
        "SELECT %s, (SELECT COUNT(*) FROM (SELECT 1 FROM search_posting p"
        f" JOIN search_doc d ON d.id = (p.id & {MASK})"
        f" WHERE p.id BETWEEN %s AND %s AND d.is_public LIMIT {_COUNT_LIMIT}) AS counted)"
    )
    counted: dict[int, int] = {}
    for start in range(0, len(terms), 100):
        some = terms[start : start + 100]
        parameters = [
            value for term in some for value in (term, term << SHIFT, (term << SHIFT) + MASK)
        ]
        counted.update(rows(" UNION ALL ".join([part] * len(some)), parameters))
    return counted


class Row(NamedTuple):
    """A document that matched, as the database scored it."""

    doc: int
    score: int
    kind: str
    object_id: str
    factor: int
    changed_at: int
    family: int
    language: str


@dataclass(slots=True)
class Statement:
    """The common part of a search: the documents that match, with their scores."""

    sql: str
    parameters: list[Any]


def split(
    terms: Sequence[Term], counts: Statistics, words: Sequence[QueryWord] = ()
) -> tuple[list[Term], list[Term]]:
    """Terms that find, and those too common to: unless nothing else is left.

    An exact form whose stem is in as many texts finds nothing that the stem does not; it
    counts when the best are looked at.
    """
    df = {term.key: term.df for term in terms}
    covered = {
        key
        for word in words
        for key in word.keys
        if key[0] == EXACT
        and 0
        < df.get(key, 0)
        <= max((df.get(k, 0) for k in word.keys if k[0] in (STEM, CODE)), default=0)
    }
    ranked = sorted((t for t in terms if t.key not in covered), key=lambda t: (t.df, t.key))
    ranked = ranked[:_MAX_TERMS]
    if counts.total < _PRUNE_FROM:
        return ranked, []
    is_long = any(word.count for word in words)
    limit = counts.total * (_LONG_SHARE if is_long else _PRUNE_SHARE)
    budget = counts.total * (_LONG_BUDGET if is_long else _PRUNE_BUDGET)
    budget = min(budget, 2 * _MOST_READ if is_long else _MOST_READ)
    read = 0
    finding: list[Term] = []
    for term in ranked:
        read += term.df
        if term.df > limit or (read > budget and finding):
            break
        finding.append(term)
    if not any(term.key[0] != BIGRAM for term in finding):
        return ranked, []
    return finding, ranked[len(finding) :]


def summed(terms: Sequence[Term], near: Sequence[int] = ()) -> tuple[str, list[Any]]:
    """Documents with the sum of what TERMS give them; those in NEAR with 0 at least."""
    part = (
        f"SELECT id & {MASK} AS doc, (weight / 2) * %s AS score FROM search_posting"
        " WHERE id BETWEEN %s AND %s"
    )
    parameters: list[Any] = []
    for term in terms:
        parameters += [term.factor, term.id << SHIFT, (term.id << SHIFT) + MASK]
    parts = [part] * len(terms)
    if near:
        parts.append(f"SELECT id AS doc, 0 AS score FROM search_doc WHERE id IN ({marks(near)})")
        parameters += near
    union = " UNION ALL ".join(parts)
    return f"SELECT doc, SUM(score) AS score FROM ({union}) AS found GROUP BY doc", parameters


def matched(
    terms: Sequence[Term],
    query: Query,
    collection: Collection,
    conditions: Sequence[tuple[str, list[Any]]],
    near: Sequence[int] = (),
) -> Statement:
    """WITH clause whose `matched` holds doc, score, family and the facets' columns.

    Documents in NEAR match without a term of their own, with a score of 0.
    """
    if terms or near:
        inner, parameters = summed(terms, near)
    else:
        inner = "SELECT id AS doc, 0 AS score FROM search_doc WHERE collection_id = %s"
        parameters = [collection.pk]
    # A posting is of this collection anyway, and SQLite must not start from the documents.
    clauses = ["+d.collection_id = %s", *[clause for clause, _ in conditions]]
    score = (
        "CAST(m.score * d.factor / 1000 * CASE WHEN d.language = %s OR d.language LIKE %s"
        f" THEN {READER_BONUS} ELSE 100 END / 100 AS BIGINT)"
    )
    base = base_language(query.reader)
    sql = (
        f"WITH matched AS MATERIALIZED (SELECT d.id AS doc, {score} AS score,"
        " CASE WHEN d.family = 0 THEN d.id ELSE d.family END AS family,"
        " d.factor, d.kind, d.object_id, d.language, d.product, d.solved, d.state, d.changed_at"
        f" FROM ({inner}) AS m JOIN search_doc d ON d.id = m.doc"
        f" WHERE {' AND '.join(clauses)})"
    )
    before = [base, f"{base}-%"]
    after = [collection.pk, *[value for _, values in conditions for value in values]]
    return Statement(sql, [*before, *parameters, *after])


def collapsed(statement: Statement, query: Query, collection: Collection) -> Statement:
    """Adds `ranked`: one row per family, in the reader's language where there is one."""
    if not collection.has_families:
        return uncollapsed(statement)
    base = base_language(query.reader)
    preference = (
        "CASE WHEN language = %s OR language LIKE %s THEN 2 WHEN language = 'en' THEN 1 ELSE 0 END"
    )
    sql = (
        f"{statement.sql}, chosen AS (SELECT family, MAX(score) AS best,"
        f" MAX({preference} * {1 << 60} + score * {1 << SHIFT} + doc) & {MASK} AS doc"
        " FROM matched GROUP BY family),"
        " ranked AS (SELECT m.doc, c.best AS score, m.family, m.factor, m.kind, m.object_id, m.language,"
        " m.product, m.solved, m.state, m.changed_at FROM chosen c JOIN matched m ON m.doc = c.doc)"
    )
    return Statement(sql, [*statement.parameters, base, f"{base}-%"])


def uncollapsed(statement: Statement) -> Statement:
    """Adds `ranked`: every document by itself."""
    return Statement(f"{statement.sql}, ranked AS (SELECT * FROM matched)", statement.parameters)


def best(
    statement: Statement, limit: int, after: tuple[int, int] | None, by: str = "score"
) -> list[Row]:
    """Rows from the best (or the newest) on."""
    behind, parameters = "", list(statement.parameters)
    if after is not None:
        behind = f" WHERE {by} < %s OR ({by} = %s AND doc < %s)"
        parameters += [after[0], after[0], after[1]]
    sql = (
        f"{statement.sql} SELECT doc, score, kind, object_id, factor, changed_at, family, language"
        f" FROM ranked{behind} ORDER BY {by} DESC, doc DESC LIMIT %s"
    )
    return [Row(*row) for row in rows(sql, [*parameters, limit])]


def count(statement: Statement) -> int:
    return int(rows(f"{statement.sql} SELECT COUNT(*) FROM ranked", statement.parameters)[0][0])


def access(tokens: frozenset[str]) -> tuple[str, list[Any]]:
    """Public, or one of the viewer's tokens is on the document."""
    own = sorted(tokens - {"public"})
    if not own:
        return "d.is_public", []
    listed = ", ".join(["%s"] * len(own))
    held = f"SELECT 1 FROM search_doctoken t WHERE t.doc_id = d.id AND t.token IN ({listed})"
    return f"(d.is_public OR EXISTS ({held}))", own


def facet_conditions(query: Query) -> list[tuple[str, list[Any]]]:
    """The filters that facets offer: facets are counted without them."""
    conditions: list[tuple[str, list[Any]]] = []
    for column, values in (
        ("kind", query.kinds),
        ("product", query.products),
        ("language", query.languages),
        ("state", query.states),
    ):
        if values:
            listed = ", ".join(["%s"] * len(values))
            conditions.append((f"d.{column} IN ({listed})", list(values)))
    if query.solved is not None:
        conditions.append(("d.solved = %s", [query.solved]))
    if query.since is not None:
        conditions.append(("d.changed_at >= %s", [seconds(query.since)]))
    return conditions


_COLUMNS = {name: f"d.{name}" for name in ("kind", "product", "language", "state", "solved")}


def barred(name: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """None of VALUES in the column of a filter."""
    column = _COLUMNS[name]
    return f"({column} IS NULL OR {column} NOT IN ({marks(values)}))", list(values)


def with_all(row: Sequence[frozenset[int]]) -> list[int]:
    """Documents that have one of the terms of each set, a few thousand at most."""
    parts, parameters = [], []
    for terms in row:
        ranges = " OR ".join(["id BETWEEN %s AND %s"] * len(terms))
        parts.append(f"SELECT id & {MASK} AS doc FROM search_posting WHERE {ranges}")
        parameters += [v for term in sorted(terms) for v in (term << SHIFT, (term << SHIFT) + MASK)]
    sql = f"{' INTERSECT '.join(parts)} ORDER BY doc DESC LIMIT {_MOST_WITH_ALL}"
    return [doc for (doc,) in rows(sql, parameters)]


def without_dull(terms: list[Term], words: Sequence[QueryWord]) -> list[Term]:
    """Of a long text only the words with the highest tf-idf are searched."""
    counted = [word for word in words if word.count]
    if len(counted) <= _TELLING:
        return terms
    idfs = {term.key: term.idf for term in terms}
    counted.sort(key=lambda w: -w.count * max((idfs.get(key, 0.0) for key in w.keys), default=0))
    kept = {key for word in counted[:_TELLING] for key in word.keys}
    kept |= {key for word in words if not word.count for key in word.keys}
    return [term for term in terms if term.key in kept]


def words_of(docs: Sequence[int]) -> dict[int, Words]:
    found: dict[int, Words] = {}
    for some in chunks(docs, 500):
        sql = f"SELECT doc_id, words FROM search_docwords WHERE doc_id IN ({marks(some)})"
        found.update((doc, Words(words)) for doc, words in rows(sql, list(some)))
    return found


def keyed(words: Sequence[QueryWord]) -> list[tuple[str, float]]:
    return [(key, word.weight) for word in words for key in word.keys]
