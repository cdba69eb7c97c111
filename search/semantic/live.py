"""The site's own vectors in memory, one copy a process, where no engine keeps them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from search.engines import engine
from search.engines.base import Near
from search.models import Entry, Vector
from search.semantic import encoder
from search.semantic.space import Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How many documents a query may find by meaning.
NEAREST = 50
# Who may find more private texts than this, or is an agent, finds those among the nearest _PRIVATE
# of all; for everybody else the nearest of their own are found whatever others have.
_OWN = 2_000
_PRIVATE = 400
_EVERY = 2.0
_CHUNK = 2_000
logger = logging.getLogger("peerdesk.search")


class LiveSpace:
    """What is public apart from the rest, so that private texts cannot crowd it out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._public, self._private = Space(), Space()
        self._last = 0
        self._looked = float("-inf")
        self.is_full = False

    def nearest(self, vector: NDArray[np.float32], tokens: frozenset[str]) -> tuple[Near, ...]:
        """Candidates only: the engine checks who may find them."""
        own = tokens - {"public"}
        keys = _own(own)
        with self._lock:
            self._follow()
            found = self._public.nearest(vector, NEAREST)
            if keys is not None:
                return (*found, *(self._private.nearest(vector, NEAREST, keys) if keys else ()))
            private = self._private.nearest(vector, _PRIVATE)
        return (*found, *(_held(private, own)[:NEAREST] if private else ()))

    def _follow(self) -> None:
        """Reads the rows written since the last look. Rows that went are found out by engines."""
        if self._clock() - self._looked < _EVERY or self.is_full:
            return
        self._looked = self._clock()
        if len(self._public.gone) + len(self._private.gone) > len(self._public) + 1_000:
            self._public, self._private, self._last = Space(), Space(), 0
        rows = Vector.objects.filter(pk__gt=self._last).order_by("pk")
        values = rows.values_list(
            "pk", "entry__kind", "entry__object_id", "entry__is_public", "number", "data"
        )
        while some := list(values.filter(pk__gt=self._last)[:_CHUNK]):
            self._take(some)
            self._last = some[-1][0]
            if len(self._public) + len(self._private) > settings.SEARCH_SEMANTIC_PASSAGES:
                self.is_full = True
                logger.warning("more passages than SEARCH_SEMANTIC_PASSAGES; the rest is left out")
                return

    def _take(self, rows: list[tuple[int, str, str, bool, int, Any]]) -> None:
        for _, kind, object_id, _, number, _ in rows:
            if number == 0:
                self._public.remove((kind, object_id))
                self._private.remove((kind, object_id))
        for space, wanted in ((self._public, True), (self._private, False)):
            own = [row for row in rows if row[3] is wanted]
            if own:
                data = b"".join(bytes(row[5]) for row in own)
                vectors = np.frombuffer(data, dtype=np.float16).astype(np.float32)
                keys = [(row[1], row[2]) for row in own]
                space.add(keys, vectors.reshape(len(own), encoder.DIMENSIONS))


def _own(tokens: frozenset[str]) -> list[tuple[str, str]] | None:
    """What one of TOKENS opens beside the public; None if that is too much to go through."""
    if not tokens:
        return []
    if "agents" in tokens:
        return None
    rows = Entry.objects.filter(is_public=False, tokens__token__in=tokens)
    keys = list(rows.order_by().values_list("kind", "object_id").distinct()[: _OWN + 1])
    return keys if len(keys) <= _OWN else None


def _held(private: list[Near], tokens: frozenset[str]) -> list[Near]:
    """Those of PRIVATE that carry one of TOKENS."""
    held = Entry.objects.filter(
        kind__in={near.kind for near in private},
        object_id__in=[near.object_id for near in private],
        tokens__token__in=tokens,
    )
    keys = set(held.values_list("kind", "object_id"))
    return [near for near in private if (near.kind, near.object_id) in keys]


_space = LiveSpace()


def nearest(text: str, tokens: frozenset[str]) -> tuple[Near, ...]:
    """What is near in meaning to TEXT; nothing while the model loads, or when anything fails."""
    if not encoder.is_on() or not encoder.warm_up():
        return ()
    try:
        vector = encoder.query_vector(text)
        if vector is None:
            return ()
        found = engine().nearest(vector.tolist(), tokens, NEAREST)
        return _space.nearest(vector, tokens) if found is None else found
    except Exception:
        logger.exception("nothing is found by meaning")
        return ()
