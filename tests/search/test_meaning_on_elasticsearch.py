"""Vectors kept by Elasticsearch: as near as in memory, as private, and followed like texts."""

from __future__ import annotations

import time
from typing import Any

import pytest

from search.engines import engine
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.models import Entry
from search.query import find, tokens_of
from search.semantic import encoder, live
from search.semantic.tasks import embed
from tests.cast import Cast
from tests.search.conftest import every_engine
from tests.search.faults import Injector
from tests.search.library import Library
from tests.search.test_semantic import BODY, FORWARD, GERMAN, meaning

__all__ = ["meaning"]

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
ENGLISH = "forward the mails of a mailbox to another address"
TOPICS = ("mailbox", "invoice", "password", "calendar", "printer", "video meeting", "backup")


@pytest.fixture
def on_server(
    on_elasticsearch: ElasticsearchEngine, meaning: None, monkeypatch: pytest.MonkeyPatch
) -> ElasticsearchEngine:
    """Nothing is looked through in memory."""

    def never(*args: Any) -> None:
        raise AssertionError("looked through in memory")

    monkeypatch.setattr(live.LiveSpace, "_follow", never)
    return on_elasticsearch


def _near(text: str, tokens: frozenset[str]) -> dict[str, float]:
    return {near.object_id: near.cosine for near in live.nearest(text, tokens)}


def test_the_same_as_in_memory(
    library: Library, on_elasticsearch: ElasticsearchEngine, meaning: None
) -> None:
    own = frozenset({"user:1"})
    for number in range(210):
        topic = TOPICS[number % len(TOPICS)]
        text = f"How the {topic} of department {number} is moved. " * (number % 40)
        library.add(f"Move the {topic} {number}", text, tokens=own if number % 3 == 0 else ())
    embed()
    for text in (GERMAN, "move a mailbox", "Rechnung bezahlen", "nothing of the kind"):
        for tokens in (frozenset({"public"}), own | {"public"}):
            vector = encoder.query_vector(text)
            assert vector is not None
            there = _near(text, tokens)
            here = {near.object_id: near.cosine for near in live._space.nearest(vector, tokens)}
            assert engine().nearest(vector.tolist(), tokens, 50) is not None
            # Of those equally near to the last digit either may be the fiftieth.
            least = {key for key, cosine in here.items() if cosine > min(here.values()) + 0.01}
            assert least <= set(there)
            assert len(there) == len(here)
            for key in least:
                assert there[key] == pytest.approx(here[key], abs=0.01)


def test_found_without_a_process_that_holds_them(
    library: Library, on_server: ElasticsearchEngine
) -> None:
    library.add(FORWARD, BODY)
    embed()
    found = find(GERMAN, viewer=None, language="de")
    assert [hit.title for hit in found.hits] == [FORWARD]


def test_private_passages_neither_leak_nor_crowd_out(
    library: Library, cast: Cast, on_server: ElasticsearchEngine
) -> None:
    """SE-03: the nearest of others are no candidates at all."""
    mine = frozenset({min(tokens_of(cast.alice) - {"public"})})
    public = library.add("Forward mail to somebody", BODY)
    own = library.add("Send mail on to somebody", BODY, tokens=mine)
    others = {
        library.add(f"{FORWARD} ({number})", BODY, tokens=frozenset({"user:0"}))
        for number in range(120)
    }
    embed()
    assert set(_near(ENGLISH, frozenset({"public"}))) == {str(public)}
    seen = set(_near(ENGLISH, tokens_of(cast.alice)))
    assert seen == {str(public), str(own)}
    assert not seen & {str(one) for one in others}
    found = find(ENGLISH, viewer=cast.alice, facets=True)
    assert found.total == len(found.hits) == 2


