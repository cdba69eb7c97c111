"""Who can begin an article about a query: an app above search says so (AA-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# (user, title, language) → address of the form, "" if the user may not write there.
Maker = Callable[[Any, str, str], str]

_makers: list[Maker] = []


def register(maker: Maker) -> Maker:
    _makers.append(maker)
    return maker


def address(user: Any, title: str, language: str) -> str:
    return next((found for maker in _makers if (found := maker(user, title, language))), "")
