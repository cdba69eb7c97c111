"""SE-04, U-25: editors' synonyms count at once, in every language and without a rebuild."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from search.analysis.queries import MAX_WORDS
from search.editing import live
from search.models_editing import EditingState, SynonymGroup
from search.query import Filters, build, find, similar
from search.syntax import parse
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine


def group(words: str, language: str = "", **more: Any) -> SynonymGroup:
    made = SynonymGroup(words=words, language=language, **more)
    made.full_clean()
    made.save()
    return made


def titles(text: str, **more: Any) -> list[str]:
    return [hit.title for hit in find(text, viewer=None, **more).hits]


def test_a_synonym_counts_at_once_and_no_longer_once_it_is_gone(library: Library) -> None:
    library.add("Turn on the postbox", "For everybody.")
    assert titles("mailbox") == []
    made = group("mailbox\npostbox")
    assert titles("mailbox") == ["Turn on the postbox"]
    made.words = "mailbox\nletterbox"
    made.save()
    assert titles("mailbox") == []
    made.words = "mailbox\npostbox"
    made.save()
    made.delete()
    assert titles("mailbox") == []


def test_a_phrase_with_small_words_is_one_meaning(library: Library) -> None:
    """`in` falls out of every query, so the phrase is looked for before."""
    library.add("Login fails", "Nothing opens.")
    library.add("Signing documents", "With a pen.")
    group("sign in, log in, login")
    assert "Login fails" in titles("sign in")
    assert "Login fails" in titles("cannot sign in")
    assert "Login fails" in titles("sign-in trouble")
    assert titles("sign") == ["Signing documents"]


def test_a_phrase_of_several_words_stands_for_one_word(library: Library) -> None:
    library.add("Two factor authentication", "A second step.")
    library.add("MFA", "Short for it.")
    group("mfa\ntwo factor authentication")
    assert set(titles("mfa")) == {"MFA", "Two factor authentication"}
    assert set(titles("two factor authentication")) == {"MFA", "Two factor authentication"}


def test_what_was_typed_comes_before_what_it_also_means(library: Library) -> None:
    library.add("The mailbox is full")
    library.add("The postbox is full")
    group("mailbox\npostbox")
    assert titles("mailbox") == ["The mailbox is full", "The postbox is full"]
    assert titles("postbox") == ["The postbox is full", "The mailbox is full"]


def test_other_forms_of_the_words_count_as_well(library: Library) -> None:
    library.add("Skrzynki pocztowe", language="pl")
    group("mailbox, skrzynka pocztowa", "pl")
    library.add("Mailbox", language="pl")
    assert "Mailbox" in titles("dla mojej skrzynki pocztowej", language="pl")
    assert set(titles("mailbox", language="pl")) == {"Mailbox", "Skrzynki pocztowe"}


@pytest.mark.parametrize(
    "text", ["zapomniałem hasła", "zapomnialem hasla", "zapomnialem hasła", "Zapomniałem HASLA!"]
)
def test_accents_may_be_left_out(library: Library, text: str) -> None:
    """SE-10: many type Polish without them, and a stemmer then finds other stems."""
    library.add("Odzyskiwanie dostępu", "Link na prywatny adres.", language="pl")
    group("zapomniałem hasła\nodzyskiwanie dostępu", language="pl")
    found = find(text, viewer=None, language="pl")
    assert [hit.title for hit in found.hits] == ["Odzyskiwanie dostępu"]
    assert found.unmatched == []


def test_accents_may_be_left_out_by_the_editor(library: Library) -> None:
    """SE-10."""
    library.add("Kwarantanna", language="pl")
    group("sie zalogowac\nkwarantanna", language="pl")
    assert titles("nie mogę się zalogować", language="pl") == ["Kwarantanna"]


def test_a_group_of_one_language_is_for_its_queries(library: Library) -> None:
    """Gift is a present in English and poison in German."""
    library.add("Send a present")
    group("gift\npresent", "en")
    group("gift\ntoxin", "de")
    library.add("A toxin", language="de")
    assert titles("gift", language="en") == ["Send a present"]
    assert "A toxin" in titles("gift", language="de")


def test_languages_without_spaces(library: Library) -> None:
    library.add("サインイン の手順", language="ja")
    group("ログイン\nサインイン", "ja")
    assert titles("ログイン できない", language="ja") == ["サインイン の手順"]


def test_what_a_synonym_explains_is_never_missing_or_a_slip(library: Library) -> None:
    library.add("Turn on the postbox", "malibox is a brand")
    group("mailbox\npostbox\nletterbox")
    found = find("mailbox zzyzx", viewer=None)
    assert found.unmatched == ["zzyzx"]
    assert found.suggestion == ""


def test_the_synonym_is_marked_like_the_word(library: Library) -> None:
    library.add("Turn on the postbox")
    group("mailbox\npostbox")
    [hit] = find("mailbox", viewer=None).hits
    assert "<mark>postbox</mark>" in hit.title_html


def test_composers_find_what_means_the_same(library: Library) -> None:
    library.add("The postbox is full")
    group("mailbox\npostbox")
    assert [hit.title for hit in similar("My mailbox!", viewer=None)] == ["The postbox is full"]


def test_a_query_stays_bounded(db: None) -> None:
    group("\n".join(f"alpha{letter}" for letter in "abcdefghijklmnopqrst"))
    text = "alphaa " + " ".join(f"word{chr(97 + i)}" for i in range(15))
    query = build(parse(text), "en", Filters())
    assert len(query.words) == MAX_WORDS
    query = build(parse("alphaa"), "en", Filters())
    assert len(query.words) == MAX_WORDS
    assert [word.weight for word in query.words if not word.is_extra] == []
    assert {word.weight for word in query.words[1:]} == {0.6}


def test_inactive_groups_do_nothing(library: Library) -> None:
    library.add("Turn on the postbox")
    group("mailbox\npostbox", is_active=False)
    assert titles("mailbox") == []


def test_the_hot_path_looks_at_one_row(db: None, django_assert_num_queries: Any) -> None:
    group("mailbox\npostbox")
    build(parse("mailbox"), "en", Filters())
    with django_assert_num_queries(0):
        for _ in range(20):
            build(parse("mailbox full"), "en", Filters())
    with django_assert_num_queries(1):
        live.look()
        build(parse("mailbox full"), "en", Filters())


def test_another_process_sees_a_change_by_its_token(library: Library) -> None:
    """At once: a visitor's browser keeps what it got under the number of the changed site."""
    library.add("Turn on the postbox")
    group("mailbox\nletterbox")
    assert titles("mailbox") == []
    # As another process writes: no signal here, only rows.
    SynonymGroup.objects.update(words="mailbox\npostbox")
    EditingState.objects.update(token="from elsewhere")
    assert titles("mailbox") == ["Turn on the postbox"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "required|blank"),
        (" \n, ", "at least two"),
        ("login", "at least two"),
        ("login\nLOGIN", "at least two"),
        ("log-in\nlog in", "at least two"),
        ("login\n!!!", "holds no word"),
        ("login\n" + "a " * 30, "too long"),
        ("\n".join(f"w{i}" for i in range(21)), "At most 20"),
    ],
)
def test_what_makes_no_group_is_told(db: None, words: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        group(words)
    text = " ".join(caught.value.messages)
    assert any(part in text for part in message.split("|"))


def test_a_group_keeps_its_words_tidy(db: None) -> None:
    made = group("  sign   in ,log in\r\n\r\nlogin;Login")
    assert made.words == "sign in\nlog in\nlogin"
