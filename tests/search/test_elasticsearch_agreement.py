"""Both engines rank a judged set alike: the same lists, the same scores, the same figures."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from search.engines import engine
from search.engines.elasticsearch import searching
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.sql.engine import SqlEngine
from search.evaluation import JudgedSet, evaluate
from search.models import Collection
from search.query import Filters, build, similar_query
from search.syntax import Parsed

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def _records(language: str) -> Iterator[dict[str, Any]]:
    """The sample articles, cut into sections: about two hundred texts that people wrote."""
    folder = Path(settings.BASE_DIR) / "home" / "sample" / "articles"
    for path in sorted(folder.rglob("*.md")):
        is_polish = path.name.endswith(".pl.md")
        if is_polish != (language == "pl"):
            continue
        for number, section in enumerate(path.read_text(encoding="utf-8").split("\n## ")):
            title, _, body = section.strip("-# \n").partition("\n")
            yield {"id": f"{path.parent.name}-{path.stem}-{number}", "title": title, "body": body}


@pytest.fixture(params=["en", "pl"])
def judged(request: pytest.FixtureRequest, tmp_path: Path) -> JudgedSet:
    """Each text is asked for by a few words from its middle."""
    language = request.param
    texts = [{**record, "lang": language} for record in _records(language)]
    queries, judgements = [], []
    for record in texts[::2]:
        words = record["body"].split()
        middle = " ".join(words[len(words) // 2 :][:6])
        if middle:
            queries.append(
                {"id": f"q-{record['id']}", "text": middle, "body": record["body"][:400]}
            )
            judgements.append(f"q-{record['id']}\t{record['id']}\t1\n")
    for name, lines in (
        ("docs.jsonl.gz", [f"{json.dumps(text)}\n" for text in texts]),
        ("queries.jsonl.gz", [f"{json.dumps(query)}\n" for query in queries]),
        ("qrels.tsv.gz", judgements),
    ):
        with gzip.open(tmp_path / name, "wt", encoding="utf-8") as file:
            file.writelines(lines)
    return JudgedSet.read(tmp_path)


@pytest.mark.parametrize("quick_from", [0, 1_000_000])
def test_the_same_lists_with_the_same_scores(
    judged: JudgedSet,
    on_elasticsearch: ElasticsearchEngine,
    monkeypatch: pytest.MonkeyPatch,
    quick_from: int,
) -> None:
    """Also where the best are looked for first, as in large collections."""
    monkeypatch.setattr(searching, "QUICK_FROM", quick_from)
    sql = SqlEngine()
    engines: dict[str, Any] = {"sql": sql, "elasticsearch": engine()}
    filled = {}
    for name, one in engines.items():
        collection = Collection.objects.create(state=Collection.State.SCRATCH)
        assert one.build(judged.documents(), collection) > 50
        collection.refresh_from_db()
        filled[name] = collection
    for record in judged.queries[::5]:
        for query in (
            build(Parsed(text=record["text"]), judged.language, Filters()),
            similar_query(record["text"], record["body"], judged.language),
        ):
            query = replace(query, limit=50, facets=True)
            mine, theirs = (one.search(query, filled[name]) for name, one in engines.items())
            assert theirs.total == mine.total
            assert theirs.corrections == mine.corrections
            assert theirs.unmatched == mine.unmatched
            assert theirs.facets == mine.facets
            assert [(hit.object_id, hit.offset) for hit in theirs.hits] == [
                (hit.object_id, hit.offset) for hit in mine.hits
            ]
            # The server adds in 32-bit floats.
            for own, other in zip(mine.hits, theirs.hits, strict=True):
                assert abs(own.score - other.score) <= 2 + own.score // 1_000_000
    for name, one in engines.items():
        one.drop(filled[name])


def test_the_same_figures(judged: JudgedSet, on_elasticsearch: ElasticsearchEngine) -> None:
    times = {"p50_ms", "p95_ms", "build_s", "engine"}
    mine, theirs = (
        {
            name: figure
            for name, figure in evaluate(judged, one, typos=True, body=False).items()
            if name not in times
        }
        for one in (SqlEngine(), on_elasticsearch)
    )
    assert theirs == mine
    assert mine["success@5"] > 0.8
