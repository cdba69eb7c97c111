"""The blocks of a text (lists, quotes, tables, code …), read in time linear in its length.

Python-Markdown's own reader starts over after each block and wants four blanks for nesting;
this one reads lines once per level, as GitHub's rules have it, and cannot nest without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString

from common.markdown.code import MAX_COLOURED, code_block
from common.markdown.lines import (
    HEADING,
    MARKER,
    QUOTE,
    RULE,
    UNDERLINE,
    Level,
    dedent,
    fence_end,
    indent,
    is_next_item,
    item_lines,
    opening_fence,
    quoted_lines,
    skip_blanks,
    starts_block,
)
from common.markdown.tables import append_table, header_columns

MAX_DEPTH = 12
# bleach takes about 0.1 ms for each.
MAX_ELEMENTS = 4_000
# Stand for a block of code until the text around it is clean; not characters, so in no text.
CODE_START, CODE_END = "\ufdd0", "\ufdd1"

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_DEFINITION = re.compile(
    r" {0,3}\[(?!\^)([^\[\]]{1,500})\]:[ \t]*(?:<([^<>]*)>|(\S+))"
    r"""(?:[ \t]+(?:"([^"]*)"|'([^']*)'|\(([^()]*)\)))?[ \t]*$"""
)


class TooComplexError(Exception):
    """The text would cost more than any text that a person wrote."""


