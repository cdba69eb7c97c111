"""Whatever is typed: an answer, never an error, and bounded work (reliability.md 4.6)."""

from __future__ import annotations

import itertools
import random

import pytest

from search.analysis.queries import MAX_WORDS, languages_of, query_words
from search.query import find, similar, suggest
from search.syntax import MAX_LENGTH, parse
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine

_PIECES = [
    '"', "'", "(", ")", "*", "^", "~", ":", "-", "+", "&", "|", "!", "\\", "/", "{", "}", "[", "]",
    "<->", "&&", "||", "AND", "OR", "NOT", "NEAR", "NEAR/3", "title:", "tag:", "is:", "in:",
    "is:nothing", "in:nowhere", "title:*", "body:x", "_exists_:x", "%", "_", ";", "--", "/*", "\x00",
    "\u202e", "\u200b", "\ufeff", "\ud800", "\U0010ffff", "😀", "👩‍👩‍👧", "ﷺ", "e\u0301" * 40, "İ", "ß", "ﬁ",
    "１２３", "٣", "१", "م" * 80, "字" * 80, "a" * 5000, "' OR 1=1 --", "${jndi:ldap://x}",
    "<script>alert(1)</script>", "{{ 7*7 }}", "%s", "%(x)s", "{0}", "\n\r\t\v\f", "0", "-0", "1e999",
    "NaN", "null", "true", "C++", "C#", ".NET", "a.b.c.d.e.f.g.h", "...", "@@@", "1.2.3.4.5.6.7.8",
    "://", "\\\\server\\share", "^T^", "term^2", "word~2", "[a TO z]", "*:*", "-*", '""', '"" ""',
    '" "', 'title:"', '-"', '-title:', "title:title:title:", "is:is:is:", "ſ", "ﬀ", "\u0345", "\u1e9e",
]  # fmt: skip


def _strings() -> list[str]:
    chance = random.Random(11)
    pairs = [f"{a} {b}" for a, b in itertools.product(_PIECES[:24], _PIECES[:12])]
    mixed = ["".join(chance.choices(_PIECES, k=5)) for _ in range(150)]
    return [*_PIECES, *pairs, *mixed]


def test_no_string_is_an_error(library: Library) -> None:
    """SE-05: bad syntax is plain words."""
    library.add("Mail & calendar (new)", 'Say "hello" to <b>C++</b> \u202e and \x00 zero.')
    for text in _strings():
        found = find(text, viewer=None, facets=True)
        assert found.total >= len(found.hits)
        suggest(text, viewer=None)
        similar(text, text, viewer=None)


def test_hostile_documents_are_indexed_and_shown_escaped(library: Library) -> None:
    for number, text in enumerate(_PIECES):
        library.add(f"Case {number} {text}"[:900], f"{text} needle {text}")
    found = find("needle", viewer=None, limit=50)
    assert found.total == len(_PIECES)
    for hit in found.hits:
        for html in (hit.title_html, hit.snippet):
            assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
            assert "\x00" not in html
            assert "\u202e" not in html


@pytest.mark.parametrize(
    "text", ["mail " * 5000, '"' + "mail " * 3000, "-mail " * 4000, "é" * 10_000]
)
def test_long_queries_are_cut(library: Library, text: str) -> None:
    """256 characters, 16 words."""
    library.add("Mail")
    parsed = parse(text)
    assert len(parsed.text) <= MAX_LENGTH
    find(text, viewer=None)


def test_at_most_sixteen_words_are_searched() -> None:
    text = " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    words, _ = query_words(text, languages_of(text, "en"))
    assert len(words) == MAX_WORDS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mail tag:", "mail tag:"),
        ('"unfinished phrase', "unfinished phrase"),
        ("is:purple mail", "is:purple mail"),
        ("in:nowhere mail", "in:nowhere mail"),
        ("error: disk full", "error: disk full"),
        ("-verbose", "-verbose"),
    ],
)
def test_bad_syntax_is_plain_words(text: str, words: str) -> None:
    """SE-05."""
    assert parse(text).text.strip("-") == words.strip("-")
