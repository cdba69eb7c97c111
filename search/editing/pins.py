"""Which pins a query meets (SE-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from search.analysis import folding, tokens
from search.analysis.stemming import base_language
from search.editing.phrases import Piece, bag, pieces, plainly
from search.editing.synonyms import Synonyms
from search.models_editing import Pin

# So many letters of a word that is being typed say what it will be.
_BEGUN = 3
# By how many words a query has: {stem: word as written}.
_Rows = dict[int, list[tuple[dict[str, str], Pin]]]


@dataclass(slots=True)
class Pins:
    """All pins in use, looked up by the words of their queries, in any order and form."""

    pins: tuple[Pin, ...] = ()
    synonyms: Synonyms = field(default_factory=Synonyms)
    _by_language: dict[str, tuple[dict[frozenset[str], list[Pin]], _Rows]] = field(
        default_factory=dict
    )

    def of(self, text: str, spoken: Sequence[str]) -> list[Pin]:
        """Those for TEXT, best first; SPOKEN are the languages it may be in, the reader's first."""
        found: dict[int, Pin] = {}
        for place, language in enumerate(spoken if self.pins else ()):
            index, _rows = self._index(language)
            if index:
                for key in self._keys(pieces(text, language), language):
                    found.update({pin.pk: pin for pin in _for_reader(index.get(key, ()), place)})
        return _running(found)

    def begun(self, text: str, spoken: Sequence[str]) -> list[Pin]:
        """Those that TEXT, whose last word may not be finished, is on the way to."""
        found: dict[int, Pin] = {}
        for place, language in enumerate(spoken if self.pins else ()):
            _index, rows = self._index(language)
            typed = pieces(text, language)
            if rows and typed and _says_enough(typed[-1].token):
                pins = [*_on_the_way(typed, rows), *_on_the_way(plainly(typed), rows)]
                found.update({pin.pk: pin for pin in _for_reader(pins, place)})
        return _running(found) or self.of(text, spoken)

    def _index(self, language: str) -> tuple[dict[frozenset[str], list[Pin]], _Rows]:
        base = base_language(language)
        known = self._by_language.get(base)
        if known is None:
            index: dict[frozenset[str], list[Pin]] = {}
            rows: _Rows = {}
            for pin in self.pins:
                if pin.language and base_language(pin.language) != base:
                    continue
                for phrase in pin.phrases:
                    said = pieces(phrase, base)
                    telling = [one for one in said if not one.is_small]
                    for some in (telling, plainly(telling)):
                        words = {one.stem: one.token for one in some}
                        rows.setdefault(len(words), []).append((words, pin))
                    for key in self._keys(said, base):
                        index.setdefault(key, []).append(pin)
            known = self._by_language[base] = index, rows
        return known

    def _keys(self, said: Sequence[Piece], language: str) -> set[frozenset[str]]:
        """The words themselves, and what they mean: who pins `log in` also means `sign in`."""
        ways = (said, self.synonyms.canonical(said, language))
        return {bag(one) for way in ways for one in (way, plainly(way))} - {frozenset()}


def _for_reader(pins: Sequence[Pin], place: int) -> list[Pin]:
    """A pin of one language is for its readers, whatever else their words may be taken for."""
    return [pin for pin in pins if place == 0 or not pin.language]


def _running(found: dict[int, Pin]) -> list[Pin]:
    pins = [pin for pin in found.values() if pin.is_running()]
    return sorted(pins, key=lambda pin: (pin.position, pin.pk))


def _says_enough(word: str) -> bool:
    return len(word) >= _BEGUN or tokens.PAIRED.search(word) is not None


def _on_the_way(typed: Sequence[Piece], rows: _Rows) -> list[Pin]:
    """All but the last word are there, and the one that is missing begins like the last."""
    last = typed[-1].token
    begin = folding.fold(last.lower())
    whole = {piece.stem for piece in typed if piece.token != last and not piece.is_small}
    pins = []
    for wanted, pin in rows.get(len(whole) + 1, ()):
        if whole <= wanted.keys():
            [missing] = wanted.keys() - whole
            if folding.fold(wanted[missing].lower()).startswith(begin):
                pins.append(pin)
    return pins
