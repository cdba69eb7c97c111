"""What becomes of the words of a query, the same with every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from search.analysis.queries import query_word
from search.analysis.words import STEM, analyser
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


def in_other_languages(
    query: Query, terms: Sequence[Term], languages: Mapping[str, int], lookup: Lookup
) -> tuple[Query, list[Term]]:
    """`fakturami` on an English page: a word without a stem there may have one in Polish.

    LANGUAGES: how many public texts the site has in each. What is found is a part of the word.
    """
    others = sorted(set(languages) - set(query.spoken), key=lambda one: (-languages[one], one))
    analysers = [analyser(language) for language in others[:_MOST_OTHERS]]
    if not analysers:
        return query, []
    known = {term.key for term in terms if term.df and term.key[0] == STEM}
    more: dict[str, tuple[str, ...]] = {}
    little = set()
    for word in query.words:
        # The many words of a text are in its own language.
        if word.count or not word.text.isalpha() or not known.isdisjoint(word.keys):
            continue
        if any(one.is_stop(word.text) for one in analysers):
            # No text there keeps it, so nobody is told that none has it.
            little.add(word.text)
            continue
        made = query_word(word.text, analysers)
        stems = [key for key in (made.keys if made else ()) if key[0] == STEM]
        more[word.text] = tuple(key for key in stems if key not in word.keys)
    weights = {word.text: word.weight for word in query.words}
    keyed = [(key, weights[text]) for text, keys in more.items() for key in keys]
    found = [term for term in lookup(keyed) if term.df] if keyed else []
    there = {term.key for term in found}
    words = tuple(
        replace(
            word,
            keys=(*word.keys, *(key for key in more.get(word.text, ()) if key in there)),
            is_extra=word.is_extra or word.text in little,
        )
        for word in query.words
    )
    return replace(query, words=words), found


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
        own = [key for key in word.keys if key[0] in _TELLING]
        if not any(df.get(key) for key in own):
            missing[word.text] = own
    found = seen(missing) if missing and query.tokens - {"public"} else set()
    return [text for text in missing if text not in found]
