"""One analyser for all engines: what a text is found by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.documents import analyse
from search.analysis.faintwords import FAINT_WORDS
from search.analysis.folding import fold, lower
from search.analysis.queries import languages_of, phrase, query_words
from search.analysis.stopwords import STOP_WORDS
from search.analysis.tokens import clean
from search.analysis.words import analyser


def keys(text: str, language: str) -> set[str]:
    return {key for key in analyse(text, "", language).title if key[0] != "b"}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "configuring", "configured"),
        ("en", "Mailboxes", "mailbox"),
        ("pl", "użytkowników", "użytkownika"),
        ("pl", "uzytkownikow", "użytkowników"),
        ("pl", "żółw", "zolw"),
        ("de", "Einstellungen", "Einstellung"),
        ("de", "Straße", "Strasse"),
        ("de", "Größe", "Grösse"),
        ("fr", "l’utilisateur", "utilisateurs"),
        ("it", "dell'account", "account"),
        ("es", "configuración", "configuracion"),
        ("pt-BR", "configurações", "configuracoes"),
        ("tr", "İSTANBUL", "istanbul"),
        ("tr", "hesaplar", "hesap"),
        ("ru", "почты", "почта"),
        ("uk", "облікового", "обліковий"),
        ("ar", "المُستخدِمون", "المستخدمين"),
        ("cs", "schránky", "schránka"),
        ("en", "Ｅｘｃｈａｎｇｅ", "exchange"),
        ("en", "ﬁle", "file"),
        ("en", "user’s", "user"),
        ("en", "e-mail", "email"),
        ("en", "pass\u00adword\u200b", "password"),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, one: str, other: str) -> None:
    """SE-10, S-46."""
    assert keys(clean(one), language) & keys(clean(other), language)


def test_compounds_share_letters_where_that_helps() -> None:
    grams = {key for key in keys("Kontoeinstellungen", "de") if key[0] == "n"}
    assert grams & keys("Einstellungen", "de")
    assert not any(key[0] == "n" for key in keys("configuration", "en"))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("550 5.7.26", "c:5.7.26"),
        ("550 5.7.26", "c:550"),
        ("Thunderbird 115.0.1", "c:115"),
        ("user@example.com", "x:user@example.com"),
        ("user@example.com", "x:example"),
        ("Set-MailboxQuota", "x:set-mailboxquota"),
        ("outlook.office365.com", "c:office365"),
        ("0x80070005", "c:0x80070005"),
        ("AADSTS50011", "c:aadsts50011"),
    ],
)
def test_codes_and_addresses_stay_whole(text: str, term: str) -> None:
    assert term in keys(text, "en")


def test_languages_without_spaces_are_pairs() -> None:
    assert {"s::予定", "s::定表"} <= keys("Outlook予定表", "ja")
    assert "s:en:outlook" in keys("Outlook予定表", "ja")
    assert {"s::邮箱", "s::箱"} <= keys("邮箱", "zh-hans")
    assert keys("메일함을", "ko") & keys("메일함", "ko")


def test_stop_words_go_unless_nothing_is_left() -> None:
    assert "x:the" not in keys("the mailbox", "en")
    assert keys("To be or not to be", "en")
    words, _ = query_words("to be or not to be", ("en",))
    assert words
    words, _ = query_words("how do I share my calendar", ("en",))
    assert [word.text for word in words if not word.is_extra] == ["share", "calendar"]


@pytest.mark.parametrize(
    ("language", "text", "telling"),
    [
        ("en", "What should I do, whose calendar is shared?", ["calendar", "shared"]),
        ("pl", "Dlaczego moja skrzynka jest zawsze pełna", ["skrzynka", "pełna"]),
        ("de", "Wieviel Speicher hätte ich, wenn welche fehlen", ["Speicher", "hätte", "fehlen"]),
        ("it", "Perché non riesco più a inviare", ["riesco", "inviare"]),
        ("tr", "HANGİ dosya neden silinir", ["dosya", "silinir"]),
        ("ru", "Почему письма всегда уходят", ["письма", "уходят"]),
    ],
)
def test_words_of_asking_are_faint(language: str, text: str, telling: list[str]) -> None:
    words, _ = query_words(text, languages_of(text, language))
    assert [word.text for word in words if word.weight == 1] == telling
    assert [word.text for word in words if not word.is_extra] == telling
    assert all(0 < word.weight < 0.5 for word in words if word.text not in telling)


@pytest.mark.parametrize("language", sorted(FAINT_WORDS))
def test_faint_words_are_written_as_they_are_compared(language: str) -> None:
    faint = FAINT_WORDS[language]
    assert faint.isdisjoint(STOP_WORDS[language])
    assert {lower(word, language) for word in faint} == faint


def test_a_query_is_read_in_the_readers_language_english_and_its_script() -> None:
    assert languages_of("mailbox", "pl") == ("pl", "en")
    assert languages_of("почта", "en") == ("en", "ru", "uk")
    assert languages_of("wie kann ich das Postfach für den Kollegen öffnen", "en")[1] == "de"


def test_phrases_pass_over_stop_words() -> None:
    assert phrase("out of office", ("en",)) == (
        frozenset({"s:en:out"}),
        frozenset(),
        frozenset({"s:en:offic"}),
    )


def test_a_polish_folded_word_is_the_plain_one() -> None:
    assert fold("zażółć gęślą jaźń") == "zazolc gesla jazn"
    assert fold("Łódź Ærø Straße İI ı") == "lodz aero strasse ii i"
    assert fold("が") == "が"
    assert fold("한국어") == "한국어"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "pl", "de", "ja", "ar", "tr", "uk", "xx", ""]))
def test_any_text_in_any_language_is_analysed(text: str, language: str) -> None:
    text = clean(text)
    found = analyse(text[:50], text, language)
    assert len(found.sequence) >= found.title_words
    assert all(key[1] == ":" and len(key) < 200 for key in (*found.title, *found.body))
    assert all(stem in found.title or stem in found.body for stem in found.sequence if stem)
    query_words(text, languages_of(text, language or "en"))


def test_a_word_is_analysed_once_and_remembered() -> None:
    one = analyser("en")
    assert one.word("Mailbox") is one.word("Mailbox")
