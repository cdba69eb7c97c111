from __future__ import annotations

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from common.text import SLUG_LENGTH, clean_block, clean_line, quoted, slugify, strip_unsafe


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Two   words ", "Two words"),
        ("one\nline\tonly\r\n", "one line only"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x9f", "abc"),
        ("in\u202evoice\u2066.pdf\u2069", "invoice.pdf"),
        ("half \ud83d pair", "half pair"),
        ("a\u2028b", "a b"),
        ("no\u00a0break", "no break"),
        ("שלום\u200e (ok)", "שלום\u200e (ok)"),
        ("", ""),
    ],
)
def test_a_line_keeps_its_words_and_loses_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("foo bar", "“foo bar”"),
        ("don't", "“don't”"),
        ('"foo bar"', '"foo bar"'),
        ('mail "foo bar"', 'mail "foo bar"'),
        ("„foo bar”", "„foo bar”"),
    ],
)
def test_what_is_quoted_is_not_quoted_twice(typed: str, shown: str) -> None:
    assert quoted(typed) == shown


def test_quotes_are_those_of_the_reader() -> None:
    with translation.override("pl"):
        assert quoted("foo bar") == "„foo bar”"


SEEN = [
    "می‌خواهم",  # Persian: the joiner parts the prefix
    "क्‍ष",  # Hindi: half a letter
    "👩‍⚕️ and 🏳️‍🌈",
    "1️⃣ ❤️ 🇵🇱",
    "葛\U000e0100城",  # a name's own way of writing
    "שלום\u200e (a)",
]


@pytest.mark.parametrize("text", SEEN)
def test_a_line_keeps_what_its_script_needs(text: str) -> None:
    assert clean_line(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "sign",
    [
        *("\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\u2064", "\ufeff", "\u00ad", "\u034f"),
        *(
            "\u3164",
            "\u115f",
            "\uffa0",
            "\u180e",
            "\ufe0f",
            "\U000e0001",
            "\U000e0041",
            "\U000e007f",
        ),
        *("\U000e0100", "\U000e01ef", "\U0001d173"),
    ],
    ids=ascii,
)
def test_a_line_holds_nothing_that_nobody_sees(sign: str) -> None:
    """Two titles that look alike are alike."""
    assert clean_line(f"{sign}My{sign} ma{sign}il{sign}{sign} is late{sign}") == "My mail is late"


@settings(max_examples=500, deadline=None, database=None)
@given(st.text("ab \u200c\u200d\ufe0f\u200e\u200b\u0301é😀ا葛\U000e0100", max_size=12))
def test_cleaning_unseen_signs_twice_changes_nothing_more(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


def test_a_block_keeps_its_lines_and_at_most_one_empty_line_between_them() -> None:
    assert clean_block(" a  b \r\nc\x85d\n\n\n\n\te \u202e\n") == "a b\nc\nd\n\ne"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("How do I reset my password?", "how-do-i-reset-my-password"),
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("Straße, Øre & Ægir: Đakovo", "strasse-ore-aegir-dakovo"),
        ("İstanbul ışık", "istanbul-isik"),
        ("Ａｂｃ １２", "abc-12"),
        ("Почему не работает вход", "почему-не-работает-вход"),
        ("йод їжак", "йод-їжак"),
        ("パスワードをリセット", "パスワードをリセット"),
        ("비밀번호 재설정", "비밀번호-재설정"),
        ("إعادة تعيين كلمة المرور", "إعادة-تعيين-كلمة-المرور"),
        ("पासवर्ड कैसे बदलें", "पासवर्ड-कैसे-बदलें"),
        ("C++ / C#", "c-c"),
        ("../../etc/passwd", "etc-passwd"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("!!! ???", "question"),
        ("😀", "question"),
        ("\u0301\u0300", "question"),
    ],
)
def test_a_slug_is_ascii_for_latin_letters_and_keeps_other_scripts(title: str, slug: str) -> None:
    assert slugify(title, "question") == slug


def test_a_long_slug_ends_at_a_word() -> None:
    slug = slugify("password " * 20, "x")

    assert len(slug) <= SLUG_LENGTH
    assert slug.endswith("-password")


def test_a_long_slug_without_words_is_cut() -> None:
    assert slugify("漢" * 200, "x") == "漢" * SLUG_LENGTH


@settings(max_examples=200, deadline=None, database=None)
@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_line, clean_block, strip_unsafe, lambda value: slugify(value, "x")):
        assert clean(clean(text)) == clean(text)


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(max_size=200))
def test_a_slug_is_always_a_path_segment(text: str) -> None:
    slug = slugify(text, "x")

    assert 0 < len(slug) <= SLUG_LENGTH
    assert not set(slug) & set("/\\?#%.:<>\"' \n")
