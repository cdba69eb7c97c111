"""What the word being typed may become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.analysis import queries, tokens
from search.analysis.folding import fold
from search.analysis.words import CODE, analyser
from search.engines import engine
from search.engines.base import Query, QueryWord, Required
from search.models import Collection, Entry

_COMPLETED_WEIGHT = 0.7
# What may still be typed behind a word that is one already: `mail` is meant more than `mailbox`.
_GOES_ON_WEIGHT = 0.2
_OWN_WORDS = 5
_SHORTEST = 2
# The latest of one's own that are looked through.
_OWN_TITLES = 200
_OWN_TOKENS = ("user:", "org-admins:")


def gone_on(query: Query, last: str, collection: Collection, *, in_title: bool = False) -> Query:
    """QUERY whose LAST word also stands for the words that begin with it.

    IN_TITLE: it must stand in the title; then one of these words may do so instead.
    """
    analysers = [analyser(code) for code in query.spoken]
    completed = engine().complete(last, collection)
    is_whole = last.lower() in {text.lower() for text in completed}
    weight = _GOES_ON_WEIGHT if is_whole else _COMPLETED_WEIGHT
    more = []
    for text in dict.fromkeys([*completed, *own_words(last, query.tokens)]):
        word = queries.query_word(text, analysers, weight=weight)
        # `spf.example.com` begins with what was typed; its other parts were not meant.
        keys = () if word is None else word.keys if text.isalnum() else _codes(word)
        if word is not None and keys:
            more.append(replace(word, keys=keys, is_extra=True, count=0))
    words = [
        replace(word, is_extra=True, count=0) if word.text == last and more else word
        for word in query.words
    ]
    required = _or_begun(query, last, more) if in_title else query.required
    return replace(query, words=(*words, *more), required=required)


def _or_begun(query: Query, last: str, more: Sequence[QueryWord]) -> tuple[Required, ...]:
    asked, _ = queries.query_words(last, query.spoken)
    own = [queries.core(word) for word in asked]
    longer = dict.fromkeys(key for word in more for key in queries.core(word))
    return tuple(
        replace(one, keys=tuple({**dict.fromkeys(one.keys), **longer}))
        if one.in_title and one.keys in own
        else one
        for one in query.required
    )


def own_words(prefix: str, held: frozenset[str]) -> list[str]:
    """Words with PREFIX in the titles of one's own cases: the vocabulary is of public texts."""
    own = [token for token in held if token.startswith(_OWN_TOKENS)]
    wanted = fold(prefix.lower())
    if not own or len(wanted) < _SHORTEST:
        return []
    entries = Entry.objects.filter(is_public=False, tokens__token__in=own).order_by("-updated_at")
    found: dict[str, None] = {}
    for title in entries.values_list("title", flat=True)[:_OWN_TITLES]:
        for match in tokens.tokens(title):
            if fold(match.group().lower()).startswith(wanted):
                found[match.group()] = None
    return list(found)[:_OWN_WORDS]


def _codes(word: QueryWord) -> tuple[str, ...]:
    return tuple(key for key in word.keys if key[0] == CODE)
