"""Reads what was typed: quotes, minus and fields. Anything odd is plain words (SE-05)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from common.text import slugify
from products.models import Product
from search.analysis.folding import fold
from search.analysis.tokens import clean
from search.registry import kind_named, states_named

MAX_LENGTH = 256
# A word, or a quoted phrase, with an optional minus and field before it.
_PIECE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))'
)
# A phrase to leave out whose second quote is still to come.
_OPEN = re.compile(r'(?:^|\s)-"[^"]*$')
_BEFORE_VALUES = ("{", "[", ":", ",", "=", ";")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
# Each language may have words of its own; the English ones work in all.
_FIELDS = {
    "title": pgettext_lazy("search: a word before a colon", "title"),
    "tag": pgettext_lazy("search: a word before a colon", "tag"),
    "is": pgettext_lazy("search: a word before a colon", "is"),
    "in": pgettext_lazy("search: a word before a colon", "in"),
    "status": pgettext_lazy("search: a word before a colon", "status"),
    "lang": pgettext_lazy("search: a word before a colon", "lang"),
    "product": pgettext_lazy("search: a word before a colon", "product"),
    "after": pgettext_lazy("search: a word before a colon", "after"),
    "sort": pgettext_lazy("search: a word before a colon", "sort"),
}
_MORE_FIELDS = {"kind": "in", "state": "status", "language": "lang", "since": "after"}
_SOLVED = {
    True: ("solved", pgettext_lazy("search: after is:", "solved")),
    False: ("unsolved", pgettext_lazy("search: after is:", "unsolved")),
}
_NEWEST = ("newest", "new", "date", pgettext_lazy("search: after sort:", "newest"))
# Engines count seconds since then.
_FIRST_YEAR = 1970
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
# "It does NOT work" means the words; "mail NOT calendar" leaves one out.
_STRESSED = re.compile(
    r"am|are|be|been|can|could|did|do|does|had|has|have|i|is|it|may|might|must|or|and|shall"
    r"|should|that|this|was|we|were|which|who|will|would|you"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the query that is more than words: what it means, and where it stands."""

    name: str
    value: Any
    start: int
    end: int

    @property
    def is_filter(self) -> bool:
        """Asks for something, even without a word beside it."""
        return not self.name.startswith("without") and self.name != "sort"


@dataclass(slots=True)
class Parsed:
    """A query taken apart. TEXT holds every word to score by, phrases and title words too."""

    typed: str = ""
    text: str = ""
    phrases: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    # Whether the last word must stand in the title, and whether typing goes on in what is left out.
    ends_in_title: bool = False
    ends_without: bool = False

    def values(self, name: str) -> list[Any]:
        return [piece.value for piece in self.pieces if piece.name == name]

    def last(self, name: str) -> Any:
        """The value of a field that takes one; what stands last counts."""
        found = self.values(name)
        return found[-1] if found else None

    @property
    def titles(self) -> list[str]:
        return self.values("title")

    @property
    def tags(self) -> list[str]:
        return self.values("tag")

    @property
    def excluded(self) -> list[str]:
        return self.values("without")

    @property
    def barred(self) -> list[tuple[str, Any]]:
        """What a filter with a minus leaves out: (its name, one value)."""
        return [piece.value for piece in self.pieces if piece.name == "without_filter"]

    @property
    def kinds(self) -> list[str]:
        return self.values("kind")

    @property
    def states(self) -> list[str]:
        return [code for codes in self.values("state") for code in codes]

    @property
    def solved(self) -> bool | None:
        found: bool | None = self.last("solved")
        return found

    @property
    def has_words(self) -> bool:
        return any(character.isalnum() for character in self.text)

    @property
    def has_filters(self) -> bool:
        """Whether something is asked for even without a word."""
        return any(piece.is_filter for piece in self.pieces)

    def without(self, *gone: Piece) -> str:
        """What was typed, less some pieces."""
        text, end = "", 0
        for piece in sorted(gone, key=lambda piece: piece.start):
            text += self.typed[end : piece.start]
            end = max(end, piece.end)
        return " ".join((text + self.typed[end:]).split())


def parse(text: str) -> Parsed:
    typed = " ".join(clean(text, MAX_LENGTH * 4).translate(_QUOTES).split())[:MAX_LENGTH]
    parsed = Parsed(typed=typed)
    words: list[str] = []
    is_pasted = any(_is_code(match) for match in _PIECE.finditer(typed))
    for match, negated, start in _matches(typed):
        minus = negated or bool(match["minus"])
        name = _field(match["field"] or "")
        value = match["phrase"] or match["word"]
        found = _meaning(name, value) if name else None
        if found is not None and minus:
            found = _without(*found)
        if found is not None:
            parsed.pieces.append(Piece(*found, start, match.end()))
            if found[0] == "title":
                words.append(value)
                parsed.ends_in_title = True
            continue
        if match["field"]:
            value = f"{match['field']}:{value}"
        if minus and _can_be_left_out(value):
            what = "without_phrase" if match["phrase"] else "without"
            parsed.pieces.append(Piece(what, value, start, match.end()))
            continue
        if match["minus"]:
            value = f"-{value}"
        if match["phrase"] and not match["field"] and not is_pasted:
            parsed.phrases.append(value)
        words.append(value)
        parsed.ends_in_title = False
    last = parsed.pieces[-1:]
    parsed.ends_without = bool(_OPEN.search(typed)) or any(
        piece.end == len(typed) and piece.name.startswith("without") for piece in last
    )
    parsed.text = " ".join(words)
    options = [*parsed.excluded, *parsed.values("without_phrase")]
    if not words and options and not parsed.has_filters:
        # Only minus: somebody pasted a command line option.
        parsed.text, parsed.pieces = " ".join(options), []
    return parsed


