"""Nothing of what a viewer may not see: no hit, count, facet, word, spelling or snippet (SE-03)."""

from __future__ import annotations

import pytest

import search
from accounts.access import viewer_tokens
from products.models import Product
from search.query import find, similar, suggest
from tests.cast import Cast
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine

SECRET = frozenset({"user:0"})


@pytest.fixture
def shelf(library: Library, cast: Cast) -> Library:
    library.add("Mailbox quota", "Public words.")
    library.add(
        "Mailbox quota zanzibar",
        "Private words about zanzibar.",
        tokens=frozenset({f"org-admins:{cast.acme.pk}", f"user:{cast.bob.pk}", "agents"}),
        product="files",
        solved=True,
    )
    return library


def test_only_holders_of_a_token_find_a_private_thing(shelf: Library, cast: Cast) -> None:
    """SE-03: the organisation's admins, its person, agents; nobody else."""
    for name, person in cast.everyone.items():
        seen = name in {"alice", "adam", "bob"} or "agents" in viewer_tokens(person)
        found = find("mailbox quota", viewer=person, facets=True)
        assert found.total == (2 if seen else 1), name
        assert len(found.hits) == found.total, name
        assert {f.value for f in found.facets["product"]} == ({"files"} if seen else set()), name
        assert {f.value for f in found.facets["solved"]} == ({True} if seen else set()), name
    assert find("mailbox quota", viewer=None).total == 1


def test_a_private_word_is_not_known_to_others(shelf: Library, cast: Cast) -> None:
    """Words of private texts are neither matched, corrected to, nor completed."""
    stranger = find("zanzibar", viewer=cast.carol)
    assert (stranger.total, stranger.hits, stranger.unmatched) == (0, [], ["zanzibar"])
    unknown = find("qqqqqqqq", viewer=cast.carol)
    assert (unknown.total, unknown.hits, unknown.unmatched) == (0, [], ["qqqqqqqq"])
    assert find("zanzibr", viewer=cast.carol).suggestion == ""
    assert suggest("zanz", viewer=cast.carol) == []
    assert similar("zanzibar", viewer=cast.carol) == []


def test_the_filters_around_nothing_do_not_tell_a_private_word(shelf: Library, cast: Cast) -> None:
    for viewer in (None, cast.carol):
        around = [
            find(word, viewer=viewer, kinds=["note"], products=["files"], facets=True).facets
            for word in ("zanzibar", "qqqqqqqq")
        ]
        assert around[0] == around[1]


def test_a_private_word_does_not_rank_what_everybody_sees(library: Library, cast: Cast) -> None:
    """Who may not see it gets the same list with it as with a word nobody has written."""
    rare = [f"rare{letter}{letter}word" for letter in "abcdefghijklmnopqrstuvwxyz"]
    for number in range(2):
        library.add(f"Notes {number}", " ".join(rare[number:]))
    library.add("Mailbox", "Quota zanzibar", language="de", tokens=SECRET)

    def answers(word: str) -> list[tuple[str, float]]:
        hits = find(f"mailbox notes {word}", viewer=cast.carol).hits
        hits += find(word, viewer=cast.carol).hits
        hits += similar("qqqqqq", f"{' '.join(rare)} {word}", viewer=cast.carol)
        return [(hit.title, hit.score) for hit in hits]

    assert answers("zanzibar") == answers("yuzuvafe")


def test_its_holder_searches_a_private_thing_like_any_other(shelf: Library, cast: Cast) -> None:
    found = find("zanzibar", viewer=cast.bob)
    assert found.unmatched == []
    assert "<mark>zanzibar</mark>" in found.hits[0].snippet
    assert found.total == 1
    # Even its holder gets no spelling from it: the vocabulary is one for all.
    assert find("zanzibr", viewer=cast.bob).suggestion == ""


def test_scores_do_not_depend_on_what_others_wrote_in_private(library: Library, cast: Cast) -> None:
    """Reliability class 7: document frequencies come from public texts only."""
    library.add("Mailbox quota", "About a mailbox.")
    library.add("Calendar", "Sharing.")
    before = [(hit.title, hit.score) for hit in find("mailbox quota", viewer=None).hits]
    for number in range(40):
        library.add(f"Mailbox quota {number}", "mailbox " * 9, tokens=SECRET)
    assert [(hit.title, hit.score) for hit in find("mailbox quota", viewer=None).hits] == before


def test_hits_are_asked_of_their_rows_again(shelf: Library, cast: Cast) -> None:
    """SE-03: a token that is wrong or late shows nothing."""
    private = next(pk for pk, d in shelf.source.documents.items() if "zanzibar" in d.title)
    shelf.source.refused.add(private)
    found = find("mailbox quota", viewer=cast.bob)
    assert [hit.title for hit in found.hits] == ["Mailbox quota"]
    assert found.total == 1


def test_a_changed_right_counts_at_once(shelf: Library, cast: Cast) -> None:
    """Reliability class 8: tokens are written with the change."""
    public = next(pk for pk, d in shelf.source.documents.items() if "zanzibar" not in d.title)
    shelf.change(public, tokens=frozenset({"staff"}))
    assert find("mailbox", viewer=None).total == 0
    assert find("mailbox", viewer=cast.dana).total == 2
    shelf.change(public, tokens=frozenset({"public"}))
    assert find("mailbox", viewer=None).total == 1


def test_a_deleted_row_leaves_search(shelf: Library) -> None:
    public = next(pk for pk, d in shelf.source.documents.items() if "zanzibar" not in d.title)
    Product.objects.get(pk=public).delete()
    assert find("mailbox", viewer=None).total == 0


def test_a_rebuild_keeps_private_words_private(shelf: Library, cast: Cast) -> None:
    search.rebuild()
    test_a_private_word_is_not_known_to_others(shelf, cast)
    test_only_holders_of_a_token_find_a_private_thing(shelf, cast)


def test_phrases_minus_and_fields_do_not_get_round_access(shelf: Library, cast: Cast) -> None:
    for text in (
        '"mailbox quota zanzibar"',
        "title:zanzibar",
        "mailbox is:solved",
        "is:solved",
        "zanzibar in:notes",
        "-public zanzibar",
    ):
        found = find(text, viewer=cast.carol, facets=True)
        assert found.total == 0, text
        facets = [*found.facets.get("product", []), *found.facets.get("solved", [])]
        assert not any(facet.count for facet in facets), text
