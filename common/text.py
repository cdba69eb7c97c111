"""Plain text as people type it: cleaned for one line, for several, and for an address."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH = 80
# In addresses a byte beyond ASCII takes three signs.
SLUG_BYTES = 120

# Controls but tab and newline; halves of surrogate pairs, which no encoder takes; code points that
# are no characters; and overrides of the reading direction, which show a text as what it is not.
_UNSAFE = dict.fromkeys(
    code
    for first, last in [
        (0x00, 0x08),
        (0x0B, 0x1F),
        (0x7F, 0x9F),
        (0x202A, 0x202E),
        (0x2066, 0x2069),
        (0xD800, 0xDFFF),
        (0xFDD0, 0xFDEF),
        (0xFFFE, 0xFFFF),
    ]
    for code in range(first, last + 1)
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_NEWLINES = re.compile(r"\n{3,}")

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
    }
)


def strip_unsafe(value: str) -> str:
    return value.translate(_UNSAFE)


def normalise_lines(value: str) -> str:
    """The same text with safe characters only and newline as its one line end."""
    return strip_unsafe(_LINE_ENDS.sub("\n", value))


def clean_line(value: str) -> str:
    return " ".join(normalise_lines(unicodedata.normalize("NFC", value)).split())


def clean_block(value: str) -> str:
    text = normalise_lines(unicodedata.normalize("NFC", value))
    text = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _MANY_NEWLINES.sub("\n\n", text).strip()


def slugify(value: str, fallback: str) -> str:
    """Latin letters become ASCII; other scripts keep their letters, so their titles stay legible."""
    lowered = unicodedata.normalize("NFKC", value).lower().translate(_LETTERS)
    folded = "".join(_fold(character) for character in unicodedata.normalize("NFC", lowered))
    words = "".join(
        character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "
        for character in folded
    ).split()
    return _shorten("-".join(words)) or fallback


def fit_address(slug: str) -> str:
    """SLUG so short that an address with it fits a column of 500, also as nine signs a letter."""
    return slug.encode()[:SLUG_BYTES].decode(errors="ignore").strip("-")


def _fold(character: str) -> str:
    if unicodedata.category(character) == "Mn" and unicodedata.combining(character) == 230:
        # An accent that found no letter to join, such as the dot left over from a Turkish İ.
        return "" if ord(character) < 0x370 else character
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else character


def _shorten(slug: str) -> str:
    if len(slug) <= SLUG_LENGTH:
        return slug
    cut = slug[: SLUG_LENGTH + 1].rpartition("-")[0]
    # A script without blanks has no word to end at.
    return cut if len(cut) > SLUG_LENGTH // 2 else slug[:SLUG_LENGTH]