def _without(name: str, value: Any) -> tuple[str, Any] | None:
    """The contrary of what a field asks for; None if it has none."""
    if name in {"title", "tag"}:
        return f"without_{name}", value
    return None if name in {"since", "sort"} else ("without_filter", (name, value))


def _is_code(match: re.Match[str]) -> bool:
    """`{"code":"X-1"}` and `code="X-1"` are pasted: nobody means the quotes."""
    before = match.string[: match.start()]
    return bool(match["phrase"]) and not match["field"] and before.endswith(_BEFORE_VALUES)


def _can_be_left_out(value: str) -> bool:
    """`-2147024891` is an error code and `--force` an option: both are words."""
    return value[0] != "-" and any(character.isalpha() for character in value)


def _matches(typed: str) -> Iterator[tuple[re.Match[str], bool, int]]:
    """The pieces, whether a NOT stands before each, and where it then begins.

    AND and OR between words go: every word counts and none must, so they say nothing.
    """
    found = list(_PIECE.finditer(typed))
    bare = [match["word"] if match.group() == match["word"] else "" for match in found]
    shouted = not any(character.islower() for character in typed)
    negated_from = -1
    for number, match in enumerate(found):
        inside = 0 < number < len(found) - 1 and not shouted
        if inside and bare[number] in {"AND", "OR"}:
            continue
        if inside and bare[number] == "NOT" and _is_operator(bare, number):
            negated_from = match.start()
            continue
        yield match, negated_from >= 0, negated_from if negated_from >= 0 else match.start()
        negated_from = -1


def _is_operator(bare: list[str], number: int) -> bool:
    before, after = bare[number - 1], bare[number + 1]
    if before in {"AND", "OR"}:
        return True
    return not _STRESSED.fullmatch(before.lower()) and not after.isupper()


def _field(word: str) -> str:
    """The field that WORD names, "" if none."""
    if not word:
        return ""
    word = fold(word.lower())
    if word in _FIELDS or word in _MORE_FIELDS:
        return _MORE_FIELDS.get(word, word)
    return next((name for name, local in _FIELDS.items() if word == fold(str(local).lower())), "")


def _meaning(name: str, value: str) -> tuple[str, Any] | None:
    """What a field with VALUE asks for; None if it does not take it, then both are words."""
    word = fold(value.lower())
    found: tuple[str, Any] | None = None
    if name == "title" and any(character.isalnum() for character in value):
        found = ("title", value)
    elif name == "tag":
        # Tags are kept by their slugs; people see and type their names.
        found = _known("tag", slugify(value, "")[:60])
    elif name == "is":
        found = _solved(word) or _known("state", states_named(value))
    elif name == "in":
        found = _known("kind", kind_named(value))
    elif name == "status":
        found = _known("state", states_named(value))
    elif name == "lang":
        found = _known("language", language_named(word))
    elif name == "product":
        found = _known("product", product_named(word))
    elif name == "after":
        found = _known("since", since_of(value))
    elif name == "sort" and word in {fold(str(newest).lower()) for newest in _NEWEST}:
        found = ("sort", "newest")
    return found


def _known(name: str, value: Any) -> tuple[str, Any] | None:
    return (name, value) if value else None


def _solved(word: str) -> tuple[str, Any] | None:
    for value, names in _SOLVED.items():
        if word in {fold(str(name).lower()) for name in names}:
            return ("solved", value)
    return None


def language_named(word: str) -> str:
    """The code of a language by its code, its main part or its own name."""
    for code, name in settings.LANGUAGES:
        if word in {code, code.partition("-")[0], fold(name.lower())}:
            return str(code)
    return ""


def product_named(word: str) -> str:
    """The code of a product by its code or its name in any language."""
    for product in Product.objects.all():
        if word in {fold(name.lower()) for name in (product.code, *product.names.values())}:
            return str(product.code)
    return ""


SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}


def since_of(text: str) -> datetime.datetime | None:
    """The moment that `week`, `2026`, `2026-01` or `2026-01-31` means."""
    if text in SPANS:
        return timezone.now() - datetime.timedelta(days=SPANS[text])
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        zone = timezone.get_current_timezone()
        return datetime.datetime(max(year, _FIRST_YEAR), month, day, tzinfo=zone)
    except ValueError:
        return None
