"""Plain text as people type it: cleaned for one line, for several, and for an address."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext

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
_QUOTES = re.compile('["“”„«»]')
_MANY_NEWLINES = re.compile(r"\n{3,}")

# What no reader sees and no script needs: two titles that look alike would not be alike, and a
# hidden text could be carried along. Unicode's default-ignorable code points but those below.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
# Scripts whose letters join or stack: there the two joiners change what is read.
_JOINING = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u1a20-\u1aaf"
    "\u1b00-\u1bff\ua800-\ua82f\ua840-\ua87f\ua8e0-\ua9df\uaa60-\uaa7f\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010d00-\U00010d3f\U00011000-\U000114df\U0001e900-\U0001e95f"
)
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Joiners and variation selectors where they join and vary nothing.
_STRAY = re.compile(
    f"(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
    f"|(?<![{_JOINING}{_EMOJI}])\u200d|(?<=[{_EMOJI}])\u200d(?![{_EMOJI}])"
    "|(?<![^\\sA-Za-z\ufe00-\ufe0f])[\ufe00-\ufe0f]"
    f"|(?<![{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")

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


def strip_unseen(value: str) -> str:
    """Without signs that nobody sees; joiners and marks stay where a script or an emoji needs them."""
    value = _UNSEEN.sub("", value)
    if not _RIGHT_TO_LEFT.search(value):
        value = _DIRECTION_MARKS.sub("", value)
    # What goes away may have held up another one.
    while (cleaned := _STRAY.sub("", value)) != value:
        value = cleaned
    return value


def clean_line(value: str) -> str:
    line = normalise_lines(value)
    if not line.isascii():
        line = unicodedata.normalize("NFC", strip_unseen(line))
    return " ".join(line.split())


def clean_block(value: str) -> str:
    text = normalise_lines(unicodedata.normalize("NFC", value))
    text = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _MANY_NEWLINES.sub("\n\n", text).strip()


def quoted(value: str) -> str:
    """VALUE between the language's quotes; not once more what brings quotes of its own."""
    return value if _QUOTES.search(value) else gettext("“%(text)s”") % {"text": value}


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
