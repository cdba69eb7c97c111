"""Rendered HTML as plain text, for search, excerpts and mails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from django.utils.html import escape
from django.utils.safestring import SafeString

from common.text import strip_unsafe

_PARAGRAPHS = frozenset(
    {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
)
_LINES = frozenset({"br", "dd", "div", "dt", "li", "tr"})
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ol", "ul"})
# From the narrowest to the widest.
_GAPS = ("", " ", "\n", "\n\n")
_HIDDEN = frozenset({"script", "style", "template"})
_SPACE = re.compile(r"\s+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        # What stands between the text so far and the next: the widest of the breaks between.
        self.gap = ""
        self.code = 0
        self.lists = 0
        self.skipped = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped:
            return
        if tag in _HIDDEN or (tag == "p" and ("class", "plain-note") in attrs):
            self.skipped = tag
            return
        self._break(tag)
        self.code += tag == "pre"
        self.lists += tag in _LISTS
        if tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            self.skipped = "" if tag == self.skipped else self.skipped
            return
        if tag == "pre" and self.code:
            self.code -= 1
            self.parts.append(self.parts.pop().rstrip("\n") if self.parts else "")
        self.lists -= tag in _LISTS and self.lists > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self.skipped or not data:
            return
        if self.code:
            self._append(data)
            return
        if data[0].isspace():
            self._widen(" ")
        if words := _SPACE.sub(" ", data).strip(" "):
            self._append(words)
            self._widen(" " if data[-1].isspace() else "")

    def _append(self, text: str) -> None:
        self.parts.append(self.gap + text if self.parts else text)
        self.gap = ""

    def _widen(self, gap: str) -> None:
        self.gap = max(self.gap, gap, key=_GAPS.index)

    def _break(self, tag: str) -> None:
        if tag in _LINES or (tag in _LISTS and self.lists):
            self._widen("\n")
        elif tag in _PARAGRAPHS:
            self._widen("\n\n")
        elif tag in _CELLS:
            self._widen(" ")


def plain_text(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.rstrip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(lines).strip("\n")


def excerpt(html: str, length: int = 200) -> str:
    """The first words of the text, of at most this length with the mark of omission."""
    text = " ".join(plain_text(html).split())
    if len(text) <= length:
        return text
    cut = text[:length]
    words = cut.rpartition(" ")[0]
    # A language without blanks between words has nowhere better to cut.
    return (words if len(words) > length // 2 else cut[:-1]).rstrip(" ,;:.") + "…"


def mark_terms(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    """The escaped text with each span in a mark element; spans are sorted and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        start, end = max(start, at), min(end, len(text))
        if start < end:
            marked = escape(strip_unsafe(text[start:end]))
            parts += [escape(strip_unsafe(text[at:start])), "<mark>", marked, "</mark>"]
            at = end
    parts.append(escape(strip_unsafe(text[at:])))
    # Each part is escaped above: a list of results marks forty texts, and joining lazily shows.
    return SafeString("".join(parts))