class BlockReader(BlockParser):
    def __init__(self, md: Markdown, *, staff: bool) -> None:
        super().__init__(md)
        # The page's own headings come first: h1 the title, h2 the parts of a thread.
        self.first_heading, self.heading_shift = (2, 0) if staff else (3, 2)
        self.colourable = 0
        self.elements = 0
        self.codes: list[str] = []

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802 (its name there)
        self.colourable = MAX_COLOURED
        self.elements = 0
        self.codes = []
        self.root = Element(self.md.doc_tag)
        self.read(self.root, list(lines), 0)
        return ElementTree(self.root)

    def read(self, parent: Element, lines: list[str], depth: int) -> bool:
        """Append the blocks to the parent; true if a blank line stands between two of them."""
        self._count(1)
        level = Level(parent, lines, depth)
        while level.at < len(lines):
            line = lines[level.at]
            if not line.strip():
                level.skip_blank()
            elif not self._block(level, line):
                level.paragraph.append(line.lstrip())
                level.at += 1
        level.end_paragraph()
        return level.is_loose

    def _count(self, elements: int) -> None:
        self.elements += elements
        if self.elements > MAX_ELEMENTS:
            raise TooComplexError("elements")

    def _block(self, level: Level, line: str) -> bool:
        if indent(line) >= 4:
            return not level.paragraph and self._indented_code(level)
        return (
            self._fence(level, line)
            or self._heading(level, line)
            or self._rule(level, line)
            or self._quote(level, line)
            or self._list(level, line)
            or self._table(level, line)
            or self._definition(level, line)
        )

    def _fence(self, level: Level, line: str) -> bool:
        fence = opening_fence(line)
        if fence is None:
            return False
        end = fence_end(level, fence[0])
        stop = len(level.lines) if end is None else end
        body = [dedent(inner, indent(line)) for inner in level.lines[level.at + 1 : stop]]
        self._add_code(level, body, fence[1])
        level.at = stop + 1
        return True

    def _indented_code(self, level: Level) -> bool:
        start = level.at
        while level.at < len(level.lines):
            line = level.lines[level.at]
            if line.strip() and indent(line) < 4:
                break
            level.at += 1
        while not level.lines[level.at - 1].strip():
            level.at -= 1
        self._add_code(level, [dedent(line, 4) for line in level.lines[start : level.at]], "")
        return True

    def _add_code(self, level: Level, lines: list[str], language: str) -> None:
        source = "\n".join([*lines, ""]) if lines else ""
        if len(source) > self.colourable:
            language = ""
        elif language:
            self.colourable -= len(source)
        # bleach takes the div away, and the code replaces its text.
        level.add("div").text = AtomicString(f"{CODE_START}{len(self.codes)}{CODE_END}")
        self.codes.append(code_block(source, language))

    def _heading(self, level: Level, line: str) -> bool:
        if match := HEADING.match(line):
            text = (match[2] or "").strip()
            closed = text.rstrip("#")
            self._add_heading(level, len(match[1]), closed if closed[-1:] in {"", " "} else text)
        elif len(level.paragraph) == 1 and (match := UNDERLINE.match(line)):
            # Of one line only: a signature's "---" shall not make a heading of a whole text.
            text = level.paragraph.pop()
            self._add_heading(level, 1 if match[1][0] == "=" else 2, text)
        else:
            return False
        level.at += 1
        return True

    def _add_heading(self, level: Level, rank: int, text: str) -> None:
        rank = max(self.first_heading, min(6, rank + self.heading_shift))
        level.add(f"h{rank}").text = text.strip()

    def _rule(self, level: Level, line: str) -> bool:
        if not RULE.match(line):
            return False
        level.add("hr")
        level.at += 1
        return True

    def _quote(self, level: Level, line: str) -> bool:
        if level.depth >= MAX_DEPTH or not QUOTE.match(line):
            return False
        quote = level.add("blockquote")
        self.read(quote, quoted_lines(level), level.depth + 1)
        return True

    def _list(self, level: Level, line: str) -> bool:
        marker = MARKER.match(line)
        if marker is None or level.depth >= MAX_DEPTH:
            return False
        is_empty = not line[marker.end() :].strip()
        if level.paragraph and (is_empty or marker[2] not in {None, "1"}):
            # Inside a sentence "1984. " is a number; only a real list may end a paragraph.
            return False
        lst = level.add("ul" if marker[2] is None else "ol")
        if marker[2] is not None and int(marker[2]) != 1:
            lst.set("start", str(int(marker[2])))
        is_loose = False
        while True:
            is_loose |= self._item(level, lst)
            level.is_gap = skip_blanks(level)
            if not is_next_item(level, marker[1][-1]):
                break
            is_loose |= level.is_gap
        if not is_loose:
            _tighten(lst)
        return True

    def _item(self, level: Level, lst: Element) -> bool:
        lines = item_lines(level)
        item = SubElement(lst, "li")
        if task := _TASK.match(lines[0]):
            # A sign and no form field: it reads the same in a mail or an excerpt.
            item.set("class", "task-list-item")
            lines[0] = ("\u2610 " if task[1] == " " else "\u2611 ") + lines[0][task.end() :]
        return self.read(item, lines, level.depth + 1)

    def _table(self, level: Level, line: str) -> bool:
        if level.at + 1 == len(level.lines):
            return False
        columns = header_columns(line, level.lines[level.at + 1])
        if not columns:
            return False
        table = level.add("table")
        rows = [line]
        level.at += 2
        while level.at < len(level.lines):
            row = level.lines[level.at]
            if not row.strip() or starts_block(row):
                break
            rows.append(row)
            level.at += 1
        # Before they are made: a wide header over many empty rows is small to write.
        self._count(len(columns) * len(rows))
        append_table(table, rows, columns)
        return True

    def _definition(self, level: Level, line: str) -> bool:
        match = None if level.paragraph else _DEFINITION.match(line)
        if match is None:
            return False
        label = " ".join(match[1].lower().split())
        title = match[4] or match[5] or match[6] or ""
        self.md.references.setdefault(label, (match[2] or match[3] or "", title))
        level.at += 1
        return True


def _tighten(lst: Element) -> None:
    """Take the paragraphs of a list without blank lines out of their p."""
    for item in lst:
        previous: Element | None = None
        for child in list(item):
            if child.tag != "p":
                previous = child
                continue
            item.remove(child)
            if previous is None:
                item.text = child.text
            else:
                previous.tail = "\n" + (child.text or "")
