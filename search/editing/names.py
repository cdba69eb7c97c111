"""Who the customers are: the log keeps neither their names nor those of their people (SE-11)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.cache import caches

from accounts.models import Membership, Organisation
from search.analysis.folding import fold

_WORD = re.compile(r"[^\W_]+")
# Nobody types the rest of a longer name.
_LONGEST = 5
# What stands behind a company's name, and what people leave out.
_FORMS = frozenset(
    {
        "sp",
        "z",
        "o",
        "sa",
        "s",
        "a",
        "gmbh",
        "ag",
        "kg",
        "se",
        "ltd",
        "limited",
        "llc",
        "inc",
        "corp",
    }
    | {"co", "plc", "bv", "nv", "srl", "spa", "sas", "oy", "ab", "as"}
)
_KEY = "search.names"
_SECONDS = 600


def without_names(text: str, mask: str) -> str:
    """TEXT with MASK for each name, in any order of its words and without its accents."""
    known = _known()
    words = list(_WORD.finditer(text))
    folded = [fold(word.group().lower()) for word in words]
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        longest = min(_LONGEST, len(words) - at)
        size = next((n for n in range(longest, 0, -1) if _key(folded[at : at + n]) in known), 0)
        if size:
            spans.append((words[at].start(), words[at + size - 1].end()))
        at += size or 1
    for start, end in reversed(spans):
        text = f"{text[:start]}{mask}{text[end:]}"
    return text


def _known() -> frozenset[int]:
    """Of all names, kept per process: thousands of them are asked for at each count."""
    cache = caches["memory"]
    known: frozenset[int] | None = cache.get(_KEY)
    if known is None:
        known = frozenset(_keys())
        cache.set(_KEY, known, _SECONDS)
    return known


def _keys() -> Iterable[int]:
    """One word is a name for organisations only: anybody may call themselves `mailbox`."""
    people = Membership.objects.filter(is_active=True).values_list("user__display_name", flat=True)
    for name in people.distinct().iterator():
        words = _words(name)
        if len(words) > 1:
            yield _key(words[:_LONGEST])
    for name in Organisation.objects.values_list("name", flat=True).iterator():
        words = _words(name)
        while len(words) > 1 and words[-1] in _FORMS:
            words.pop()
        if words:
            yield _key(words[:_LONGEST])


def _words(name: str) -> list[str]:
    return [fold(word.lower()) for word in _WORD.findall(name)]


def _key(words: list[str]) -> int:
    return hash(tuple(sorted(words)))