def test_a_right_that_changes_changes_what_is_near(
    library: Library, on_server: ElasticsearchEngine
) -> None:
    pk = library.add(FORWARD, BODY)
    embed()
    engine().feed()
    assert _near(GERMAN, frozenset({"public"}))
    library.change(pk, tokens=frozenset({"user:0"}))
    engine().feed()
    on_server.passages.refresh()
    assert _near(GERMAN, frozenset({"public"})) == {}
    assert set(_near(GERMAN, frozenset({"public", "user:0"}))) == {str(pk)}
    library.withdraw(pk)
    engine().feed()
    on_server.passages.refresh()
    assert _near(GERMAN, frozenset({"public", "user:0"})) == {}


def test_filling_goes_on_where_it_ended(
    library: Library, on_elasticsearch: ElasticsearchEngine, meaning: None
) -> None:
    """A site that had vectors before; until all are there memory is looked through."""
    from search.semantic.store import embed_entries

    pks = [library.add(f"{FORWARD} {number}", BODY) for number in range(5)]
    embed_entries(list(Entry.objects.all()))
    passages = on_elasticsearch.passages
    vector = encoder.query_vector(ENGLISH)
    assert vector is not None
    public = frozenset({"public"})
    assert passages.nearest(vector.tolist(), public, 50, 30) is None
    assert set(_near(ENGLISH, public)) == {str(pk) for pk in pks}
    passages.fill(time.monotonic() - 1)
    assert engine().nearest(vector.tolist(), public, 50) is None
    engine().take_vectors(time.monotonic() + 30)
    found = engine().nearest(vector.tolist(), public, 50)
    assert found is not None
    assert {near.object_id for near in found} == {str(pk) for pk in pks}
    # An index that somebody deleted is filled again.
    on_elasticsearch.client.indices.delete(index=passages.name)
    assert engine().nearest(vector.tolist(), public, 50) is None
    engine().take_vectors(time.monotonic() + 30)
    assert len(engine().nearest(vector.tolist(), public, 50) or ()) == 5


def test_votes_send_no_vectors(
    library: Library, on_server: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = library.add(FORWARD, BODY)
    embed()
    engine().feed()
    sent: list[int] = []
    passages = on_server.passages
    send = passages._send

    def counting(entries: list[Entry], gone: list[tuple[str, str]]) -> None:
        sent.append(len(entries) + len(gone))
        send(entries, gone)

    monkeypatch.setattr(passages, "_send", counting)
    library.change(pk, popularity=9)
    engine().feed()
    assert sent == [0]
    library.change(pk, title="Pay an invoice by card")
    embed()
    assert sum(sent) >= 1
    assert set(_near("pay an invoice by card", frozenset({"public"}))) == {str(pk)}


@pytest.mark.parametrize("mode", ["503", "404", "not json", "hangup", "{}"])
def test_search_goes_on_without_them(
    library: Library, proxy: Injector, meaning: None, mode: str
) -> None:
    library.add(FORWARD, BODY)
    embed()
    proxy.mode = mode
    found = find("forward a mailbox", viewer=None)
    assert [hit.title for hit in found.hits] == [FORWARD]
    embed()


@every_engine
def test_a_family_counts_in_every_language_that_matches(library: Library) -> None:
    """What choosing the language leaves is what its count says, with every engine."""
    for number in range(4):
        for language in ("en", "pl", "de")[: number + 1]:
            library.add(f"Mailbox {number}", language=language, family=f"note:{number}")
    library.add("Mailbox alone", language="pl")
    for chosen in ([], ["pl"], ["de", "en"]):
        found = find("mailbox", viewer=None, facets=True, languages=chosen)
        counts = {facet.value: facet.count for facet in found.facets["language"]}
        assert counts == {"en": 4, "pl": 4, "de": 2}
        for language, count in counts.items():
            assert find("mailbox", viewer=None, languages=[language]).total == count
        assert found.total == {0: 5, 1: 4, 2: 4}[len(chosen)]
    assert find("mailbox", viewer=None, language="en", facets=True).facets["kind"][0].count == 5
