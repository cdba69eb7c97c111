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


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of a group that stands in a text from piece START to before END."""

    start: int
    end: int
    group: Group
    phrase: str


@dataclass(slots=True)
class Synonyms:
    """All groups, looked up by the first stem of their phrases."""

    groups: tuple[Group, ...] = ()
    _by_language: dict[str, dict[str, list[tuple[tuple[str, ...], Group, str]]]] = field(
        default_factory=dict
    )

    def matches(self, found: Sequence[Piece], language: str) -> Iterator[Match]:
        """Where phrases stand in FOUND, the pieces of a text in LANGUAGE."""
        index = self._index(language)
        stems = tuple(piece.stem for piece in found)
        for start, stem in enumerate(stems):
            for phrase, group, text in index.get(stem, ()):
                end = start + len(phrase)
                if stems[start:end] == phrase:
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
                said.append(Piece(f"={match.group.pk}", match.phrase, False))
                place = match.end
        return [*said, *found[place:]]

    def _index(self, language: str) -> dict[str, list[tuple[tuple[str, ...], Group, str]]]:
        base = base_language(language)
        index = self._by_language.get(base)
        if index is None:
            index = {}
            for group in self.groups:
                if group.language and base_language(group.language) != base:
                    continue
                for text in group.phrases:
                    stems = tuple(piece.stem for piece in pieces(text, base))
                    if stems:
                        index.setdefault(stems[0], []).append((stems, group, text))
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
