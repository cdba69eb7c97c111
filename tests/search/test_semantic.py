"""The extra `semantic`: found by meaning, never needed, never leaking (SE-07)."""

from __future__ import annotations

from typing import Any

import pytest

from search.engines.base import Near, Scored
from search.engines.meaning import CLEAR, lifted
from search.models import Entry, Vector
from search.query import find, similar, tokens_of
from search.semantic import encoder
from search.semantic.tasks import embed
from tests.cast import Cast
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine

FORWARD = "Forward a mailbox to another address"
BODY = "Open the console, choose the user and send a copy of new messages somewhere else."
GERMAN = "Wie leite ich E-Mails automatisch an eine andere Adresse weiter?"


@pytest.fixture
def meaning(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real model, and a space that forgets what other tests put into it."""
    from search.semantic import live

    settings.SEARCH_SEMANTIC = True
    encoder.load()
    assert encoder.warm_up(), "requirements/dev.txt holds the extra"
    # Each search looks for new rows.
    clock = iter(range(0, 1_000_000, 10))
    monkeypatch.setattr(live, "_space", live.LiveSpace(lambda: float(next(clock))))


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(FORWARD, BODY)
    library.add("Reset a forgotten password", "The user receives a code by text message.")
    library.add("Pay an invoice by card", "Billing is charged at the end of the month.")
    library.add("Invite people to a video meeting", "Share the link of the room.")
    return library


def titles(text: str, **more: Any) -> list[str]:
    return [hit.title for hit in find(text, viewer=None, **more).hits]


def test_a_german_question_finds_the_english_article(shelf: Library, meaning: None) -> None:
    """SE-07: not one word in common, and the counts agree with the list."""
    assert titles(GERMAN, language="de") == []
    embed()
    found = find(GERMAN, viewer=None, language="de", facets=True)
    assert found.hits[0].title == FORWARD
    assert found.total == len(found.hits) == sum(f.count for f in found.facets["language"])


def test_words_still_lead_where_they_fit(shelf: Library, meaning: None) -> None:
    embed()
    assert titles("pay invoice")[0] == "Pay an invoice by card"
    assert titles('"pay an invoice"') == ["Pay an invoice by card"]
    assert FORWARD not in titles("mail to another address -mailbox")


def test_similar_things_are_found_by_meaning(shelf: Library, meaning: None) -> None:
    embed()
    hits = similar("Przekierowanie poczty na inny adres", viewer=None, language="pl")
    assert hits[0].title == FORWARD


def test_a_private_text_stays_private(library: Library, cast: Cast, meaning: None) -> None:
    """SE-03: neither listed nor counted, nor in the way of what is public."""
    library.add(FORWARD, BODY)
    token = frozenset({min(tokens_of(cast.alice) - {"public"})})
    for number in range(60):
        library.add(f"{FORWARD} ({number})", BODY, tokens=token)
    embed()
    found = find(GERMAN, viewer=None, language="de", facets=True)
    assert [hit.title for hit in found.hits] == [FORWARD]
    assert found.total == 1
    own = find(GERMAN, viewer=cast.alice, language="de", limit=50)
    assert len(own.hits) > 1


@pytest.mark.parametrize("most", [2_000, 0])
def test_others_private_texts_do_not_crowd_out_ones_own(
    library: Library, cast: Cast, meaning: None, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """SE-03: however many they are; and still for who has thousands of their own."""
    from search.semantic import live

    monkeypatch.setattr(live, "_OWN", most)
    monkeypatch.setattr(live, "_PRIVATE", 400 if not most else 5)
    mine = frozenset({min(tokens_of(cast.alice) - {"public"})})
    library.add("Forward mail to somebody", BODY, tokens=mine)
    for number in range(60):
        library.add(f"{FORWARD} ({number})", BODY, tokens=frozenset({"user:0"}))
    embed()
    found = find(GERMAN, viewer=cast.alice, language="de")
    assert [hit.title for hit in found.hits] == ["Forward mail to somebody"]


def test_filters_hold_for_meaning_too(shelf: Library, meaning: None) -> None:
    embed()
    assert find(GERMAN, viewer=None, language="de", languages=["pl"]).hits == []
    assert find(f"{GERMAN} title:invoice", viewer=None, language="de").total <= 1
    assert titles(GERMAN, language="de", newest=True) == []


def test_pages_show_each_thing_once(library: Library, meaning: None) -> None:
    for number in range(70):
        library.add(f"Mail report {number}", "Forward the report. " * (number % 7))
    library.add(FORWARD, BODY)
    embed()
    seen: list[str] = []
    cursor = None
    while True:
        found = find("forward mail to an address", viewer=None, limit=10, cursor=cursor)
        seen += [hit.object_id for hit in found.hits]
        cursor = found.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == found.total == 71


def test_only_changed_words_are_encoded_again(
    shelf: Library, meaning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed()
    made: list[int] = []
    encode = encoder.encode
    monkeypatch.setattr(
        "search.semantic.store.encoder.encode", lambda t: made.append(len(t)) or encode(t)
    )
    pk = Entry.objects.get(title=FORWARD).object_id
    shelf.change(pk, popularity=5)
    embed()
    assert made == []
    shelf.change(pk, title="Send a copy of a mailbox to a second address")
    embed()
    assert made == [1]
    assert titles(GERMAN, language="de")[0] == "Send a copy of a mailbox to a second address"


def test_what_is_taken_out_is_gone_at_once(shelf: Library, meaning: None) -> None:
    embed()
    assert titles(GERMAN, language="de")
    shelf.withdraw(Entry.objects.get(title=FORWARD).object_id)
    assert FORWARD not in titles(GERMAN, language="de")
    assert not Vector.objects.filter(entry__title=FORWARD).exists()


def test_search_goes_on_without_it(
    shelf: Library, meaning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the extra does, the words are answered."""
    embed()

    def broken(texts: object) -> None:
        raise MemoryError

    encoder.query_vector.cache_clear()
    monkeypatch.setattr("search.semantic.encoder.encode", broken)
    assert titles("reset password") == ["Reset a forgotten password"]
    monkeypatch.setattr("search.semantic.encoder._is_installed", lambda: False)
    assert titles("reset password") == ["Reset a forgotten password"]
    embed()


def test_near_hits_never_fall_below_the_list_behind() -> None:
    hits = [Scored("note", "1", 1_000, 1), Scored("note", "2", 0, 2), Scored("note", "3", 0, 3)]
    scores = [hit.score for hit in lifted(hits, {2: CLEAR, 3: 0.31}, 0.25, least=10)]
    assert scores == [1_000, 250, 10]
    assert lifted([], {}, 0.25, least=0) == []


def test_a_document_of_another_collection_is_nothing(shelf: Library) -> None:
    from dataclasses import replace

    from search.engines import engine
    from search.models import Collection
    from search.projection import live
    from search.query import Filters, build
    from search.syntax import Parsed

    near = (Near("note", Entry.objects.get(title=FORWARD).object_id, 0.9), Near("note", "0", 0.9))
    query = replace(build(Parsed(text="xyzzy"), "en", Filters()), near=near)
    assert engine().search(query, live()).total == 1
    empty = Collection.objects.create(state=Collection.State.SCRATCH)
    engine().build([], empty)
    assert engine().search(query, empty).total == 0
