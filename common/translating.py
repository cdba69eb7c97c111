"""How Markdown and tables are taken apart for translators (wagtail-localize) and put together again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from wagtail_localize.segments import StringSegmentValue

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def paragraphs(markdown: str) -> Iterator[tuple[str, bool]]:
    """The pieces between blank lines with what parts them; True for those with words to translate.

    Joined they are the text again. Code between fences stays in one piece.
    """
    piece: list[str] = []
    fence = ""
    for line in markdown.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            piece.append(line)
            if mark and line.strip() == mark[1] and mark[1].startswith(fence):
                yield "".join(piece), False
                piece, fence = [], ""
        elif mark:
            yield from _words(piece)
            piece, fence = [line], mark[1]
        elif not line.strip():
            yield from _words(piece)
            yield line, False
            piece = []
        else:
            piece.append(line)
    if fence:
        yield "".join(piece), False
    else:
        yield from _words(piece)


def _words(piece: list[str]) -> Iterator[tuple[str, bool]]:
    if piece:
        text = "".join(piece)
        words = text.rstrip("\n")
        yield words, True
        if words != text:
            yield text[len(words) :], False


def _named(pieces: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, str]]:
    """Each piece under a name made of its words: a new paragraph above leaves the others' names."""
    seen: Counter[str] = Counter()
    for text, is_words in pieces:
        if not is_words:
            yield "", text
            continue
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[digest] += 1
        yield (f"{digest}-{seen[digest]}" if seen[digest] > 1 else digest), text


def markdown_segments(value: str) -> list[StringSegmentValue]:
    return [StringSegmentValue(name, text) for name, text in _named(paragraphs(value)) if name]


def markdown_restored(value: str, segments: Iterable[StringSegmentValue]) -> str:
    words = {segment.path: segment.render_text() for segment in segments}
    return "".join(words.get(name, text) for name, text in _named(paragraphs(value)))


def table_segments(table: Any) -> list[StringSegmentValue]:
    """Headings and cells with words, by their place; wagtail-localize knows no tables."""
    segments = [StringSegmentValue("caption", table.caption)] if table.caption else []
    for number, column in enumerate(table.columns):
        segments.append(StringSegmentValue(f"head-{number}", column["heading"]))
    for y, row in enumerate(table.row_data):
        for x, value in enumerate(row["values"]):
            if isinstance(value, str):
                segments.append(StringSegmentValue(f"cell-{y}-{x}", value))
    return [segment for segment in segments if not segment.is_empty()]


def table_restored(table: Any, segments: Iterable[StringSegmentValue]) -> Any:
    for segment in segments:
        place, *numbers = segment.path.split("-")
        if place == "caption":
            table.caption = segment.render_text()
        elif place == "head":
            table.columns[int(numbers[0])]["heading"] = segment.render_text()
        else:
            y, x = map(int, numbers)
            table.row_data[y]["values"][x] = segment.render_text()
    return table
