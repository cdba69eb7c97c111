"""How much meaning counts beside words, and of which text it is taken."""

from __future__ import annotations

# search.md, sections 4.1 and 5; docs/decisions/0006-semantic.md.
SEARCH = 0.25
SIMILAR = 0.5
_BODY = 600


def meaning_of(title: str, body: str) -> str:
    """What a text being written is about: its title and how it begins."""
    return f"{title}. {body[:_BODY]}" if body else title
