"""Queries as Elasticsearch reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Clause

from search.engines.base import Query, Required
from search.engines.elasticsearch.encoding import plain
from search.engines.elasticsearch.facets import solved_of
from search.engines.elasticsearch.mapping import PHRASE, PRIVATE, PUBLIC, TITLE
from search.engines.elasticsearch.rows import FACTOR, READER_BONUS, own_language
from search.engines.sql.reading import Term
from search.engines.tally import seconds

COLUMNS = ("kind", "object_id", "family", "primary", "factor")


def fields_of(query: Query) -> tuple[str, ...]:
    """Private terms are asked for only by those who may hold a private text."""
    return (PUBLIC, PRIVATE) if query.tokens - {"public"} else (PUBLIC,)


def weighed(terms: Sequence[Term], query: Query) -> list[Clause]:
    """What TERMS give to documents that have been found."""
    return [clause for field in fields_of(query) for clause in _weighed(terms, field)]


def _weighed(terms: Sequence[Term], field: str) -> list[Clause]:
    """One clause a term: boost x the weight that the document keeps for it."""
    return [
        Q("term", **{field: {"value": plain(term.key), "boost": term.factor}}) for term in terms
    ]


def having(keys: Iterable[str], query: Query) -> list[Clause]:
    return [Q("term", **{field: plain(key)}) for field in fields_of(query) for key in keys]


def access(query: Query) -> Clause:
    return Q("terms", tokens=[plain(token) for token in sorted(query.tokens | {"public"})])


def finding(terms: Sequence[Term], named: Sequence[Clause], query: Query) -> list[Clause]:
    """What finds: TERMS, and documents that are NAMED. Each finds only what the viewer may see.

    Public texts alone have public terms, so nothing else need be asked of these: a condition
    on every document would keep the server from skipping those that cannot come up.
    """
    clauses = _weighed(terms, PUBLIC)
    if terms and PRIVATE in fields_of(query):
        clauses.append(_any(_weighed(terms, PRIVATE), access(query)))
    if named:
        clauses.append(_any(named, access(query)))
    return clauses


def _any(clauses: Sequence[Clause], condition: Clause) -> Clause:
    return Q("bool", filter=[condition], should=list(clauses), minimum_should_match=1)


def conditions(query: Query) -> tuple[list[Clause], list[Clause]]:
    """What every hit must meet beside access, and what none may."""
    must = [_required(one, query) for one in query.required]
    must += [phrase(row) for row in query.phrases]
    must_not = [_required(one, query) for one in query.excluded if one.keys]
    must_not += [phrase(row) for row in query.without_phrases]
    must_not += [_one_of(name, values) for name, values in query.barred]
    must_not += [
        Q("bool", filter=[Q("term", kind=kind), Q("term", object_id=plain(object_id))])
        for kind, object_id in query.without
    ]
    return must, must_not


def withdrawn(keys: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Public documents of KEYS, a clause a kind."""
    by_kind: dict[str, list[str]] = {}
    for kind, object_id in keys:
        by_kind.setdefault(kind, []).append(plain(object_id))
    return [
        Q(
            "bool",
            filter=[
                Q("term", is_public=True), Q("term", kind=kind), Q("terms", object_id=object_ids)
            ],
        ).to_dict()
        for kind, object_ids in by_kind.items()
    ]  # fmt: skip


def _required(one: Required, query: Query) -> Clause:
    if one.in_title:
        return Q("terms", **{TITLE: [plain(key) for key in one.keys]})
    return Q("bool", should=having(one.keys, query), minimum_should_match=1)


