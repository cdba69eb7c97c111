"""Looks at the words of the best documents in order: passages, neighbours, phrases."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.analysis.documents import STEP
from search.engines.sql.reading import Term
from search.engines.sql.tables import chunks, marks, rows
from search.engines.sql.weights import FACTOR_SCALE

POOL = 100
# A passage: this many words, a new one begins every STRIDE words (search.md, section 5).
_LENGTH, _STRIDE = 120, 90
_PASSAGE_WEIGHT = 0.7
_NEIGHBOURS = 0.1
_SCALE = 1000 * FACTOR_SCALE


@dataclass(slots=True)
class Words:
    """The words of one document as term ids, title first; 0 is a stop word."""

    sequence: bytes
    offsets: array[int]
    title_words: int

    def positions(self, term: int) -> Iterator[int]:
        """Where TERM stands: a byte search, far faster than a loop over the words."""
        pattern = term.to_bytes(4, "little")
        place = self.sequence.find(pattern)
        while place >= 0:
            if place % 4 == 0:
                yield place // 4
                place = self.sequence.find(pattern, place + 4)
            else:
                place = self.sequence.find(pattern, place + 1)

    def __len__(self) -> int:
        return len(self.sequence) // 4

    def offset(self, position: int) -> int:
        """A place in the body at or shortly before the word at POSITION."""
        found = 0
        for i in range(0, len(self.offsets), 2):
            if self.offsets[i] > position:
                break
            found = self.offsets[i + 1]
        return found


def words_of(docs: Sequence[int]) -> dict[int, Words]:
    found: dict[int, Words] = {}
    for some in chunks(docs, 500):
        sql = (
            "SELECT doc_id, sequence, offsets, title_words FROM search_docwords"
            f" WHERE doc_id IN ({marks(some)})"
        )
        for doc, sequence, offsets, title_words in rows(sql, list(some)):
            numbers = array("I")
            numbers.frombytes(bytes(offsets))
            found[doc] = Words(bytes(sequence), numbers, title_words)
    return found


def bonus(words: Words, stems: Sequence[Term]) -> tuple[int, int]:
    """What a document gains by its best passage, and where in the body that passage begins."""
    hits = sorted(
        (position, term.id, term.idf * term.weight)
        for term in stems
        for position in words.positions(term.id)
        if position >= words.title_words
    )
    if not hits:
        return 0, 0
    score, start = _best_passage(hits, len(words), words.title_words)
    score = _PASSAGE_WEIGHT * score + _NEIGHBOURS * _neighbours(hits)
    return int(score * _SCALE), words.offset(start)


def _best_passage(
    hits: Sequence[tuple[int, int, float]], length: int, begin: int
) -> tuple[float, int]:
    passages: dict[int, dict[int, list[float]]] = {}
    for position, term, weight in hits:
        last = (position - begin) // _STRIDE
        for number in range(max(0, (position - begin - _LENGTH) // _STRIDE + 1), last + 1):
            counted = passages.setdefault(number, {}).setdefault(term, [weight, 0.0])
            counted[1] += 1
    best, place = 0.0, 0
    for number, terms in passages.items():
        score = sum(weight * count / (count + 1.2) for weight, count in terms.values())
        if score > best:
            best, place = score, number
    first = begin + place * _STRIDE
    inside = [p for p, _, _ in hits if first <= p < first + _LENGTH]
    return best, _densest(inside) if inside else first


def _densest(positions: Sequence[int]) -> int:
    """The first word of the STEP words that hold most of POSITIONS."""
    best, start = 0, positions[0]
    for i, position in enumerate(positions):
        count = sum(1 for other in positions[i:] if other < position + STEP)
        if count > best:
            best, start = count, position
    return start


def _neighbours(hits: Sequence[tuple[int, int, float]]) -> float:
    """Different words of the query side by side in the body, each pair counted once."""
    pairs: dict[tuple[int, int], float] = {}
    for (place, term, weight), (other_place, other, other_weight) in zip(
        hits, hits[1:], strict=False
    ):
        if term != other and other_place - place <= 2:
            pairs[term, other] = weight + other_weight
    return sum(pairs.values())


def has_phrase(words: Words, phrase: Sequence[frozenset[int]]) -> bool:
    """PHRASE stands in the document; an empty set of terms is any word."""
    anchor = next((i for i, terms in enumerate(phrase) if terms), None)
    if anchor is None:
        return True
    numbers = array("I")
    numbers.frombytes(words.sequence)
    for term in phrase[anchor]:
        for position in words.positions(term):
            start = position - anchor
            if start < 0 or start + len(phrase) > len(numbers):
                continue
            if start < words.title_words < start + len(phrase):
                continue
            if all(not terms or numbers[start + i] in terms for i, terms in enumerate(phrase)):
                return True
    return False
