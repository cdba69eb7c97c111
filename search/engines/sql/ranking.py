"""Looks at the best documents closely: passages, neighbours, exact forms, letters of the title.

Pure: both engines keep a document's words as `packed()` writes them and rank with `bonus()`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain
from math import log
from typing import TYPE_CHECKING

from search.analysis.documents import STEP, Analysed
from search.analysis.words import CODE, EXACT, STEM, WEIGHTS
from search.engines.base import QueryWord
from search.engines.sql.weights import FACTOR_SCALE, K1, TITLE_MEAN, saturation

if TYPE_CHECKING:
    from search.engines.sql.reading import Term

POOL = 24
# A passage: this many words, a new one begins every STRIDE words (search.md, section 5).
_LENGTH, _STRIDE = 120, 90
_LEAD = 60
# docs/decisions/0003-ranking.md: swept over all judged sets, each held out once.
_PASSAGE, _NEIGHBOURS, _LEADING, _FORM, _TITLE_FORM, _LETTERS = 0.4, 0.1, 0.2, 0.4, 0.4, 0.045
# A long text has everything somewhere: each halving of a body is worth a hundredth of the query.
_BRIEF, _LONG = 0.0167, 8.0
# Only terms at least so telling, compared with the most telling one, are looked up in the texts.
_TERMS, _LEAST = 12, 0.1
_SCALE = 1000 * FACTOR_SCALE
_HEAD = 6


def packed(text: Analysed, number_of: Callable[[str], int]) -> bytes:
    """The words of TEXT for `Words`: numbers of stems and forms, and where the stems stand."""
    places: dict[str, list[int]] = {}
    for place_, stem in enumerate(text.sequence):
        if stem:
            if stem in places:
                places[stem].append(place_)
            else:
                places[stem] = [place_]
    in_title = [number_of(key) for key in text.title if key[0] == EXACT]
    in_body = [number_of(key) for key in text.body if key[0] == EXACT and key not in text.title]
    stems = sorted((number_of(stem), found) for stem, found in places.items())
    return packed_numbers(stems, sorted(in_title), sorted(in_body), text)


def packed_numbers(
    stems: Sequence[tuple[int, Sequence[int]]],
    in_title: Sequence[int],
    in_body: Sequence[int],
    text: Analysed,
) -> bytes:
    """As `packed()`, for whoever has numbers already; everything sorted."""
    head = (
        len(stems),
        len(in_title),
        len(in_body),
        len(text.offsets),
        text.title_words,
        text.words,
    )
    places = [found for _, found in stems]
    start = _HEAD + 2 * len(stems) + 1 + len(in_title) + len(in_body) + len(text.offsets)
    # Made of one list, which an array takes several times as fast as piece after piece.
    numbers = array(
        "I",
        [
            *head,
            *[number for number, _ in stems],
            *accumulate(map(len, places), initial=start),
            *in_title,
            *in_body,
            *text.offsets,
            *chain.from_iterable(places),
        ],
    )
    return numbers.tobytes() + text.title_text.encode(errors="replace")


class Words:
    """The words of one document: where each stem stands, title first; stop words count."""

    __slots__ = ("data", "forms", "length", "offsets", "stems", "title", "title_words")

    def __init__(self, raw: bytes | memoryview) -> None:
        whole = memoryview(raw)
        head = whole[: 4 * _HEAD].cast("I")
        self.stems = head[0]
        self.forms = (head[1], head[2])
        self.offsets = head[3]
        self.title_words, self.length = head[4], head[5]
        last = whole[4 * (_HEAD + 2 * head[0]) : 4 * (_HEAD + 2 * head[0] + 1)].cast("I")[0]
        self.data = whole[: 4 * last].cast("I")
        self.title = bytes(whole[4 * last :]).decode()

    def positions(self, term: int) -> list[int]:
        """Where TERM stands."""
        data, stems = self.data, self.stems
        at = bisect_left(data, term, _HEAD, _HEAD + stems)
        if at == _HEAD + stems or data[at] != term:
            return []
        return data[data[at + stems] : data[at + stems + 1]].tolist()

    def form(self, term: int) -> int:
        """2 if the exact form TERM stands in the title, 1 if in the body, else 0."""
        data = self.data
        start = _HEAD + 2 * self.stems + 1
        for found, length in zip((2, 1), self.forms, strict=True):
            at = bisect_left(data, term, start, start + length)
            if at < start + length and data[at] == term:
                return found
            start += length
        return 0

    def numbers(self) -> list[int]:
        """The numbers of all stems and forms."""
        start = _HEAD + 2 * self.stems + 1
        return [
            *self.data[_HEAD : _HEAD + self.stems],
            *self.data[start : start + sum(self.forms)],
        ]

    def offset(self, position: int) -> int:
        """A place in the body at or shortly before the word at POSITION."""
        start = _HEAD + 2 * self.stems + 1 + sum(self.forms)
        offsets = self.data[start : start + self.offsets].tolist()
        found = 0
        for i in range(0, len(offsets), 2):
            if offsets[i] > position:
                break
            found = offsets[i + 1]
        return found


@dataclass(slots=True)
class Look:
    """What of a query is looked up in the best documents."""

    # (number, idf times weight) of stems and of exact forms
    stems: list[tuple[int, float]] = field(default_factory=list)
    forms: list[tuple[int, float]] = field(default_factory=list)
    letters: frozenset[str] = frozenset()
    # What three shared letters are worth: like an idf, it grows with the collection.
    letters_weight: float = 0.0
    # What all stems together are worth.
    whole: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.stems or self.forms)


def look(terms: Sequence[Term], words: Iterable[QueryWord], documents: int) -> Look:
    """The terms worth a look at where they stand: not those that are everywhere."""
    # In one order, whatever order an engine knows them in: of equal ones the same are taken.
    terms = sorted(terms, key=lambda term: term.key)
    ranked = sorted(
        ((term.id, term.idf * term.weight) for term in terms if term.key[0] in (STEM, CODE)),
        key=lambda pair: -pair[1],
    )[:_TERMS]
    least = ranked[0][1] * _LEAST if ranked else 0.0
    forms = [(t.id, t.idf * t.weight / WEIGHTS[EXACT]) for t in terms if t.key[0] == EXACT]
    # What is taken of a long text says little about a title.
    texts = {key[2:] for word in words if not word.count for key in word.keys if _is_form(key)}
    letters = frozenset().union(*map(letters_of, texts)) if texts else frozenset()
    weight = _LETTERS * log(1 + documents)
    stems = [pair for pair in ranked if pair[1] >= least]
    return Look(stems, forms, letters, weight, sum(worth for _, worth in stems))


def _is_form(key: str) -> bool:
    return key[0] in (EXACT, CODE)


@lru_cache(maxsize=50_000)
def letters_of(word: str) -> frozenset[str]:
    """Threes of letters, beginning and end included: what compounds and inflections share."""
    whole = f"^{word}$"
    return frozenset(whole[i : i + 3] for i in range(len(whole) - 2))


def bonus(words: Words, asked: Look) -> int:
    """What a document gains beyond the sum of its terms."""
    score = _of_places(words, asked.stems) + asked.whole * _brevity(words)
    for term, weight in asked.forms:
        form = words.form(term)
        if form:
            score += (_FORM + _TITLE_FORM if form == 2 else _FORM) * weight
    score += asked.letters_weight * _shared_letters(words.title, asked.letters)
    return int(score * _SCALE)


def _of_places(words: Words, stems: Sequence[tuple[int, float]]) -> float:
    """The best passage, the beginning of the body, and words that stand side by side."""
    begin = words.title_words
    leading = saturation(min(words.length - begin, _LEAD), _LEAD, 0.6)
    passages: dict[int, float] = {}
    places: dict[int, int] = {}
    score = 0.0
    for number, (term, weight) in enumerate(stems):
        found = words.positions(term)
        if begin and found and found[0] < begin:
            found = [position for position in found if position >= begin]
        if not found:
            continue
        places.update(dict.fromkeys(found, number))
        for passage, count in _passages(found, begin).items():
            passages[passage] = passages.get(passage, 0.0) + weight * count / (count + K1)
        lead = bisect_left(found, begin + _LEAD)
        if lead:
            score += _LEADING * weight * lead / (lead + leading)
    if passages:
        score += _PASSAGE * max(passages.values())
        score += _NEIGHBOURS * _neighbours(places, [weight for _, weight in stems])
    return score


def _passages(positions: Sequence[int], begin: int) -> dict[int, int]:
    """How often each passage has a word that stands at POSITIONS."""
    if positions[-1] - begin < _STRIDE:
        return {0: len(positions)}
    counts: dict[int, int] = {}
    for position in positions:
        passage, inside = divmod(position - begin, _STRIDE)
        counts[passage] = counts.get(passage, 0) + 1
        # Passages overlap: the first words of one are the last of the one before.
        if passage and inside < _LENGTH - _STRIDE:
            counts[passage - 1] = counts.get(passage - 1, 0) + 1
    return counts


def _neighbours(places: dict[int, int], weights: Sequence[float]) -> float:
    """Different words of the query at most one word apart, each pair counted once."""
    pairs = set()
    at = places.get
    for position, number in places.items():
        other = at(position + 1, number)
        if other != number:
            pairs.add((number, other))
        other = at(position + 2, number)
        if other != number:
            pairs.add((number, other))
    return sum(weights[a] + weights[b] for a, b in pairs)


def _brevity(words: Words) -> float:
    return _BRIEF * max(0.0, _LONG - log(1 + words.length - words.title_words))


def _shared_letters(title: str, letters: frozenset[str]) -> float:
    if not title or not letters:
        return 0.0
    # As `letters_of()` of each word, but without a set for each.
    whole = f"^{title.replace(' ', '$^')}$"
    shared = sum([three in whole for three in letters])
    return shared / (1 + saturation(title.count(" ") + 1, TITLE_MEAN))


def place(words: Words, asked: Look) -> int:
    """Where in the body the words of the query stand closest: there the snippet begins."""
    found = sorted(
        (position, weight)
        for term, weight in asked.stems
        for position in words.positions(term)
        if position >= words.title_words
    )
    best, start, last, inside = 0.0, 0, 0, 0.0
    for first, (position, weight) in enumerate(found):
        while last < len(found) and found[last][0] < position + STEP:
            inside += found[last][1]
            last += 1
        if inside > best:
            best, start = inside, found[first][0]
        inside -= weight
    return words.offset(start) if found else 0


def has_phrase(words: Words, phrase: Sequence[frozenset[int]]) -> bool:
    """PHRASE stands in the title or in the body; an empty set of terms is any word."""
    starts: set[int] | None = None
    for i, terms in enumerate(phrase):
        if terms:
            here = {position - i for term in terms for position in words.positions(term)}
            starts = here if starts is None else starts & here
    if starts is None:
        return True
    length, title = len(phrase), words.title_words
    return any(
        start >= 0 and start + length <= words.length and not start < title < start + length
        for start in starts
    )
