"""Turns a Markdown file into an article's blocks: text, and callouts where it has alerts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

# Made once by uuid4: keeps block ids of one article the same in all its languages.
_NAMESPACE = uuid.UUID("5f0c1a52-6f0e-4a57-9d0c-0d6a4a1a9b3e")
_ALERT = re.compile(r"^> ?\[!(NOTE|TIP|WARNING|IMPORTANT|CAUTION)\][ \t]*$", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(```|~~~)")


def to_blocks(
    markdown: str, *, key: str, figure: Callable[[str], dict[str, Any] | None] | None = None
) -> list[dict[str, Any]]:
    """Raw stream data; the n-th block of an article has one id in every language.

    FIGURE makes a picture block's value of a paragraph that is nothing else, or of none.
    """
    blocks: list[dict[str, Any]] = []
    text: list[str] = []
    lines = markdown.replace("\r\n", "\n").split("\n")
    position, fenced = 0, False
    while position < len(lines):
        line = lines[position]
        if _FENCE.match(line):
            fenced = not fenced
        alert = None if fenced else _ALERT.match(line)
        picture = figure(line) if figure and not fenced and _is_alone(lines, position) else None
        if picture is not None:
            _flush(blocks, text, key)
            _add(blocks, "picture", picture, key)
            position += 1
            continue
        if alert is None:
            text.append(line)
            position += 1
            continue
        _flush(blocks, text, key)
        position, words = _quoted(lines, position + 1)
        kind = alert.group(1).lower().replace("caution", "warning")
        _add(blocks, "callout", {"kind": kind, "text": words}, key)
    _flush(blocks, text, key)
    return blocks


def _is_alone(lines: list[str], position: int) -> bool:
    return not any(
        line.strip()
        for line in (*lines[max(0, position - 1) : position], *lines[position + 1 :][:1])
    )


def _quoted(lines: list[str], position: int) -> tuple[int, str]:
    words = []
    while position < len(lines) and lines[position].startswith(">"):
        words.append(lines[position][1:].removeprefix(" "))
        position += 1
    return position, "\n".join(words).strip()


def _flush(blocks: list[dict[str, Any]], text: list[str], key: str) -> None:
    words = "\n".join(text).strip("\n")
    text.clear()
    if words.strip():
        _add(blocks, "text", words, key)


def _add(blocks: list[dict[str, Any]], kind: str, value: Any, key: str) -> None:
    name = uuid.uuid5(_NAMESPACE, f"{key}/{len(blocks)}")
    blocks.append({"type": kind, "value": value, "id": str(name)})
