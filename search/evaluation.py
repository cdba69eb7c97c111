"""Measures an engine on judged sets: documents, queries, and which answer which."""

from __future__ import annotations

import gzip
import json
import math
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from search.analysis.tokens import clean
from search.engines.base import Engine, Near
from search.models import Collection
from search.query import Filters, build, similar_query
from search.registry import Document
from search.semantic.weights import SEARCH, SIMILAR, meaning_of
from search.syntax import Parsed

_DEPTH = 101
_SEED = 7
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KIND = "judged"


@dataclass(slots=True)
class JudgedSet:
    """One folder with docs.jsonl.gz, queries.jsonl.gz and qrels.tsv.gz."""

    name: str
    folder: Path
    language: str
    queries: list[dict[str, Any]]
    judged: dict[str, dict[str, int]]

    @classmethod
    def read(cls, folder: Path, limit: int | None = None) -> JudgedSet:
        judged: dict[str, dict[str, int]] = defaultdict(dict)
        with gzip.open(folder / "qrels.tsv.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                query, document, grade = line.rstrip("\n").split("\t")
                judged[query][document] = int(grade)
        queries = [query for query in _records(folder / "queries.jsonl.gz") if judged[query["id"]]]
        first = next(_records(folder / "docs.jsonl.gz"))
        language = first.get("lang", "en")
        return cls(folder.name, folder, language, queries[:limit], judged)

    def documents(self) -> Iterator[Document]:
        for record in _records(self.folder / "docs.jsonl.gz"):
            yield Document(
                kind=_KIND,
                object_id=str(record["id"]),
                title=clean(record.get("title") or "", 1_000),
                body=clean(record.get("body") or ""),
                url="",
                language=record.get("lang") or self.language,
            )


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def evaluate(
    judged: JudgedSet, engine: Engine, *, typos: bool, body: bool, semantic: bool = False
) -> dict[str, Any]:
    """The figures of one set, measured in a scratch collection that is dropped again."""
    collection = Collection.objects.create(state=Collection.State.SCRATCH)
    try:
        began = time.perf_counter()
        count = engine.build(judged.documents(), collection)
        built = time.perf_counter() - began
        collection.refresh_from_db()
        near = _near_in(judged) if semantic else None
        figures = _run(judged, engine, collection, body=body, near=near)
        result = {
            "set": judged.name,
            "engine": engine.name,
            "documents": count,
            "queries": len(judged.queries),
            "build_s": round(built, 1),
            **figures,
        }
        if typos:
            slipped = _with_typos(judged)
            wrong = _run(slipped, engine, collection, body=body, near=near)
            result["typo_ndcg@10"] = wrong["ndcg@10"]
            result["typo_loss"] = round(1 - wrong["ndcg@10"] / (figures["ndcg@10"] or 1), 4)
            result["typo_empty"] = wrong["empty"]
        return result
    finally:
        engine.drop(collection)


Nearest = Callable[[str], tuple[Near, ...]]


def _near_in(judged: JudgedSet) -> Nearest:
    """Nearness in meaning among the documents of the set alone."""
    # The extra may not be installed.
    from search.semantic import encoder
    from search.semantic.live import NEAREST
    from search.semantic.space import space_of

    space = space_of(judged.documents())

    def nearest(text: str) -> tuple[Near, ...]:
        vector = encoder.query_vector(text)
        return () if vector is None else tuple(space.nearest(vector, NEAREST))

    return nearest


def _run(
    judged: JudgedSet,
    engine: Engine,
    collection: Collection,
    *,
    body: bool,
    near: Nearest | None = None,
) -> dict[str, Any]:
    ranked, times, empty = {}, [], 0
    for record in judged.queries:
        cpu = time.process_time()
        if body:
            query = similar_query(record["text"], record.get("body", ""), judged.language)
        else:
            query = build(Parsed(text=clean(record["text"], 256)), judged.language, Filters())
        if near is not None:
            text = meaning_of(record["text"], record.get("body", "") if body else "")
            weight = SIMILAR if body else SEARCH
            query = replace(query, near=near(text), near_weight=weight)
        found = engine.search(replace(query, limit=_DEPTH, places=False, counted=False), collection)
        times.append((time.process_time() - cpu) * 1000)
        # A question asked before is among the documents: finding itself proves nothing.
        ids = [hit.object_id for hit in found.hits if hit.object_id != record["id"]]
        ranked[record["id"]] = ids[: _DEPTH - 1]
        empty += not ids
    figures = _mean(ranked, judged.judged)
    kinds = {record.get("kind", "") for record in judged.queries}
    if len(kinds) > 1:
        for kind in sorted(kinds):
            some = {r["id"]: ranked[r["id"]] for r in judged.queries if r.get("kind") == kind}
            figures[f"ndcg@10 {kind}"] = _mean(some, judged.judged)["ndcg@10"]
    times.sort()
    return {
        **figures,
        "empty": round(empty / max(1, len(judged.queries)), 4),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }


def _mean(ranked: dict[str, list[str]], judged: dict[str, dict[str, int]]) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for query, ids in ranked.items():
        for name, value in measures(ids, judged[query]).items():
            totals[name] += value
    return {name: round(total / len(ranked), 4) for name, total in totals.items()}


def measures(ids: list[str], grades: dict[str, int]) -> dict[str, float]:
    """nDCG with gain 2^grade - 1, reciprocal rank, success and recall of one ranking."""
    gains = [2 ** grades.get(one, 0) - 1 for one in ids[:10]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    relevant = {one for one, grade in grades.items() if grade > 0}
    first = next((rank for rank, one in enumerate(ids[:10], 1) if one in relevant), 0)
    return {
        "ndcg@10": sum(g / math.log2(rank + 2) for rank, g in enumerate(gains)) / (ideal or 1),
        "mrr@10": 1 / first if first else 0.0,
        "success@5": float(0 < first <= 5),
        "recall@100": len(relevant.intersection(ids[:100])) / max(1, len(relevant)),
    }


def _with_typos(judged: JudgedSet) -> JudgedSet:
    # Not for secrets: the same slips every time make runs comparable.
    chance = random.Random(_SEED)  # noqa: S311
    queries = [{**query, "text": slip(query["text"], chance)} for query in judged.queries]
    return replace(judged, queries=queries)


def slip(text: str, chance: random.Random) -> str:
    """One letter added, lost, changed or swapped in one word of at least four letters."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    word = words[at]
    place = chance.randrange(len(word) - 1)
    letter = chance.choice(_LETTERS)
    words[at] = chance.choice(
        [
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )
    return " ".join(words)
