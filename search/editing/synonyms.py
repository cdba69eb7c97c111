"""Finds an editor's words in a query and adds what means the same (SE-04, U-25)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from search.analysis import queries
from search.analysis.stemming import base_language
from search.editing.phrases import Piece, pieces
from search.engines.base import QueryWord

# What an editor says is as good as typed, but not better than what was typed (search.md 5).
WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Group:
    pk: int
    language: str
    phrases: tuple[str, ...]


# By a first stem: phrases that begin so, each as it is compared and as it is written.
_Index = dict[str, list[tuple[tuple[Piece, ...], Group, str]]]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of a group that stands in a text from piece START to before END."""

    start: int
    end: int
    group: Group
    phrase: str


@dataclass(slots=True)
class Synonyms:
    """All groups, looked up by the first stem of their phrases, with its accents or without."""

    groups: tuple[Group, ...] = ()
    _by_language: dict[str, _Index] = field(default_factory=dict)

    def matches(self, found: Sequence[Piece], language: str) -> Iterator[Match]:
        """Where phrases stand in FOUND, the pieces of a text in LANGUAGE."""
        index = self._index(language)
        for start, piece in enumerate(found):
            begun = (*index.get(piece.stem, ()), *index.get(piece.plain, ()))
            for phrase, group, text in dict.fromkeys(begun):
                end = start + len(phrase)
                some = found[start:end]
                if len(some) == len(phrase) and all(map(Piece.is_like, some, phrase)):
                    yield Match(start, end, group, text)

    def canonical(self, found: Sequence[Piece], language: str) -> list[Piece]:
        """FOUND with each phrase of a group as one piece: all ways to say it become the same."""
        said: list[Piece] = []
        longest = sorted(
            self.matches(found, language), key=lambda m: (m.start, m.start - m.end, m.group.pk)
        )
        place = 0
        for match in longest:
            if match.start >= place:
                said += found[place : match.start]
                said.append(Piece(f"={match.group.pk}", match.phrase, False, f"={match.group.pk}"))
                place = match.end
        return [*said, *found[place:]]

    def _index(self, language: str) -> _Index:
        base = base_language(language)
        index = self._by_language.get(base)
        if index is None:
            index = {}
            for group in self.groups:
                if group.language and base_language(group.language) != base:
                    continue
                for text in group.phrases:
                    phrase = tuple(pieces(text, base))
                    for first in {phrase[0].stem, phrase[0].plain} if phrase else ():
                        index.setdefault(first, []).append((phrase, group, text))
            self._by_language[base] = index
        return index


def expanded(
    synonyms: Synonyms, text: str, spoken: tuple[str, ...], words: tuple[QueryWord, ...]
) -> tuple[QueryWord, ...]:
    """The WORDS of a query with those of the groups that TEXT meets, still at most 16."""
    typed: set[str] = set()
    meant: dict[str, None] = {}
    present: set[str] = set()
    for language in spoken:
        found = pieces(text, language)
        for match in synonyms.matches(found, language):
            typed.update(piece.token for piece in found[match.start : match.end])
            present.add(match.phrase)
            meant.update(dict.fromkeys(match.group.phrases))
    # A word an editor has written down is no slip, and what it stands for is looked for as well.
    known = [replace(word, is_extra=True) if word.text in typed else word for word in words]
    for phrase in meant:
        if phrase not in present and len(known) < queries.MAX_WORDS:
            keys = {key for word in known for key in word.keys}
            known += [word for word in _words_of(phrase, spoken) if not keys.issuperset(word.keys)]
    return tuple(known[: queries.MAX_WORDS])


def _words_of(phrase: str, spoken: tuple[str, ...]) -> list[QueryWord]:
    """The words of a phrase share its weight: three must not outdo the one that was typed."""
    words, _pairs = queries.query_words(phrase, spoken)
    return [replace(word, weight=WEIGHT / len(words), is_extra=True) for word in words]
