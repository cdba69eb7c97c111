"""What large collections are asked in another way, answered as small ones are (Elasticsearch)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from search.engines import engine
from search.engines.base import Found, Query
from search.engines.elasticsearch import counts, searching
from search.engines.elasticsearch.client import Asker
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.sql.engine import SqlEngine
from search.models import Collection
from search.query import Filters, build
from search.registry import Document
from search.syntax import parse

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
TOKENS = frozenset({"public", "user:1"})


def _documents() -> list[Document]:
    made = []
    for number in range(240):
        language = ("en", "en", "pl", "de")[number % 4]
        # Every sixth is another's, every tenth one's own.
        token = "user:2" if number % 6 == 5 else "user:1" if number % 10 == 1 else "public"
        made.append(
            Document(
                kind="question" if number % 3 else "article",
                object_id=str(number),
                title=f"Mailbox {'quota ' * (number % 3)}of department{number % 7}",
                body="calendar report " * (number % 11) + f"word{number} mailbox",
                url="",
                language=language,
                tokens=frozenset({token}),
                product=("mail", "files")[number % 2],
                solved=number % 2 == 0,
                state=("", "planned")[number % 2],
                popularity=number,
                family=f"f{number // 4}" if number < 60 else "",
                version=number + 1,
            )
        )
    return made


@pytest.fixture
def both(
    on_elasticsearch: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[Any, Collection]]:
    """Both engines over the same texts; Elasticsearch as if they were many."""
    monkeypatch.setattr(searching, "QUICK_FROM", 0)
    monkeypatch.setattr(counts, "_SMALL", 0)
    filled = {}
    engines: dict[str, Any] = {"sql": SqlEngine(), "elasticsearch": engine()}
    for name, one in engines.items():
        collection = Collection.objects.create(state=Collection.State.SCRATCH)
        one.build(_documents(), collection)
        collection.refresh_from_db()
        filled[name] = (one, collection)
    return filled


def _told(found: Found) -> dict[str, Any]:
    """Where nothing can match one of them may not even count."""
    return {name: counts for name, counts in found.facets.items() if counts}


def _compared(both: dict[str, tuple[Any, Collection]], query: Query) -> Found:
    mine: Found
    theirs: Found
    mine, theirs = (one.search(query, collection) for one, collection in both.values())
    assert theirs.total == mine.total
    assert _told(theirs) == _told(mine)
    assert theirs.unmatched == mine.unmatched
    assert [hit.score for hit in theirs.hits] == pytest.approx(
        [hit.score for hit in mine.hits], abs=3
    )
    assert len(theirs.hits) == len(mine.hits)
    return theirs


@pytest.mark.parametrize(
    "text",
    ["mailbox quota", "calendar report department3", "word17 mailbox", "Mailbox -quota", "nothing"],
)
@pytest.mark.parametrize("tokens", [frozenset({"public"}), TOKENS], ids=["public", "own"])
def test_as_in_small_ones(
    both: dict[str, tuple[Any, Collection]], text: str, tokens: frozenset[str]
) -> None:
    query = replace(build(parse(text), "en", Filters()), tokens=tokens, limit=50, facets=True)
    for more in (
        {},
        {"products": ("mail",)},
        {"languages": ("pl", "de"), "solved": True},
        {"kinds": ("article",), "facets": False},
        {"kinds": ("idea",)},
        {"counted": False, "facets": False},
    ):
        _compared(both, replace(query, **more))


def test_nothing_of_others(both: dict[str, tuple[Any, Collection]]) -> None:
    """SE-03: neither found nor counted, and their words are nobody's."""
    others = {d.object_id for d in _documents() if d.tokens == {"user:2"}}
    query = build(parse("mailbox calendar"), "en", Filters())
    for tokens in (frozenset({"public"}), TOKENS):
        found = _compared(both, replace(query, tokens=tokens, limit=300, facets=True))
        assert found.hits
        assert not {hit.object_id for hit in found.hits} & others
        assert found.total == len(found.hits)
    hidden = min(others)
    query = build(parse(f"word{hidden}"), "en", Filters())
    for tokens in (frozenset({"public"}), TOKENS):
        found = _compared(both, replace(query, tokens=tokens))
        assert (found.total, found.unmatched) == (0, [f"word{hidden}"])


def test_the_best_and_their_number_are_one_request(
    both: dict[str, tuple[Any, Collection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, collection = both["elasticsearch"]
    asked: list[int] = []
    ask_all = Asker.ask_all

    def counting(self: Asker, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked.append(len(bodies))
        return ask_all(self, bodies)

    monkeypatch.setattr(Asker, "ask_all", counting)
    query = replace(build(parse("word17 mailbox"), "en", Filters()), facets=True)
    assert one.search(query, collection).hits
    assert asked == [2]


def test_words_of_many_texts_are_counted_rarely(
    both: dict[str, tuple[Any, Collection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of few again after ten seconds, or at once where something was withdrawn."""
    monkeypatch.setattr(counts, "_COMMON", 100)
    one, collection = both["elasticsearch"]
    now = [0.0]
    known = counts.Counts(lambda: now[0])
    asked: list[list[str]] = []
    count = counts._count

    def counting(keys: list[str], *args: Any, **more: Any) -> Any:
        asked.append(list(keys))
        return count(keys, *args, **more)

    monkeypatch.setattr(counts, "_count", counting)
    asker = one._asker(collection)
    keys = ["x:mailbox", "x:word17"]
    for seconds in (0.0, 5.0, 11.0):
        now[0] = seconds
        df, statistics = known.of(keys, collection.pk, asker)
        assert df["x:mailbox"] > 100
        assert statistics.total == 200 - sum(
            1 for d in _documents() if d.tokens == {"user:1"}
        )  # fmt: skip
    assert asked == [keys, ["x:word17"]]
    asker.withdrawn = [{"term": {"object_id": "17"}}]
    df, _ = known.of(keys, collection.pk, asker)
    assert asked[-1] == ["x:word17"]
    assert df["x:word17"] == 0
