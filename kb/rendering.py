"""From an article's blocks to the HTML, text and contents that are stored with it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.languages import interface_code
from common.markdown import plain_text, render, stored

_logger = logging.getLogger(__name__)
_HEADING = re.compile(r"<h([234])>(.*?)</h\1>", re.DOTALL)
_ANCHORED = re.compile(r'<h[23] id="([^"]+)">(.*?)<a class="anchor".*?</a></h[23]>', re.DOTALL)
_ANCHOR = re.compile(r'<a class="anchor".*?</a>')
_SCROLLS = '<div class="table" tabindex="0">'
_WORDS_A_MINUTE = 220
# Reading speed in scripts without blanks, in characters.
_CHARACTERS_A_MINUTE = 500


@dataclass
class Rendered:
    """What is stored beside the source."""

    html: str = ""
    text: str = ""
    contents: list[dict[str, Any]] = field(default_factory=list)
    minutes: int = 1


def render_article(body: Iterable[Any], language: str) -> Rendered:
    """HTML with anchors that translations share: block id and the heading's ordinal in it."""
    result = Rendered()
    parts: list[str] = []
    with translation.override(interface_code(language)):
        for block in body:
            draw = _DRAW.get(block.block_type)
            if draw is not None:
                parts.append(_with_anchors(draw(block.value), str(block.id), result.contents))
    result.html = "\n".join(parts)
    result.text = plain_text(_ANCHOR.sub("", result.html))
    result.minutes = reading_minutes(result.text)
    return result


def reading_minutes(text: str) -> int:
    words = len(text.split())
    # Japanese and Chinese have hardly any blanks: count characters there.
    if words and len(text) / words > 20:
        return max(1, round(len(text) / _CHARACTERS_A_MINUTE))
    return max(1, round(words / _WORDS_A_MINUTE))


def _with_anchors(html: str, block_id: str, contents: list[dict[str, Any]]) -> str:
    ordinal = 0

    def anchored(match: re.Match[str]) -> str:
        nonlocal ordinal
        ordinal += 1
        level, inner = match.group(1), match.group(2)
        anchor = f"s-{block_id[:8]}-{ordinal}"
        text = plain_text(inner).strip()
        if level in "23":
            contents.append({"anchor": anchor, "text": text, "level": int(level)})
        label = _("Link to this section")
        return (
            f'<h{level} id="{anchor}">{inner}'
            f'<a class="anchor" href="#{anchor}" aria-label="{label}">#</a></h{level}>'
        )

    return _HEADING.sub(anchored, html)


def _text(value: str) -> SafeString:
    html = render(value, staff=True)
    if "<table>" in html:
        # What scrolls must be reachable by keyboard. Typed tags are escaped, so these are ours.
        html = stored(
            html.replace("<table>", f"{_SCROLLS}<table>").replace("</table>", "</table></div>")
        )
    return html


def _steps(value: Iterable[Any]) -> SafeString:
    items = format_html_join(
        "", "<li>{}{}</li>", ((_text(step["text"]), _step_picture(step)) for step in value)
    )
    return format_html('<ol class="steps">{}</ol>', items)


def _step_picture(step: Any) -> SafeString:
    return _figure(step.get("image"), step["alt"], "")


def _callout(value: Any) -> SafeString:
    words: dict[str, Callable[[], str]] = {
        "note": lambda: _("Note"),
        "tip": lambda: _("Tip"),
        "warning": lambda: _("Careful"),
        "important": lambda: _("Important"),
    }
    kind = value["kind"]
    return format_html(
        '<div class="callout callout--{}"><div class="callout__body">'
        '<strong class="callout__word">{}</strong>{}</div></div>',
        kind,
        words.get(kind, words["note"])(),
        _text(value["text"]),
    )


def _picture(value: Any) -> SafeString:
    return _figure(value["image"], value["alt"], value.get("caption") or "")


def _address(image: Any) -> str:
    """Where kb.files serves it; the storage's own address would ask nobody who they are."""
    return f"{settings.MEDIA_URL}{quote(image.file.name)}"


def _figure(image: Any, alt: str, caption: str) -> SafeString:
    if image is None:
        # A draft may lack it.
        return SafeString()
    try:
        small = image.get_rendition("width-1280|format-webp")
        full = image.get_rendition("width-2400|format-webp")
    except OSError:
        # A lost file must not take the whole article with it.
        _logger.warning("The file of image %s cannot be read.", image.pk)
        return SafeString()
    note = format_html("<figcaption>{}</figcaption>", caption) if caption else ""
    return format_html(
        '<figure class="picture"><a href="{}"><img src="{}" width="{}" height="{}" alt="{}" '
        'loading="lazy"></a>{}</figure>',
        _address(full),
        _address(small),
        small.width,
        small.height,
        alt,
        note,
    )


def _table(value: Any) -> SafeString:
    head = format_html_join(
        "", '<th scope="col">{}</th>', ((column["heading"],) for column in value.columns)
    )
    rows = format_html_join(
        "",
        "<tr>{}</tr>",
        (
            (format_html_join("", "<td>{}</td>", ((_cell(cell),) for cell in row)),)
            for row in value.rows
        ),
    )
    caption = format_html("<caption>{}</caption>", value.caption) if value.caption else ""
    return format_html(
        "{}<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        stored(_SCROLLS),
        caption,
        head,
        rows,
    )


def _cell(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value)


_DRAW: dict[str, Callable[[Any], SafeString]] = {
    "text": _text,
    "steps": _steps,
    "callout": _callout,
    "picture": _picture,
    "table": _table,
}


def passages(page: Any) -> list[tuple[str, str, str]]:
    """(anchor, heading, text below it) of each part of a stored article, for search's deep links."""
    pieces: list[tuple[str, str, str]] = []
    position, anchor, heading = 0, "", ""
    html = page.body_html
    for match in _ANCHORED.finditer(html):
        part = _ANCHOR.sub("", html[position : match.start()])
        pieces.append((anchor, heading, plain_text(part)))
        position, anchor, heading = match.end(), match.group(1), plain_text(match.group(2)).strip()
    pieces.append((anchor, heading, plain_text(_ANCHOR.sub("", html[position:]))))
    return [piece for piece in pieces if piece[1] or piece[2].strip()]


def shown(page: Any) -> SafeString:
    """The stored HTML, ready for a template."""
    return stored(page.body_html)
