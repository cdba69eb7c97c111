"""The two gates after Markdown: bleach, which shares our allow-list, and nh3, which is the last."""

from __future__ import annotations

import re
import threading
from functools import cache

import nh3
from bleach.sanitizer import Cleaner

from common.markdown.urls import own_image, safe_url
from common.text import strip_unsafe

TAGS = frozenset(
    [
        *("h2", "h3", "h4", "h5", "h6", "p", "hr", "blockquote", "pre", "ul", "ol", "li"),
        *("table", "thead", "tbody", "tr", "th", "td"),
        *("a", "br", "code", "del", "em", "img", "span", "strong"),
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "li": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"class"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
REL = "nofollow ugc noopener"
SCHEMES = frozenset({"http", "https", "mailto"})

_VALUES = {
    ("code", "class"): re.compile(r"language-[a-z]+"),
    ("img", "loading"): re.compile("lazy"),
    ("li", "class"): re.compile("task-list-item"),
    ("ol", "start"): re.compile(r"[0-9]{1,9}"),
    ("p", "class"): re.compile("plain-note"),
    ("pre", "class"): re.compile("plain"),
    # Pygments names each kind of token by one to four letters and digits.
    ("span", "class"): re.compile(r"[a-z][a-z0-9]{0,3}"),
    ("td", "align"): re.compile("left|center|right"),
    ("th", "align"): re.compile("left|center|right"),
}

_of_thread = threading.local()


def first_gate(html: str) -> str:
    return _bleach().clean(html)


def last_gate(html: str, *, staff: bool = False) -> str:
    cleaned: str = _nh3(staff).clean(html)
    # Character references are characters by now: the one place to find all unsafe ones.
    return strip_unsafe(cleaned)


def allowed_value(tag: str, name: str, value: str) -> str | None:
    """The value as it may stand on the page, or None when the attribute has to go."""
    value = strip_unsafe(value)
    if name == "href":
        return safe_url(value)
    if name == "src":
        return value if own_image(value) else None
    if (tag, name) in _VALUES:
        return value if _VALUES[tag, name].fullmatch(value) else None
    return value if name in {"alt", "title"} else None


def _bleach() -> Cleaner:
    # A bleach cleaner keeps state while it works, so threads cannot share one.
    if not hasattr(_of_thread, "cleaner"):
        _of_thread.cleaner = Cleaner(
            tags=TAGS,
            attributes=lambda tag, name, value: (
                name in ATTRIBUTES.get(tag, ()) and allowed_value(tag, name, value) is not None
            ),
            protocols=SCHEMES,
            strip=True,
        )
    cleaner: Cleaner = _of_thread.cleaner
    return cleaner


@cache
def _nh3(staff: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_filter,
        link_rel=None if staff else REL,
        url_schemes=set(SCHEMES),
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    # nh3 adds rel after it filtered, but asks about it all the same.
    return value if (tag, name) == ("a", "rel") else allowed_value(tag, name, value)
