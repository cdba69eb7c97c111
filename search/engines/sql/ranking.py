"""Looks at the words of the best documents in order: passages, neighbours, phrases."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.analysis.documents import STEP
from search.engines.sql.reading import Term
from search.engines.sql.tables import chunks, marks, rows
from search.engines.sql.weights import FACTOR_SCALE, K1

POOL = 50
# A passage: this many words, a new one begins every STRIDE words (search.md, section 5).
_LENGTH, _STRIDE = 120, 90
_PASSAGE_WEIGHT = 0.2
_NEIGHBOURS = 0.1
# Only terms at least so telling, compared with the most telling one, are looked up in the texts.
_TERMS, _LEAST = 10, 0.15
_SCALE = 1000 * FACTOR_SCALE


@dataclass(slots=True)
class Words:
    """The words of one document as term ids, title first; 0 is a stop word."""

    sequence: bytes
    offsets: array[int]
    title_words: int

    def positions(self, term: int, begin: int = 0) -> Iterator[int]:
        """Where TERM stands from BEGIN on: a byte search, far faster than a loop over words."""
        pattern = term.to_bytes(4, "little")
        place = self.sequence.find(pattern, begin * 4)
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


def telling(terms: Sequence[Term]) -> list[Term]:
    """The terms worth a look at where they stand: not those that are everywhere."""
    ranked = sorted(terms, key=lambda term: -term.idf * term.weight)[:_TERMS]
    least = ranked[0].idf * ranked[0].weight * _LEAST if ranked else 0
    return [term for term in ranked if term.idf * term.weight >= least]


def bonus(words: Words, terms: Sequence[Term]) -> int:
    """What a document gains by its best passage and by words that stand side by side."""
    passages: dict[int, float] = {}
    places: dict[int, list[int]] = {}
    begin = words.title_words
    for number, term in enumerate(terms):
        counts: dict[int, int] = {}
        for position in words.positions(term.id, begin):
            places.setdefault(position, []).append(number)
            passage = (position - begin) // _STRIDE
            counts[passage] = counts.get(passage, 0) + 1
            # Passages overlap: the first words of one are the last of the one before.
            if passage and (position - begin) % _STRIDE < _LENGTH - _STRIDE:
                counts[passage - 1] = counts.get(passage - 1, 0) + 1
        weight = term.idf * term.weight
        for passage, count in counts.items():
            passages[passage] = passages.get(passage, 0.0) + weight * count / (count + K1)
    if not passages:
        return 0
    score = _PASSAGE_WEIGHT * max(passages.values())
    return int((score + _NEIGHBOURS * _neighbours(places, terms)) * _SCALE)


def _neighbours(places: dict[int, list[int]], terms: Sequence[Term]) -> float:
    """Different words of the query at most one word apart, each pair counted once."""
    pairs = {
        (number, other)
        for position, numbers in places.items()
        for number in numbers
        for near in (position + 1, position + 2)
        for other in places.get(near, ())
        if other != number
    }
    return sum(terms[a].idf * terms[a].weight + terms[b].idf * terms[b].weight for a, b in pairs)


def place(words: Words, terms: Sequence[Term]) -> int:
    """Where in the body the words of the query stand closest: there the snippet begins."""
    found = sorted(
        (position, term.idf * term.weight)
        for term in terms
        for position in words.positions(term.id, words.title_words)
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
