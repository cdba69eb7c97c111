"""Lines of a text: which container they belong to, and where code ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

_FENCE = re.compile(r" {0,3}(?:(`{3,})([^`]*)|(~{3,})(.*))$")
_FENCE_END = re.compile(r"\s*(`{3,}|~{3,})\s*$")
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*+){3,}|(?:\*[ \t]*+){3,}|(?:_[ \t]*+){3,})$")
QUOTE = re.compile(r" {0,3}> ?")
MARKER = re.compile(r" {0,3}([-+*]|(\d{1,9})[.)])(?=[ \t]|$)")


@dataclass
class Level:
    """One container (the text, a quote, a list item) and how far it has been read."""

    parent: Element
    lines: list[str]
    depth: int
    at: int = 0
    paragraph: list[str] = field(default_factory=list)
    is_gap: bool = False
    is_loose: bool = False
    # The shortest fence of each kind that is known to have no end, so nobody looks again.
    unclosed: dict[str, int] = field(default_factory=dict)

    def add(self, tag: str) -> Element:
        self.end_paragraph()
        return self._append(tag)

    def _append(self, tag: str) -> Element:
        if self.is_gap and len(self.parent):
            self.is_loose = True
        self.is_gap = False
        return SubElement(self.parent, tag)

    def end_paragraph(self) -> None:
        if self.paragraph:
            text = "\n".join(self.paragraph).rstrip()
            self.paragraph = []
            self._append("p").text = text

    def skip_blank(self) -> None:
        self.end_paragraph()
        self.is_gap = True
        self.at += 1


def indent(line: str) -> int:
    lead = line[: len(line) - len(line.lstrip(" \t"))]
    return len(lead.expandtabs(4))


def dedent(line: str, width: int) -> str:
    if "\t" in line[:width]:
        lead = line[: len(line) - len(line.lstrip(" \t"))]
        line = lead.expandtabs(4) + line[len(lead) :]
    return line[min(width, len(line) - len(line.lstrip(" "))) :]


def opening_fence(line: str) -> tuple[str, str] | None:
    """The opening fence and the language behind it."""
    match = _FENCE.match(line)
    if match is None:
        return None
    return match[1] or match[3], ((match[2] or match[4] or "").split() or [""])[0]


def fence_end(level: Level, fence: str) -> int | None:
    """The line that closes the fence, wherever it stands: people lose the blanks before it."""
    kind, width = fence[0], len(fence)
    if level.unclosed.get(kind, width + 1) <= width:
        return None
    for index in range(level.at + 1, len(level.lines)):
        match = _FENCE_END.match(level.lines[index])
        if match and match[1][0] == kind and len(match[1]) >= width:
            return index
    level.unclosed[kind] = width
    return None


def starts_block(line: str) -> bool:
    return indent(line) < 4 and any(
        pattern.match(line) for pattern in (_FENCE, HEADING, RULE, QUOTE, MARKER, UNDERLINE)
    )


def quoted_lines(level: Level) -> list[str]:
    inner: list[str] = []
    fence = ""
    while level.at < len(level.lines):
        line = level.lines[level.at]
        if match := QUOTE.match(line):
            inner.append(line[match.end() :])
            opened = opening_fence(inner[-1])
            if fence and inner[-1].strip().startswith(fence):
                fence = ""
            elif opened and not fence:
                fence = opened[0]
        elif fence or not _continues(inner[-1], line):
            break
        else:
            inner.append(line)
        level.at += 1
    return inner


def _continues(previous: str, line: str) -> bool:
    """Whether a line belongs to the sentence before it, though it lacks the container's sign."""
    if not previous.strip() or not line.strip() or starts_block(line):
        return False
    return not any(pattern.match(previous) for pattern in (HEADING, RULE, _FENCE))


def item_lines(level: Level) -> list[str]:
    """The lines of the list item at hand without their margin; the level then stands after it."""
    first, width = _first_line(level.lines[level.at])
    lines = [first]
    # The item's fence may open on its first line, behind the marker.
    is_open = _take_fence(level, lines, width)
    while level.at < len(level.lines):
        line = level.lines[level.at]
        if not line.strip():
            if lines == [""]:
                break
            lines.append("")
            level.at += 1
        elif indent(line) >= width:
            lines.append(dedent(line, width))
            is_open = _take_fence(level, lines, width) or is_open
        elif not is_open and _continues(lines[-1], line):
            lines.append(line)
            level.at += 1
        else:
            break
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
        level.at -= 1
    return lines


def _first_line(line: str) -> tuple[str, int]:
    line = line.expandtabs(4)
    marker = MARKER.match(line)
    after = marker.end() if marker else 0
    blanks = indent(line[after:]) if line[after:].strip() else 1
    width = after + (blanks if blanks < 5 else 1)
    return line[width:], width


def _take_fence(level: Level, lines: list[str], width: int) -> bool:
    """Step past the line just taken, and the code that it opens; true if that has no end."""
    fence = opening_fence(lines[-1])
    end = fence_end(level, fence[0]) if fence else None
    if end is not None:
        lines.extend(dedent(line, width) for line in level.lines[level.at + 1 : end + 1])
    level.at = level.at + 1 if end is None else end + 1
    return fence is not None and end is None


def skip_blanks(level: Level) -> bool:
    start = level.at
    while level.at < len(level.lines) and not level.lines[level.at].strip():
        level.at += 1
    return level.at > start


def is_next_item(level: Level, kind: str) -> bool:
    if level.at == len(level.lines):
        return False
    line = level.lines[level.at]
    marker = MARKER.match(line)
    return marker is not None and marker[1][-1] == kind and not RULE.match(line)
