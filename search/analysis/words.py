"""What one word of a text is searched by: the single analyser that all engines share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import folding, stemming, tokens
from search.analysis.faintwords import FAINT_WORDS
from search.analysis.stopwords import STOP_WORDS

# One letter in front of a term says its kind. The only table of weights there is.
STEM, EXACT, CODE, BIGRAM, GRAM, TAG = "s", "x", "c", "b", "n", "g"
WEIGHTS = {STEM: 1.0, EXACT: 0.7, CODE: 1.5, BIGRAM: 0.6, GRAM: 0.3, TAG: 1.0}

# Long compounds and suffixes: a share of the word's letters finds its relatives.
_GRAM_LANGUAGES = frozenset({"ar", "da", "de", "et", "fi", "hu", "nl", "no", "sv", "tr"})
_GRAM_LENGTH = 5
_GRAM_WORDS = 6
_ELISION = frozenset({"ca", "fr", "it"})
_CACHE_SIZE = 200_000
# These hold an identifier together; a slash or colon only stands between two words.
_JOINERS = frozenset("._@-")


@dataclass(frozen=True, slots=True)
class Word:
    """STEMS in reading order ("" for a stop word), KEYS = every term the word is found by."""

    stems: tuple[str, ...]
    keys: tuple[str, ...]
    # (exact key, spelling) where folding changed the word.
    displays: tuple[tuple[str, str], ...] = ()
    # Shares of the word, kept of titles only.
    grams: tuple[str, ...] = ()


_STOP = Word(("",), ())


class _Words(dict[str, Word]):
    """Words by how they are written; those not asked for yet are analysed now."""

    def __init__(self, analyse: Callable[[str], Word]) -> None:
        super().__init__()
        self._analyse = analyse

    def __missing__(self, raw: str) -> Word:
        if len(self) > _CACHE_SIZE:
            self.clear()
        word = self[raw] = self._analyse(raw)
        return word


class Analyser:
    """Analyses words as words of one language; use `analyser(language)`, which keeps its cache."""

    def __init__(self, language: str) -> None:
        self.language = stemming.base_language(language)
        self.stop_words = STOP_WORDS.get(self.language, frozenset())
        self.faint_words = FAINT_WORDS.get(self.language, frozenset())
        self._stemmers = {self.language: stemming.stemmer(self.language)}
        # The analysed form of a token as it stands in the text.
        self.words = _Words(lambda raw: self._analyse(raw, keep=False))

    def word(self, raw: str) -> Word:
        return self.words[raw]

    def whole(self, raw: str) -> Word:
        """Like word(), but a stop word counts: for texts that have nothing else."""
        return self._analyse(raw, keep=True)

    def is_stop(self, raw: str) -> bool:
        return self._plain(raw) in self.stop_words

    def is_faint(self, raw: str) -> bool:
        return self._plain(raw) in self.faint_words

    def _plain(self, raw: str) -> str:
        return folding.lower(raw, self.language).replace("’", "'")

    def _analyse(self, raw: str, *, keep: bool) -> Word:
        text = self._plain(raw).replace("ʼ", "'")
        if not keep and text in self.stop_words:
            return _STOP
        if "'" in text:
            text = self._without_apostrophes(text)
        parts = tokens.parts_of(text)
        if len(parts) == 1 and parts[0] == text:
            return self._simple(text, keep=keep)
        return self._compound(text, parts, keep=keep)

    def _without_apostrophes(self, text: str) -> str:
        if self.language in _ELISION:
            return text.replace("'", "/")
        if self.language == "en" and text.endswith("'s"):
            text = text[:-2]
        return text.replace("'", "")

    def _simple(self, text: str, *, keep: bool = False) -> Word:
        if not keep and text in self.stop_words:
            return _STOP
        if text.isascii() or not tokens.PAIRED.search(text):
            return self._term(text[: tokens.MAX_WORD])
        stems: list[str] = []
        keys_: list[str] = []
        shares: list[str] = []
        for is_paired, run in tokens.runs_of(text):
            word = _paired(run) if is_paired else self._simple(run, keep=keep)
            stems += word.stems
            keys_ += word.keys
            shares += word.grams
        return Word(tuple(stems), tuple(keys_), grams=tuple(shares))

    def _compound(self, text: str, parts: list[str], *, keep: bool) -> Word:
        """A code such as 5.7.26 by itself and its beginnings; else the whole and its parts."""
        whole = text.strip("._@-:/\\+&")[: tokens.MAX_WORD]
        if len(parts) > 1 and all(part.isdecimal() for part in parts):
            joined = [".".join(parts[:count]) for count in range(1, min(len(parts), 4) + 1)]
            codes = tuple(f"{CODE}:{code}" for code in joined)
            return Word((codes[-1],), codes)
        stems: list[str] = []
        keys: list[str] = []
        shares: list[str] = []
        for part in parts:
            word = self._simple(part, keep=keep)
            stems += word.stems
            keys += word.keys
            shares += word.grams
        if len(parts) > 1 and not _JOINERS.isdisjoint(text):
            keys.append(f"{EXACT}:{folding.fold(whole)}")
            if all(part.isalpha() for part in parts) and "-" in text and len(parts) == 2:
                # e-mail and email, sign-in and signin are one word to whoever searches.
                keys += self._simple("".join(parts), keep=True).keys
        return Word(tuple(stems), tuple(keys), grams=tuple(shares))

    def _term(self, text: str) -> Word:
        if any(character.isdigit() for character in text):
            code = f"{CODE}:{folding.fold(text)}"
            return Word((code,), (code,))
        language = stemming.languages_for(self.language, tokens.script_of(text))[0]
        stem = f"{STEM}:{language}:{folding.fold(self._stem(text, language))}"
        exact = f"{EXACT}:{folding.fold(text)}"
        is_long = language in _GRAM_LANGUAGES and len(text) >= _GRAM_WORDS
        shares = grams(text, language) if is_long else ()
        written = () if text.isascii() else ((exact, text),)
        return Word((stem,), (stem, exact), written, tuple(shares))

    def _stem(self, text: str, language: str) -> str:
        stem = self._stemmers.get(language)
        if stem is None:
            stem = self._stemmers[language] = stemming.stemmer(language)
        return stem(text)


def grams(text: str, language: str) -> list[str]:
    text = folding.fold(text)
    size = _GRAM_LENGTH
    return [f"{GRAM}:{language}:{text[i : i + size]}" for i in range(len(text) - size + 1)]


def _paired(run: str) -> Word:
    """Pairs of letters, the unit of languages without spaces; one letter stands alone."""
    run = folding.fold(run)
    pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    stems = tuple(f"{STEM}::{pair}" for pair in pairs)
    # With its last letter alone, every letter of a run begins a term: one letter can be asked for.
    return Word(stems, (*stems, f"{STEM}::{run[-1]}") if len(run) > 1 else stems)


def is_lone_letter(keys: tuple[str, ...]) -> bool:
    return len(keys) == 1 and keys[0].startswith(f"{STEM}::") and len(keys[0]) == 4


@lru_cache(maxsize=64)
def analyser(language: str) -> Analyser:
    return Analyser(language)
