"""Looks at the best documents closely: passages, neighbours, exact forms, letters of the title.

Pure: both engines keep a document's words as `packed()` writes them and rank with `bonus()`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, compress
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
_PASSAGE, _NEIGHBOURS, _LEADING, _FORM, _TITLE_FORM, _LETTERS = 0.4, 0.1, 0.2, 0.4, 0.4, 0.05
# A long text has everything somewhere: each halving of a body is worth a hundredth of the query.
_BRIEF, _LONG = 0.0167, 8.0
# Only terms at least so telling, compared with the most telling one, are looked up in the texts.
_TERMS, _LEAST = 12, 0.1
_SCALE = 1000 * FACTOR_SCALE
# In front of packed words; those of an older form have none, and count for nothing.
_MARK, _HEAD = 0, 6


def packed(text: Analysed, number_of: Callable[[str], int]) -> bytes:
    """The words of TEXT for `Words`: their stems as numbers, in order, and the exact forms."""
    in_title = [key for key in text.title if key[0] == EXACT]
    in_body = [key for key in text.body if key[0] == EXACT and key not in text.title]
    sequence = map(number_of, text.sequence)
    return packed_numbers(sequence, map(number_of, in_title), map(number_of, in_body), text)


def packed_numbers(
    sequence: Iterable[int], in_title: Iterable[int], in_body: Iterable[int], text: Analysed
) -> bytes:
    """As `packed()`, for whoever has numbers already; a stop word is 0."""
    numbers = array("I", [0] * _HEAD)
    numbers.extend(sequence)
    forms = sorted(in_title), sorted(in_body)
    numbers.fromlist(forms[0])
    numbers.fromlist(forms[1])
    numbers.fromlist(text.offsets)
    counts = (text.words, *map(len, forms), len(text.offsets))
    numbers[:_HEAD] = array("I", (_MARK, *counts, text.title_words))
    return numbers.tobytes() + text.title_text.encode(errors="replace")


class Words:
    """The words of one document: where each stem stands, title first; stop words count.

    Raises ValueError if RAW was cut off.
    """

    __slots__ = ("in_body", "in_title", "offsets", "sequence", "title", "title_words")

    def __init__(self, raw: bytes | memoryview) -> None:
        whole = memoryview(raw)
        head, data = array("I", bytes(whole[: 4 * _HEAD])), array("I")
        if len(head) == _HEAD and head[0] != _MARK:
            whole, head = whole[:0], array("I", [0] * _HEAD)
        if len(head) < _HEAD:
            raise ValueError("words cut off")
        ends, self.title_words = list(accumulate(head[1:5])), head[5]
        data.frombytes(whole[4 * _HEAD : 4 * (_HEAD + ends[3])])
        if len(data) < ends[3]:
            raise ValueError("words cut off")
        self.sequence = data[: ends[0]]
        self.in_title = data[ends[0] : ends[1]]
        self.in_body = data[ends[1] : ends[2]]
        self.offsets = data[ends[2] :]
        self.title = str(whole[4 * (_HEAD + ends[3]) :], "utf-8")

    @property
    def length(self) -> int:
        return len(self.sequence)

    def positions(self, terms: Iterable[int]) -> dict[int, list[int]]:
        """Where each of TERMS stands; nothing for those that do not."""
        found: dict[int, list[int]] = {term: [] for term in terms}
        sequence = self.sequence
        for at in compress(range(len(sequence)), map(found.__contains__, sequence)):
            found[sequence[at]].append(at)
        return found

    def form(self, term: int) -> int:
        """2 if the exact form TERM stands in the title, 1 if in the body, else 0."""
        for found, forms in ((2, self.in_title), (1, self.in_body)):
            at = bisect_left(forms, term)
            if at < len(forms) and forms[at] == term:
                return found
        return 0

    def numbers(self) -> list[int]:
        """The numbers of all stems and forms."""
        return [*(set(self.sequence) - {0}), *self.in_title, *self.in_body]

    def offset(self, position: int) -> int:
        """A place in the body at or shortly before the word at POSITION."""
        found = 0
        for i in range(0, len(self.offsets), 2):
            if self.offsets[i] > position:
                break
            found = self.offsets[i + 1]
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
    standing = words.positions(term for term, _ in stems)
    for number, (term, weight) in enumerate(stems):
        found = standing[term]
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
    standing = words.positions(term for term, _ in asked.stems)
    found = sorted(
        (position, weight)
        for term, weight in asked.stems
        for position in standing[term]
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
    standing = words.positions(set().union(*phrase))
    for i, terms in enumerate(phrase):
        if terms:
            here = {position - i for term in terms for position in standing[term]}
            starts = here if starts is None else starts & here
    if starts is None:
        return True
    length, title = len(phrase), words.title_words
    return any(
        start >= 0 and start + length <= words.length and not start < title < start + length
        for start in starts
    )
