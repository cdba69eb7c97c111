"""What editors type – words and phrases on lines – and how it is compared with queries.

Models use this, so it knows nothing of tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from search.analysis import folding, tokens
from search.analysis.stopwords import ASKING_WORDS
from search.analysis.words import analyser

MAX_PHRASES = 20
MAX_PHRASE = 80
MAX_PHRASE_WORDS = 8
_ENDS = re.compile(r"[\r\n,;،、，；]+")


class Piece(NamedTuple):
    """A stem of a text, with the word it comes from; small words are those nobody searches for."""

    stem: str
    token: str
    is_small: bool


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
    asking = ASKING_WORDS.get(one.language, ())
    found = []
    for match in tokens.tokens(text):
        raw = match.group()
        small = one.is_stop(raw) or folding.lower(raw, one.language).replace("’", "'") in asking
        stems = one.word(raw).stems
        if "" in stems:
            stems = one.whole(raw).stems
        found += [Piece(stem, raw, small) for stem in stems]
    return found


def stems_of(text: str, language: str) -> tuple[str, ...]:
    return tuple(piece.stem for piece in pieces(text, language))


def same_words(phrases: Sequence[str], language: str) -> set[tuple[str, ...]]:
    """PHRASES as search tells them apart: `log-in` and `Log in` are one."""
    return {stems_of(phrase, language or "en") for phrase in phrases}


def bag(found: Sequence[Piece]) -> frozenset[str]:
    """The words that count, in any order; the small ones only if there is nothing else."""
    telling = frozenset(piece.stem for piece in found if not piece.is_small)
    return telling or frozenset(piece.stem for piece in found)
