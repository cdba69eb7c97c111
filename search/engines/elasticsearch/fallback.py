"""The tables of `sql` beside Elasticsearch: how much of the texts they keep for a bad day."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from search.engines.sql.engine import SqlEngine
from search.models import Collection, Entry
from search.registry import Document

FULL, TITLES, NONE, AUTO = "full", "titles", "none", "auto"
MODES = (FULL, TITLES, NONE, AUTO)
# With so many documents all terms cost more than they are worth (docs/operating.md).
_FULL_UP_TO = 200_000
_COUNTED_EVERY = 600.0


class Fallback:
    """A layer of its own: filled in the transaction of the change."""

    in_database = True

    def __init__(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"SEARCH_FALLBACK must be one of {', '.join(MODES)}, not {mode!r}.")
        self.mode = mode
        self.sql = SqlEngine()
        self._decided = ""
        self._until = 0.0

    @property
    def keeps(self) -> str:
        """What is kept now: `auto` decides by the number of entries, and looks rarely."""
        if self.mode != AUTO:
            return self.mode
        if time.monotonic() > self._until:
            self._decided = FULL if Entry.objects.count() <= _FULL_UP_TO else TITLES
            self._until = time.monotonic() + _COUNTED_EVERY
        return self._decided

    def index(self, documents: Sequence[Document], collection: Collection) -> None:
        if self.keeps != NONE:
            self.sql.index(list(self._kept(documents)), collection)

    def build(self, documents: Iterable[Document], collection: Collection) -> int:
        if self.keeps == NONE:
            return sum(1 for _ in documents)
        return self.sql.build(self._kept(documents), collection)

    def _kept(self, documents: Iterable[Document]) -> Iterator[Document]:
        if self.keeps == FULL:
            yield from documents
        else:
            for document in documents:
                yield replace(document, body="", passages=())

    def remove(
        self,
        keys: Sequence[tuple[str, str]],
        collection: Collection,
        seen: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.sql.remove(keys, collection, seen)

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]:
        return self.sql.versions(collection)
