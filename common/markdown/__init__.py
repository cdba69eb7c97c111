"""From the Markdown people write to HTML that is safe to show; the only user of mark_safe."""

from __future__ import annotations

import logging
import re
import threading
from typing import cast

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown

from common.markdown.blocks import CODE_END, CODE_START, BlockReader, TooComplexError
from common.markdown.plain import excerpt, mark_terms, plain_text
from common.markdown.profile import Profile
from common.markdown.sanitise import first_gate, last_gate
from common.text import normalise_lines

__all__ = [
    "MAX_LENGTH",
    "MAX_LENGTH_STAFF",
    "VERSION",
    "excerpt",
    "mark_terms",
    "plain_text",
    "render",
    "stored",
]

# Raise it with any change of what is rendered: stored HTML of an older version is made anew.
VERSION = 1
MAX_LENGTH = 30_000
MAX_LENGTH_STAFF = 64_000

# In English, as it is stored with the text and read by people of every language.
_NOTE = '<p class="plain-note">Shown as plain text: too long or too complex to format.</p>'

_CODE = re.compile(f"{CODE_START}([0-9]+){CODE_END}")

_logger = logging.getLogger(__name__)
_of_thread = threading.local()


def render(source: str, *, staff: bool = False) -> SafeString:
    """Safe HTML of any text, in bounded time; a text over the limits is shown as it was typed."""
    return stored(_rendered(normalise_lines(source), staff=staff))


def stored(html: str) -> SafeString:
    """HTML that `render` made, as it comes back from the database."""
    return mark_safe(html)  # noqa: S308 (the one place; see the module's first line)


def _rendered(text: str, *, staff: bool) -> str:
    if len(text) > (MAX_LENGTH_STAFF if staff else MAX_LENGTH):
        return _as_typed(text, staff=staff)
    try:
        return _as_markdown(text, staff=staff)
    except TooComplexError:
        return _as_typed(text, staff=staff)
    except Exception:
        # A fault in a parser must not keep a customer from asking, nor spoil the next text.
        _of_thread.__dict__.clear()
        _logger.exception("A text could not be rendered.")
        return _as_typed(text, staff=staff)


def _as_markdown(text: str, *, staff: bool) -> str:
    parser = _parser(staff)
    html = first_gate(parser.reset().convert(text))
    # bleach sees no code: a page of coloured code has thousands of elements, escaped by us.
    codes = cast("BlockReader", parser.parser).codes
    html = _CODE.sub(lambda match: codes[int(match[1])], html)
    return last_gate(html, staff=staff).strip()


def _as_typed(text: str, *, staff: bool) -> str:
    # A browser drops a newline right behind the tag, so there is none.
    html = f'{_NOTE}\n<pre class="plain">{escape(text.strip(chr(10)))}</pre>'
    return last_gate(html, staff=staff)


def _parser(staff: bool) -> Markdown:
    # A Markdown object keeps state while it works, so threads cannot share one.
    name = "staff" if staff else "people"
    if not hasattr(_of_thread, name):
        parser = Markdown(extensions=[Profile(staff=staff)], output_format="html")
        setattr(_of_thread, name, parser)
    found: Markdown = getattr(_of_thread, name)
    return found
