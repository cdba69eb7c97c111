"""What becomes of the words of a query, the same with every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from search.analysis import tokens
from search.analysis.queries import query_word
from search.analysis.words import CODE, EXACT, STEM, analyser
from search.engines.base import Query, QueryWord
from search.engines.sql import spelling
from search.engines.sql.reading import Term
from search.models import Collection

_CORRECTED_WEIGHT = 0.9
# What says that a text has a word: its stem, its form or its code, not a part of it.
_TELLING = "sxc"
# Languages of the site that a word is tried in which is none of those it was asked in.
_MOST_OTHERS = 4
Lookup = Callable[[Sequence[tuple[str, float]]], list[Term]]


def in_other_forms(
    query: Query,
    terms: Sequence[Term],
    collection: Collection,
    languages: Mapping[str, int],
    lookup: Lookup,
) -> tuple[Query, list[Term]]:
    """More stems for words that are not in a language they were asked in, or miss their accents.

    `fakturami` on an English page has a stem in Polish, and `odzyskac` one if it is written
    `odzyskać`. LANGUAGES: how many public texts the site has in each. What is found becomes a
    part of the word.
    """
    others = sorted(set(languages) - set(query.spoken), key=lambda one: (-languages[one], one))
    elsewhere = [analyser(language) for language in others[:_MOST_OTHERS]]
    here = [analyser(language) for language in query.spoken]
    known = {term.key for term in terms if term.df and term.key[0] == STEM}
    # The many words of a text are in its own language, and written with care.
    words = {w.text: w for w in query.words if not w.count and w.text.isalpha()}
    unknown = {text for text, word in words.items() if known.isdisjoint(word.keys)}
    # No text there keeps a little word, so nobody is told that none has it.
    little = {text for text in unknown if any(one.is_stop(text) for one in elsewhere)}
    has_accents = any(language != "en" for language in query.spoken)
    bare = [text for text in words if text.isascii() and (has_accents or text in unknown)]
    written = spelling.written(bare, collection) if bare else {}
    more: dict[str, list[str]] = {}
    for text, word in words.items():
        if text in little:
            continue
        tried = [(text, elsewhere)] if text in unknown else []
        if text in written:
            tried.append((written[text], here + elsewhere if text in unknown else here))
        made = [query_word(form, analysers) for form, analysers in tried if analysers]
        keys = [key for one in made if one for key in one.keys if key[0] == STEM]
        more[text] = [key for key in dict.fromkeys(keys) if key not in word.keys]
    keyed = [(key, words[text].weight) for text, keys in more.items() for key in keys]
    found = [term for term in lookup(keyed) if term.df] if keyed else []
    there = {term.key for term in found}
    return replace(
        query,
        words=tuple(
            replace(
                word,
                keys=(*word.keys, *(key for key in more.get(word.text, ()) if key in there)),
                is_extra=word.is_extra or word.text in little,
            )
            for word in query.words
        ),
    ), found


def corrected(
    query: Query,
    terms: Sequence[Term],
    collection: Collection,
    count: spelling.Counter = spelling.count_postings,
) -> tuple[dict[str, str], list[QueryWord]]:
    """Words as typed → words of the site's own texts, and these as words of the query."""
    analysers = [analyser(language) for language in query.spoken]
    corrections: dict[str, str] = {}
    words = []
    for word in spelling.suspects(query.words, terms):
        text = spelling.correction(word, terms, collection, count)
        if text:
            corrections[word.text] = text
            made = query_word(text, analysers, weight=_CORRECTED_WEIGHT)
            if made is not None:
                words.append(made)
    return corrections, words


def meant(text: str, corrections: Mapping[str, str]) -> str:
    """TEXT with its slips put right; quotes, commas and question marks stay where they are."""
    return tokens.TOKEN.sub(lambda match: corrections.get(match[0], match[0]), text)


def unmatched(
    query: Query,
    terms: Sequence[Term],
    seen: Callable[[Mapping[str, Sequence[str]]], set[str]],
) -> list[str]:
    """Words that nothing this viewer may see has, as far as a word is told at all.

    SEEN says which of some words, each with its keys, a private text has that they may find.
    """
    df = {term.key: term.df for term in terms}
    missing: dict[str, list[str]] = {}
    for word in query.words:
        if word.is_extra:
            continue
        own = _telling(word)
        if not any(df.get(key) for key in own):
            missing[word.text] = own
    found = seen(missing) if missing and query.tokens - {"public"} else set()
    return [text for text in missing if text not in found]


def _telling(word: QueryWord) -> list[str]:
    """A number in a word parts it from all others: AUTH-3051 does not have AUTH-9999."""
    codes = [key for key in word.keys if key[0] == CODE]
    if not codes:
        return [key for key in word.keys if key[0] in _TELLING]
    wholes = [key for key in word.keys if key[0] == EXACT and any(map(str.isdigit, key))]
    return [codes[-1], *wholes]
