"""The words of a query as terms, in every language it may be written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from search.analysis import stemming, tokens
from search.analysis.documents import bigrams
from search.analysis.stopwords import TELLTALE
from search.analysis.words import (
    BIGRAM,
    CODE,
    EXACT,
    GRAM,
    Analyser,
    Word,
    analyser,
    is_lone_letter,
)
from search.engines.base import QueryWord

MAX_WORDS = 16
# "What", "my" and "please" against a word that says what is asked for
# (docs/decisions/0003-ranking.md).
_FAINT = 0.4
_CODE = re.compile(r"([a-z]{2,8})(-?)(\d{2,10})")
_REPLY = re.compile(r"[245]\d\d-([245]\.\d{1,3}\.\d{1,3})")


def languages_of(text: str, reader: str) -> tuple[str, ...]:
    """The reader's language, English, those of the script, and one its small words betray."""
    found = [stemming.base_language(reader)]
    lowered = text.lower()
    words = lowered.split()
    scripts = {tokens.script_of(word) for word in words}
    guess = _betrayed_by(words, found[0])
    if guess:
        found.append(guess)
    found.append("en")
    for script in sorted(scripts - {"latin"}):
        if stemming.own_script(found[0]) != script:
            found += stemming.OF_SCRIPT.get(script, ())
    return tuple(dict.fromkeys(found))


def _betrayed_by(words: list[str], reader: str) -> str:
    """A visitor may ask in German on the English pages: two small words more tell."""
    counts = Counter(
        {
            language: sum(1 for word in words if word in telltale)
            for language, telltale in TELLTALE.items()
        }
    )
    best, count = max(counts.items(), key=lambda pair: pair[1])
    return best if count >= 2 and count > max(counts[reader], counts["en"]) else ""


def query_words(
    text: str, languages: tuple[str, ...], *, limit: int = MAX_WORDS
) -> tuple[tuple[QueryWord, ...], tuple[str, ...]]:
    """Words with their terms, and the pairs of neighbours, at most LIMIT words."""
    raws = [match.group() for match in tokens.tokens(text)]
    analysers = [analyser(language) for language in languages]
    kept = [raw for raw in raws if not any(one.is_stop(raw) for one in analysers)]
    stops_count = not kept
    asking = frozenset().union(*(TELLTALE.get(language, ()) for language in languages))
    words: dict[tuple[str, ...], QueryWord] = {}
    stems: dict[str, list[str]] = {language: [] for language in languages}
    for raw in (kept or raws)[: limit * 4]:
        word = query_word(raw, analysers, whole=stops_count)
        if word is None or len(words) >= limit:
            continue
        if raw.lower().replace("’", "'") in asking or word.weight < 1:
            # "How do I" helps to rank forum questions (.139 against .130 without), no more.
            word = replace(word, is_extra=True)
        words.setdefault(word.keys, word)
        for one in analysers:
            stems[one.language] += _of(one, raw, whole=stops_count).stems
    pairs = [pair for language in languages for pair in bigrams(stems[language], language)]
    return tuple(words.values()), tuple(dict.fromkeys(pairs))


def query_word(
    raw: str, analysers: list[Analyser], *, weight: float = 1.0, whole: bool = False
) -> QueryWord | None:
    keys: dict[str, None] = {}
    for one in analysers:
        word = _of(one, raw, whole=whole)
        keys.update(dict.fromkeys((*_asked(word.keys), *word.grams)))
    keys.update(dict.fromkeys(_otherwise(raw)))
    if any(one.is_faint(raw) for one in analysers):
        weight *= _FAINT
    return QueryWord(raw, tuple(keys), weight) if keys else None


def core(word: QueryWord) -> tuple[str, ...]:
    """The terms that are the word itself, not parts of it."""
    return tuple(key for key in word.keys if key[0] not in {GRAM, BIGRAM})


def _otherwise(raw: str) -> tuple[str, ...]:
    """A code as others write it: AUTH3051 and AUTH-3051, `550-5.7.26` of a reply of many lines."""
    code = _CODE.fullmatch(raw.lower())
    if code is not None:
        letters, hyphen, digits = code.groups()
        return (f"{CODE}:{letters}{digits}" if hyphen else f"{EXACT}:{letters}-{digits}",)
    reply = _REPLY.fullmatch(raw)
    return _asked(analyser("en").word(reply[1]).keys) if reply is not None else ()


def _asked(keys: tuple[str, ...]) -> tuple[str, ...]:
    """A document of 5.7.26 is also one of 5.7 and 5; who asks for 5.7.26 does not mean 5."""
    if len(keys) > 1 and is_lone_letter(keys[-1:]):
        return keys[:-1]
    if len(keys) > 2 and all(key[0] == CODE for key in keys):
        return keys[-2:]
    return keys


def phrase(
    text: str, languages: tuple[str, ...], others: Iterable[str] = ()
) -> tuple[frozenset[str], ...]:
    """Each word as its stems in all languages; a stop word stands for any word.

    Texts in OTHERS may have the words as well: a message is quoted in whatever language it comes.
    """
    rows = []
    for match in tokens.tokens(text):
        by_language = [analyser(language).word(match.group()).stems for language in languages]
        elsewhere = [analyser(language).word(match.group()).stems for language in others]
        length = max(len(stems) for stems in by_language)
        for i in range(length):
            stems = {stems[i] for stems in by_language if len(stems) == length}
            more = {stems[i] for stems in elsewhere if len(stems) == length}
            rows.append(frozenset() if "" in stems else frozenset((stems | more) - {""}))
    while rows and not rows[-1]:
        rows.pop()
    while rows and not rows[0]:
        rows.pop(0)
    return tuple(rows)


def _of(one: Analyser, raw: str, *, whole: bool) -> Word:
    return one.whole(raw) if whole else one.word(raw)
