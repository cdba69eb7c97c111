"""What editors type – words and phrases on lines – and how it is compared with queries.

Models use this, so it knows nothing of tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from search.analysis import folding, tokens
from search.analysis.stopwords import ASKING_WORDS, STOP_WORDS
from search.analysis.words import Analyser, analyser

MAX_PHRASES = 20
MAX_PHRASE = 80
MAX_PHRASE_WORDS = 8
_ENDS = re.compile(r"[\r\n,;،、，；]+")


class Piece(NamedTuple):
    """A stem of a text, with the word it comes from; small words are those nobody searches for.

    PLAIN is the stem of the word as it is typed without accents: stemmers know endings by them.
    """

    stem: str
    token: str
    is_small: bool
    plain: str

    def is_like(self, other: Piece) -> bool:
        return self.stem == other.stem or self.plain == other.plain


def phrases_in(text: str) -> list[str]:
    """One phrase a line or between commas, cleaned, each once."""
    found: dict[str, str] = {}
    for part in _ENDS.split(unicodedata.normalize("NFC", tokens.clean(text, 10_000))):
        phrase = " ".join(part.split())
        if phrase:
            found.setdefault(phrase.casefold(), phrase)
    return list(found.values())


def pieces(text: str, language: str) -> list[Piece]:
    """Every word of TEXT as LANGUAGE stems it, also those that search leaves out."""
    one = analyser(language)
    small = _small(one.language)
    found = []
    for match in tokens.tokens(text):
        raw = match.group()
        is_small = folding.lower(raw, one.language).replace("’", "'") in small
        stems, plain = _stems(one, raw), _stems(one, folding.fold(raw))
        if len(plain) != len(stems):
            plain = stems
        found += [Piece(stem, raw, is_small, bare) for stem, bare in zip(stems, plain, strict=True)]
    return found


def plainly(found: Sequence[Piece]) -> list[Piece]:
    """FOUND as if nobody had typed an accent."""
    return [piece._replace(stem=piece.plain) for piece in found]


def _stems(one: Analyser, raw: str) -> tuple[str, ...]:
    stems = one.word(raw).stems
    return one.whole(raw).stems if "" in stems else stems


@cache
def _small(language: str) -> frozenset[str]:
    """Small words, also as they are typed without accents."""
    words = STOP_WORDS.get(language, frozenset()) | ASKING_WORDS.get(language, frozenset())
    return words | frozenset(map(folding.fold, words))


def stems_of(text: str, language: str) -> tuple[str, ...]:
    return tuple(piece.stem for piece in pieces(text, language))


def same_words(phrases: Sequence[str], language: str) -> set[tuple[str, ...]]:
    """PHRASES as search tells them apart: `log-in` and `Log in` are one."""
    return {stems_of(phrase, language or "en") for phrase in phrases}


def bag(found: Sequence[Piece]) -> frozenset[str]:
    """The words that count, in any order; the small ones only if there is nothing else."""
    telling = frozenset(piece.stem for piece in found if not piece.is_small)
    return telling or frozenset(piece.stem for piece in found)
