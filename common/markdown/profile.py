"""Python-Markdown without what is unsafe or slow in it, and with what people expect today."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from typing import ClassVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import (
    BACKTICK_RE,
    ESCAPE_RE,
    IMAGE_LINK_RE,
    LINK_RE,
    REFERENCE_RE,
    BacktickInlineProcessor,
    EscapeInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from common.markdown.blocks import MAX_ELEMENTS, BlockReader, TooComplexError
from common.markdown.urls import own_image, safe_url

# The most of each character outside code. Each costs a step over its whole paragraph or, as a
# character reference, a slow piece of bleach. Few people come near even in 30,000 characters.
TOTALS = {
    "<": 3_000,
    ">": 3_000,
    "&": 3_000,
    "`": 3_000,
    "\\": 3_000,
    "*": 4_000,
    "_": 4_000,
    "~": 4_000,
}
# A bracket that finds no partner costs a step over the other brackets of its paragraph, so what
# counts is the square: 500 in one paragraph, or 2,500 in paragraphs of 100.
MAX_BRACKETS_SQUARED = 500**2
MAX_LABEL = 1_000

_BARE_URL = r"(?<![\w/@])(?:https?://|mailto:)[^\s<>\"\x02\x03]+"
_ANGLE_URL = r"<((?:https?://|mailto:)[^\s<>]{1,2000}|[^\s<>@:/\\]{1,100}@[^\s<>@:/\\]{1,250})>"
_BRACKET = re.compile(r"[\[\]]")
_TARGET = re.compile(
    r"\(\s{0,9}(?:<([^<>\n]{0,2000})>|((?:[^\s()]|\([^\s()]{0,500}\)){0,2000}+))"
    r"""(?:\s{1,9}("[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?\s{0,9}\)"""
)
_BACKTICKS = re.compile(r"`+")


class Profile(Extension):
    def __init__(self, *, staff: bool) -> None:
        super().__init__()
        self.staff = staff

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (its name there)
        # With these gone, HTML in a text is text, and whatever is left reads in linear time.
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in ("html", "entity", "image_reference", "short_image_ref", "automail"):
            md.inlinePatterns.deregister(name)
        md.postprocessors.deregister("raw_html")
        md.parser = BlockReader(md, staff=self.staff)
        md.ESCAPED_CHARS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        patterns = md.inlinePatterns
        patterns.register(CodeSpans(BACKTICK_RE), "backtick", 190)
        patterns.register(Escapes(ESCAPE_RE, md), "escape", 180)
        patterns.register(References(REFERENCE_RE, md), "reference", 170)
        patterns.register(Links(LINK_RE, md), "link", 160)
        patterns.register(Images(IMAGE_LINK_RE, md), "image_link", 150)
        patterns.register(ShortReferences(REFERENCE_RE, md), "short_reference", 130)
        patterns.register(AngleLinks(_ANGLE_URL, md), "autolink", 120)
        patterns.register(BareLinks(_BARE_URL, md), "bare_link", 110)
        if md.delimiters is not None:
            md.delimiters.add("~", "del", double=True)
        md.treeprocessors.register(Guard(md), "guard", 30)
        # After "unescape", when the addresses are what they will be on the page.
        md.treeprocessors.register(Addresses(md), "addresses", -10)


class Guard(Treeprocessor):
    """Refuses a text before the part that could be slow, counting what that part will read."""

    def run(self, root: Element) -> None:
        elements = list(root.iter())
        texts = [text for element in elements for text in (element.text, element.tail) if text]
        totals = (sum(text.count(sign) for text in texts) > most for sign, most in TOTALS.items())
        squares = (sum(text.count(bracket) ** 2 for text in texts) for bracket in "[]")
        if len(elements) > MAX_ELEMENTS or any(totals) or max(squares) > MAX_BRACKETS_SQUARED:
            raise TooComplexError("signs")


class CodeSpans(BacktickInlineProcessor):
    def find_code_spans(self, start: int, text: str) -> tuple[int, int | None]:  # type: ignore[override]
        opening = _BACKTICKS.match(text, start)
        inside = opening.end() if opening else start
        width = inside - start
        for run in _BACKTICKS.finditer(text, inside):
            if run.end() - run.start() == width:
                return inside, run.start()
        return inside, None


class Escapes(EscapeInlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        if m[1] == "\n":
            return Element("br"), m.start(), m.end()
        return super().handleMatch(m, data)


class BoundedLabel(LinkInlineProcessor):
    # A link in a link is no HTML; the parser of a browser would tear both apart.
    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        depth = 1
        for bracket in _BRACKET.finditer(data, index, index + MAX_LABEL):
            depth += 1 if bracket[0] == "[" else -1
            if depth == 0:
                return data[index : bracket.start()], bracket.end(), True
        return "", index, False

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        match = _TARGET.match(data, index)
        if match is None:
            return "", None, index, False
        title = None if match[3] is None else self.unescape(" ".join(match[3][1:-1].split()))
        return self.unescape(match[1] or match[2] or ""), title, match.end(), True


class Links(BoundedLabel):
    pass


class References(BoundedLabel, ReferenceInlineProcessor):
    pass


class ShortReferences(BoundedLabel, ShortReferenceInlineProcessor):
    pass


class Images(BoundedLabel):
    # A picture may stand inside a link.
    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ()

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        alt, index, is_found = self.getText(data, m.end())
        if is_found:
            source, title, index, is_found = self.getLink(data, index)
        if not is_found:
            return None, None, None
        image = Element("img", src=source, alt=self.unescape(alt))
        if title is not None:
            image.set("title", title)
        return image, m.start(), index


class AngleLinks(InlineProcessor):
    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        url = self.unescape(m[1])
        return _link(url if ":" in url else f"mailto:{url}", url), m.start(), m.end()


class BareLinks(InlineProcessor):
    ANCESTOR_EXCLUDES: ClassVar[Collection[str]] = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int, int]:
        url = _without_punctuation(m[0])
        if safe_url(url) is None:
            return None, m.start(), m.end()
        return _link(url, url), m.start(), m.start() + len(url)


class Addresses(Treeprocessor):
    """Turns links that may not be links into text, and other sites' pictures into links."""

    def run(self, root: Element) -> None:
        inside_link = {
            image for link in root.iter("a") for image in link.iter("img") if image is not link
        }
        if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
            raise TooComplexError("elements")
        for element in list(root.iter("img")):
            self._image(element, is_inside_link=element in inside_link)
        for element in list(root.iter("a")):
            url = safe_url(html.unescape(element.get("href", "")))
            if url is None:
                _turn_into(element, "span")
            else:
                _set(element, href=url, title=element.get("title"))

    def _image(self, image: Element, *, is_inside_link: bool) -> None:
        source = html.unescape(image.get("src", "")).strip()
        alt = image.get("alt") or ""
        if own_image(source):
            _set(image, src=source, alt=alt, title=image.get("title"), loading="lazy")
            return
        url = safe_url(source)
        image.text = AtomicString(alt or source)
        _turn_into(image, "span" if url is None or is_inside_link else "a")
        if image.tag == "a" and url is not None:
            image.set("href", url)


def _link(url: str, text: str) -> Element:
    link = Element("a", href=url)
    link.text = AtomicString(text)
    return link


def _without_punctuation(url: str) -> str:
    """The address without what ends the sentence around it, as GitHub cuts it."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end:
        last = url[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in "?!.,:;*_~'`|[]":
            break
        end -= 1
    return url[:end]


def _turn_into(element: Element, tag: str) -> None:
    element.tag = tag
    element.attrib.clear()


def _set(element: Element, **values: str | None) -> None:
    element.attrib.clear()
    for name, value in values.items():
        if value is not None:
            element.set(name, value)
