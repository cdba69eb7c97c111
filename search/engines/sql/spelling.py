"""Corrects words nobody wrote, from the words of the site's own public texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from search.analysis import folding, tokens
from search.analysis.words import EXACT, is_lone_letter
from search.engines.base import Query, QueryWord
from search.engines.sql.reading import Term, count_live
from search.engines.sql.tables import beginning_with, chunks, marks, rows
from search.models import Collection

# Counts the public documents of (term id, key) pairs, by id.
Counter = Callable[[Sequence[tuple[int, str]]], dict[int, int]]

# A word of fewer documents than this may be a slip (search.md 4.5).
_RARE = 3
_TIMES = 5
# The first letter is right in some nineteen slips of twenty.
_FIRST_LETTER = 8
_SHORTEST = 4
_LONGEST = 30
_ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдеєжзиіїйклмнопрстуфхцчшщъыьэюяґ",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةءؤئ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
}


def count_postings(terms: Sequence[tuple[int, str]]) -> dict[int, int]:
    return count_live([term for term, _ in terms])


def suspects(words: Sequence[QueryWord], terms: Sequence[Term]) -> list[QueryWord]:
    """Words that hardly any public text has."""
    df: dict[str, int] = {term.key: term.df for term in terms}
    return [
        word
        for word in words
        if not word.is_extra
        and _is_correctable(word.text)
        and max((df.get(key, 0) for key in word.keys if key[0] in "sx"), default=0) < _RARE
    ]


def _is_correctable(word: str) -> bool:
    return (
        _SHORTEST <= len(word) <= _LONGEST
        and word.isalpha()
        and not tokens.PAIRED.search(word)
        and tokens.script_of(word) in _ALPHABETS
    )


def correction(
    word: QueryWord,
    terms: Sequence[Term],
    collection: Collection,
    count: Counter = count_postings,
) -> str:
    """The most frequent word one slip away that is much more frequent; "" if there is none."""
    exact = folding.fold(word.text.lower())
    own = max((term.df for term in terms if term.key in word.keys), default=0)
    needed = max(1, own * _TIMES)
    found = []
    for some in chunks([f"{EXACT}:{edit}" for edit in edits(exact)]):
        sql = (
            "SELECT id, key, display, df FROM search_term"
            f" WHERE collection_id = %s AND key IN ({marks(some)})"
        )
        found += rows(sql, [collection.pk, *some])
    live = count([(term, key) for term, key, _, df in found if df < max(needed, _RARE)])
    best, chosen = 0, ""
    # By key, for of equally frequent words every database shall choose the same.
    for term, key, display, df in sorted(found, key=lambda row: row[1]):
        text = key.partition(":")[2]
        documents = live.get(term, df)
        # People rarely miss the first letter.
        rank = documents * (_FIRST_LETTER if text[0] == exact[0] else 1)
        if documents >= needed and rank > best:
            best, chosen = rank, display or text
    return chosen


def edits(word: str) -> set[str]:
    """Everything one insertion, deletion, substitution or transposition away."""
    alphabet = _ALPHABETS[tokens.script_of(word)]
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    made = {a + b[1:] for a, b in halves if b}
    made.update(a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1)
    made.update(a + letter + b[1:] for a, b in halves if b for letter in alphabet)
    made.update(a + letter + b for a, b in halves for letter in alphabet)
    made.discard(word)
    return made


def written(words: Sequence[str], collection: Collection) -> dict[str, str]:
    """WORDS typed without accents that the site's texts write with them."""
    keys = {f"{EXACT}:{folding.fold(word.lower())}": word for word in words}
    found = {}
    for some in chunks(sorted(keys)):
        sql = (
            "SELECT key, display FROM search_term"
            f" WHERE collection_id = %s AND key IN ({marks(some)}) AND display <> ''"
        )
        found.update({keys[key]: display for key, display in rows(sql, [collection.pk, *some])})
    return {word: display for word, display in found.items() if display != word.lower()}


def completions(
    prefix: str, collection: Collection, limit: int, count: Counter = count_postings
) -> list[str]:
    """Frequent words that begin with PREFIX; words of private texts never come."""
    condition, parameters = beginning_with(f"{EXACT}:{folding.fold(prefix.lower())}")
    sql = (
        f"SELECT id, key, display, df FROM search_term WHERE collection_id = %s AND {condition}"
        " ORDER BY df DESC, key LIMIT 40"
    )
    found = rows(sql, [collection.pk, *parameters])
    live = count([(term, key) for term, key, _, df in found if df < _RARE])
    ranked = sorted(
        (
            (live.get(term, df), display or key.partition(":")[2])
            for term, key, display, df in found
        ),
        key=lambda pair: -pair[0],
    )
    return [text for documents, text in ranked if documents][:limit]


def pairs_with(key: str, collection: Collection) -> tuple[str, ...]:
    """The most frequent terms that begin with the letter of KEY."""
    condition, parameters = beginning_with(key)
    sql = (
        f"SELECT key FROM search_term WHERE collection_id = %s AND {condition}"
        " ORDER BY df DESC, key LIMIT 40"
    )
    return (key, *(found for (found,) in rows(sql, [collection.pk, *parameters]) if found != key))


def expanded(query: Query, collection: Collection) -> Query:
    """A lone letter of a language without spaces stands for the pairs it begins."""
    words = [
        replace(word, keys=pairs_with(word.keys[0], collection))
        if is_lone_letter(word.keys)
        else word
        for word in query.words
    ]
    return replace(query, words=tuple(words))
