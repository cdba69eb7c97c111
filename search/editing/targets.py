"""From what an editor pastes or types to the thing it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q

from search.engines.base import Scored
from search.hits import visible_entries
from search.models import Entry
from search.models_editing import Pin

Key = tuple[str, str]


def is_address(text: str) -> bool:
    return text.startswith(("/", "http://", "https://"))


def at_address(address: str, viewer: Any) -> Entry | None:
    """What stands at ADDRESS, which may lack the slash or the words at its end."""
    path = unquote(urlsplit(address).path)
    paths = {path, path.rstrip("/"), f"{path.rstrip('/')}/"}
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            # Questions and ideas have one address without a language.
            paths |= {one.removeprefix(f"/{code}") for one in paths}
    found = Entry.objects.filter(url__in=[one for one in paths if len(one) > 1])
    entries = _seen(found[:5], viewer)
    if not entries:
        short = Q()
        for one in paths:
            if len(one) > 1 and one.endswith("/"):
                short |= Q(url__startswith=one)
        # A number without its title: /community/q/12.
        below = list(Entry.objects.filter(short)[:2]) if short else []
        entries = _seen(below, viewer) if len(below) == 1 else []
    exact = [entry for entry in entries if entry.url.rstrip("/") == path.rstrip("/")]
    return next(iter(exact or entries), None)


def by_key(key: Key, viewer: Any) -> Entry | None:
    return of_keys([key], viewer).get(key)


def of_keys(keys: Iterable[Key], viewer: Any) -> dict[Key, Entry]:
    return visible_entries([Scored(kind, object_id, 0, 0) for kind, object_id in keys], viewer)


def of_pins(pins: Sequence[Pin], viewer: Any) -> dict[Key, Entry]:
    """What PINS show, as far as VIEWER may see it: a list of pins must not tell hidden titles."""
    return of_keys({pin.key for pin in pins}, viewer) if pins else {}


def _seen(found: Iterable[Entry], viewer: Any) -> list[Entry]:
    entries = list(found)
    return list(of_keys([(one.kind, one.object_id) for one in entries], viewer).values())
