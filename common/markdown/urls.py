"""Which addresses a text may point to, read the way a browser reads them."""

from __future__ import annotations

import re

from common.text import strip_unsafe

# A browser drops these anywhere in an address, so "java<newline>script:" is a script to it.
_DROPPED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_ALLOWED = re.compile(r"(?:https?://[^/?#\s]|mailto:[^\s?#])", re.IGNORECASE)
_OWN_IMAGE = re.compile(r"/(?:media|uploads)/[\w\-./%~+@]+", re.ASCII)
_CLIMBS = re.compile(r"(?:\.|%2e){2}|//|%2f|%5c", re.IGNORECASE)


def safe_url(value: str) -> str | None:
    """The address with what a browser ignores taken out, or None when it may not be a link."""
    url = _DROPPED.sub("", strip_unsafe(value)).strip()
    if not url or "\\" in url:
        return None
    if _SCHEME.match(url):
        return url if _ALLOWED.match(url) else None
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    # A colon in the first segment is a scheme to some readers; "//" leads to another site.
    if "//" in path or ":" in path.partition("/")[0]:
        return None
    return url


def own_image(value: str) -> bool:
    return bool(_OWN_IMAGE.fullmatch(value)) and not _CLIMBS.search(value)