def phrase(row: Sequence[frozenset[str]]) -> Clause:
    """Its words side by side; any word may stand where none is named."""
    clauses: list[dict[str, Any]] = []
    for stems in row:
        if stems:
            terms = [{"span_term": {PHRASE: plain(stem)}} for stem in sorted(stems)]
            clauses.append(terms[0] if len(terms) == 1 else {"span_or": {"clauses": terms}})
        elif clauses and "span_gap" in clauses[-1]:
            clauses[-1]["span_gap"][PHRASE] += 1
        else:
            clauses.append({"span_gap": {PHRASE: 1}})
    while clauses and "span_gap" in clauses[0]:
        clauses.pop(0)
    while clauses and "span_gap" in clauses[-1]:
        clauses.pop()
    if not clauses:
        return Q("match_all")
    if len(clauses) == 1:
        return Q(clauses[0])
    return Q({"span_near": {"clauses": clauses, "slop": 0, "in_order": True}})


def chosen(query: Query) -> dict[str, Clause]:
    """The filters that facets offer, by the name of the facet."""
    given: dict[str, Sequence[Any]] = {
        "kind": query.kinds,
        "product": query.products,
        "language": query.languages,
        "state": query.states,
        "solved": () if query.solved is None else (query.solved,),
    }
    clauses = {name: _one_of(name, values) for name, values in given.items() if values}
    if query.since is not None:
        clauses["since"] = Q("range", changed={"gte": seconds(query.since)})
    return clauses


def _one_of(name: str, values: Sequence[Any]) -> Clause:
    kept = [solved_of(value) for value in values] if name == "solved" else values
    return Q("terms", **{name: [plain(value) for value in kept]})


def summed(scoring: Sequence[Clause], must: Sequence[Clause], must_not: Sequence[Clause]) -> Clause:
    """The documents with one of the terms, by the sum of what these give."""
    should = {"should": list(scoring), "minimum_should_match": 1}
    return Q("bool", filter=list(must), must_not=list(must_not), **should)


def counted(
    scoring: Sequence[Clause], must: Sequence[Clause], must_not: Sequence[Clause]
) -> Search:
    """The same documents, only counted."""
    search = Search().query(Q("bool", filter=[summed(scoring, must, must_not)]))
    return search.extra(size=0, track_total_hits=True)


def quick(clause: Clause, broad: Sequence[Clause], must_not: Sequence[Clause], size: int) -> Search:
    """The best by CLAUSE alone; what is BROAD is looked at only in what comes up.

    Any other order than the server's own would make it look at everything.
    """
    search = Search().query(clause)
    if broad or must_not:
        search = search.post_filter(Q("bool", filter=list(broad), must_not=list(must_not)))
    return search.extra(
        size=size,
        track_total_hits=False,
        stored_fields="_none_",
        docvalue_fields=[*COLUMNS, "doc"],
    )


def scored(
    scoring: Sequence[Clause], must: Sequence[Clause], must_not: Sequence[Clause], query: Query
) -> Clause:
    """The documents with one of the terms; popularity and the reader's language multiply."""
    if not scoring:
        return Q("bool", filter=list(must), must_not=list(must_not))
    inner = summed(scoring, must, must_not)
    own = {"filter": {"term": {"primary": own_language(query.reader)}}}
    return Q(
        "function_score",
        query=inner,
        functions=[
            {"field_value_factor": {"field": "factor", "factor": FACTOR, "missing": 1000}},
            {**own, "weight": READER_BONUS},
        ],
        score_mode="multiply",
        boost_mode="multiply",
    )


def is_counted(query: Query) -> bool:
    """Facets say how many of all; without them a total may not be wanted."""
    return query.counted or query.facets


def page(
    clause: Clause, query: Query, size: int, after: Sequence[float | int] | None, *, words: bool
) -> Search:
    """One stretch of the ordered list."""
    order: Any = {"changed": "desc"} if query.newest else "_score"
    search = Search().query(clause)
    behind: Any = {"doc": "desc"}
    search = search.sort(order, behind)
    more: dict[str, Any] = {
        "size": size,
        "track_total_hits": after is None and is_counted(query),
        "track_scores": True,
        # Columns only: nothing is unpacked that is not wanted.
        "stored_fields": "_none_",
        "docvalue_fields": [*COLUMNS, "words"] if words else list(COLUMNS),
    }
    if after is not None:
        more["search_after"] = list(after)
    return search.extra(**more)
