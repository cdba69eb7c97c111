"""The counts of all filters in one pass: documents that are alike in them are one bucket."""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import Search

from search.engines.base import Found, Query
from search.engines.elasticsearch.client import Rubbish
from search.engines.tally import Some, Tally, bounds
from search.registry import Document

# One column holds what a document is in every filter, in the order of tally.FACETS.
COLUMN = "facets"
_PARTED = "\x1f"
_SOLVED = {None: "", True: "yes", False: "no"}
_READ = {word: value for value, word in _SOLVED.items()}
# The server refuses more than 65,535 buckets in one answer.
MOST_ALIKE = 4_000
_MOST_FAMILIES, _MOST_COUNTED_FAMILIES = 60_000, 8_000
_MEMBERS = 40


def solved_of(value: bool | None) -> str:
    return _SOLVED[value]


def written(document: Document) -> str:
    values = (document.kind, document.product, document.language, _SOLVED[document.solved])
    return _PARTED.join((*values, document.state))


def read(text: Any) -> tuple[Any, ...]:
    try:
        kind, product, language, solved, state = text.split(_PARTED)
        return kind, product, language, _READ[solved], state
    except (AttributeError, ValueError, KeyError) as error:
        raise Rubbish("a bucket without a name") from error


def with_counts(search: Search, query: Query, *, families: bool) -> Search:
    """Adds what is counted beside the total: of families, those with several hits."""
    aggs = search.aggs
    if query.facets:
        alike = aggs.bucket("alike", "terms", field=COLUMN, size=MOST_ALIKE)
        if steps := bounds(query):
            alike.bucket("steps", "range", field="changed", ranges=_ranges(steps))
    if families:
        size = _MOST_COUNTED_FAMILIES if query.facets else _MOST_FAMILIES
        again = aggs.bucket("again", "terms", field="family", min_doc_count=2, size=size)
        if query.facets:
            members = again.bucket("alike", "terms", field=COLUMN, size=_MEMBERS)
            members.metric("changed", "stats", field="changed")
    return search


def _ranges(steps: list[int]) -> list[dict[str, Any]]:
    """From the latest moment back, each as far as the one before it."""
    between = [
        {"key": str(step), "from": steps[step], "to": steps[step - 1]}
        for step in range(1, len(steps))
    ]
    first, last = {"key": "0", "from": steps[0]}, {"key": str(len(steps)), "to": steps[-1]}
    return [first, *between, last]


def tell(answer: dict[str, Any], query: Query, found: Found, *, families: bool) -> None:
    counted = answer.get("aggregations", {})
    again = counted["again"]["buckets"] if families else []
    if not query.facets:
        repeated = sum(whole(one["doc_count"]) - 1 for one in again)
        found.total = whole(answer["hits"]["total"]["value"]) - repeated
        return
    steps = bounds(query)
    tally = Tally(query)
    for bucket in counted["alike"]["buckets"]:
        values = read(bucket["key"])
        if steps:
            for part in bucket["steps"]["buckets"]:
                tally.add(Some(values, int(part["key"])), whole(part["doc_count"]))
        else:
            tally.add(Some(values, 0), whole(bucket["doc_count"]))
    for family in again:
        _count_once(family, steps, tally)
    tally.tell(found)


def _count_once(family: dict[str, Any], steps: list[int], tally: Tally) -> None:
    """Takes back all hits of a family, and counts it as one."""
    members, counts = [], []
    for bucket in family["alike"]["buckets"]:
        values, count = read(bucket["key"]), whole(bucket["doc_count"])
        # Hardly ever are there two translations into one language; those of three between the
        # latest and the first are taken for as old as the first.
        latest, first = (_step(bucket["changed"][name], steps) for name in ("max", "min"))
        members += [Some(values, latest), Some(values, first)]
        counts += [1, count - 1]
    tally.take_back(members, counts)


def _step(moment: float, steps: list[int]) -> int:
    return next((number for number, step in enumerate(steps) if moment >= step), len(steps))


def whole(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise Rubbish("a count that is none")
    return value
