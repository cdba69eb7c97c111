"""Reads what was typed: quotes, minus and fields. Anything odd is plain words (SE-05)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from search.analysis.tokens import clean
from search.registry import kind_named

MAX_LENGTH = 256
# A word, or a quoted phrase, with an optional minus and field before it.
_PIECE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))'
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
_SOLVED = {"solved": True, "answered": True, "unsolved": False, "open": False}


@dataclass(slots=True)
class Parsed:
    """A query taken apart. TEXT holds every word to score by, phrases and title words too."""

    text: str = ""
    phrases: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    solved: bool | None = None

    @property
    def has_filters(self) -> bool:
        return bool(self.tags or self.kinds or self.solved is not None)


def parse(text: str) -> Parsed:
    text = " ".join(clean(text, MAX_LENGTH * 4).translate(_QUOTES).split())[:MAX_LENGTH]
    parsed = Parsed()
    words: list[str] = []
    for match in _PIECE.finditer(text):
        minus, name = bool(match["minus"]), (match["field"] or "").lower()
        value = match["phrase"] or match["word"]
        if name and _take_field(parsed, name, value, minus=minus):
            if name == "title" and not minus:
                words.append(value)
            continue
        if name:
            value = f"{match['field']}:{value}"
        if minus and any(character.isalnum() for character in value):
            parsed.excluded.append(value)
            continue
        if match["phrase"] and not name:
            parsed.phrases.append(value)
        words.append(value)
    parsed.text = " ".join(words)
    if not words and parsed.excluded and not parsed.has_filters:
        # Only minus: somebody pasted a command line option.
        parsed.text, parsed.excluded = " ".join(parsed.excluded), []
    return parsed


def _take_field(parsed: Parsed, name: str, value: str, *, minus: bool) -> bool:
    """Whether NAME is a field and VALUE something it takes; if not, both are plain words."""
    if name == "title" and any(character.isalnum() for character in value):
        (parsed.excluded if minus else parsed.titles).append(value)
        return True
    if name == "tag" and not minus:
        parsed.tags.append(value)
        return True
    if name == "is" and value.lower() in _SOLVED and not minus:
        parsed.solved = _SOLVED[value.lower()]
        return True
    if name in {"in", "kind"} and not minus and (kind := kind_named(value)):
        parsed.kinds.append(kind)
        return True
    return False
