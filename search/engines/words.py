"""What becomes of the words of a query, the same with every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from search.analysis.queries import query_word
from search.analysis.words import analyser
from search.engines.base import Query, QueryWord
from search.engines.sql import spelling
from search.engines.sql.reading import Term
from search.models import Collection

_CORRECTED_WEIGHT = 0.9
# What says that a text has a word: its stem, its form or its code, not a part of it.
_TELLING = "sxc"


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
