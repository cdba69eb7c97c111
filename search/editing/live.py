"""The synonyms and pins as they are now: kept per process, renewed within two seconds of a change."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from search.editing import synonyms
from search.editing.pins import Pins
from search.editing.synonyms import Group, Synonyms
from search.engines.base import QueryWord
from search.models_editing import EditingState, Pin, SynonymGroup

# How long a process may go on with what it knows before it looks at the token again.
_SECONDS = 2
_KEY = "search.editing"
_ONLY = 1


@dataclass(frozen=True, slots=True)
class Tables:
    synonyms: Synonyms
    pins: Pins


_EMPTY = Tables(Synonyms(), Pins())
_loaded: tuple[str, Tables] = ("", _EMPTY)


def tables() -> Tables:
    """One cached read when nothing has changed, which is nearly always."""
    global _loaded
    token = _token()
    if not token:
        return _EMPTY
    known, found = _loaded
    if known != token:
        found = _read()
        _loaded = token, found
    return found


def expanded(
    text: str, spoken: tuple[str, ...], words: tuple[QueryWord, ...]
) -> tuple[QueryWord, ...]:
    """The WORDS of TEXT, and what the editors' synonyms add."""
    known = tables().synonyms
    return synonyms.expanded(known, text, spoken, words) if known.groups else words


def _token() -> str:
    cache = caches["memory"]
    token: str | None = cache.get(_KEY)
    if token is None:
        token = EditingState.objects.filter(pk=_ONLY).values_list("token", flat=True).first() or ""
        cache.set(_KEY, token, _SECONDS)
    return token


def _read() -> Tables:
    groups = SynonymGroup.objects.filter(is_active=True).order_by("pk")
    known = Synonyms(
        tuple(Group(group.pk, group.language, tuple(group.phrases)) for group in groups)
    )
    return Tables(known, Pins(tuple(Pin.objects.filter(is_active=True)), known))


def changed(**kwargs: Any) -> None:
    """Says in the transaction of the change that there is something new."""
    EditingState.objects.update_or_create(pk=_ONLY, defaults={"token": secrets.token_hex(16)})
    _forget()
    # Somebody else may have read the old token before the change was there to be seen.
    transaction.on_commit(_forget)


def _forget() -> None:
    caches["memory"].delete(_KEY)


def connect() -> None:
    """Wagtail's views save and delete snippets in several ways; all of them send these."""
    for model in (SynonymGroup, Pin):
        name = f"search.editing.{model.__name__}"
        post_save.connect(changed, sender=model, dispatch_uid=f"{name}.saved")
        post_delete.connect(changed, sender=model, dispatch_uid=f"{name}.deleted")
