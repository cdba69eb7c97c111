"""Splits text into words, keeps codes whole, and tells scripts apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_TEXT = 200_000
MAX_WORD = 64

# Controls, soft hyphen, zero-width and bidi marks hide inside words; lone surrogates break UTF-8.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def _marks() -> str:
    """Combining signs of the basic plane, which `\\w` leaves out, as ranges for a class."""
    ranges, start, last = [], None, -2
    for code in [c for c in range(0x300, 0xFE30) if unicodedata.category(chr(c)) in {"Mn", "Mc"}]:
        if code != last + 1:
            if start is not None:
                ranges.append(f"{chr(start)}-{chr(last)}")
            start = code
        last = code
    return "".join([*ranges, f"{chr(start)}-{chr(last)}"]) if start is not None else ""


_WORD = rf"[\w{_marks()}]+"
# A code such as 5.7.26, user@example.com, New-Mailbox or C:\temp is one match, then its parts.
TOKEN = re.compile(rf"{_WORD}(?:[.@\-'’ʼ:/\\+&]{_WORD})*")
# The same as a separator that is kept.
APART = re.compile(f"({TOKEN.pattern})")
_SPLIT = re.compile(r"[._@\-:/\\+&]+")
# Scripts written without spaces, and Hangul, whose words carry particles: pairs of letters.
_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u3038-\u303b\u3041-\u30ff\u3100-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
PAIRED = re.compile(f"[{_PAIRED}]+")


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """TEXT without what nobody sees; at most LIMIT characters."""
    return _INVISIBLE.sub("", text[: limit * 2])[:limit]


def tokens(text: str) -> Iterator[re.Match[str]]:
    return TOKEN.finditer(text)


def parts_of(token: str) -> list[str]:
    """The words a compound is made of; a token without connectors is its own single part."""
    return [part for part in _SPLIT.split(token) if part]


def runs_of(word: str) -> Iterator[tuple[bool, str]]:
    """Runs of WORD as (is written in pairs, text): `Outlook予定表` is two."""
    end = 0
    for match in PAIRED.finditer(word):
        if match.start() > end:
            yield False, word[end : match.start()]
        yield True, match.group()
        end = match.end()
    if end < len(word):
        yield False, word[end:]


def script_of(word: str) -> str:
    """Which alphabet: decides which stemmer a word gets in a text of another language."""
    for character in word:
        code = ord(character)
        if code < 0x250:
            if character.isalpha():
                return "latin"
        else:
            return _script(code)
    return "latin"


_SCRIPTS = (
    (0x2FF, "latin"),
    (0x36F, "mark"),
    (0x3FF, "greek"),
    (0x52F, "cyrillic"),
    (0x58F, "armenian"),
    (0x5FF, "hebrew"),
    (0x6FF, "arabic"),
    (0x74F, "other"),
    (0x77F, "arabic"),
    (0x8FF, "other"),
    (0x97F, "devanagari"),
    (0xB7F, "other"),
    (0xBFF, "tamil"),
    (0x1DFF, "other"),
    (0x1EFF, "latin"),
    (0x1FFF, "greek"),
)


def _script(code: int) -> str:
    for last, name in _SCRIPTS:
        if code <= last:
            return name
    return "other"
