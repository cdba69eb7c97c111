"""The synonyms and pins as they are now: kept per process, and as old as the search that asks."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_delete, post_save

from search.editing import synonyms
from search.editing.pins import Pins
from search.editing.synonyms import Group, Synonyms
from search.engines.base import QueryWord
from search.models_editing import EditingState, Pin, SynonymGroup

# How long what does not look() goes on with what it knows: lists of what is similar.
_SECONDS = 2
_ONLY = 1
# Of the thread, so that none is given what another has read before a change.
_here = threading.local()


@dataclass(frozen=True, slots=True)
class Tables:
    synonyms: Synonyms
    pins: Pins


_EMPTY = Tables(Synonyms(), Pins())
_loaded: tuple[str, Tables] = ("", _EMPTY)


def tables() -> Tables:
    """What was there at the last look(): read anew only when the token has changed."""
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
    known = tables().synonyms if words else Synonyms()
    return synonyms.expanded(known, text, spoken, words) if known.groups else words


def look() -> None:
    """At the start of a search, one row: an editor's change is live at once, in all processes.

    A page kept by a visitor's browser carries the site's version, which was read before; had the
    words been read earlier still, an old page would be taken for one of the new version.
    """
    token = EditingState.objects.filter(pk=_ONLY).values_list("token", flat=True).first()
    _here.token, _here.until = token or "", time.monotonic() + _SECONDS


def _token() -> str:
    if getattr(_here, "until", 0.0) < time.monotonic():
        look()
    token: str = _here.token
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
    forget()


def forget() -> None:
    """What this thread has looked at is not for whoever asks next."""
    _here.until = 0.0


def connect() -> None:
    """Wagtail's views save and delete snippets in several ways; all of them send these."""
    for model in (SynonymGroup, Pin):
        name = f"search.editing.{model.__name__}"
        post_save.connect(changed, sender=model, dispatch_uid=f"{name}.saved")
        post_delete.connect(changed, sender=model, dispatch_uid=f"{name}.deleted")
