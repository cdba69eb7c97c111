"""Vectors side by side in memory, and which are nearest to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.engines.base import Near
from search.engines.meaning import FLOOR
from search.registry import Document
from search.semantic.encoder import DIMENSIONS, encode
from search.semantic.passages import passages_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
_BATCH = 256

Key = tuple[str, str]


class Space:
    """Passages of documents. Grows by adding; what was taken out is skipped."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.gone: set[int] = set()
        self._rows: dict[Key, list[int]] = {}
        self._matrix: NDArray[np.float32] = np.empty((0, DIMENSIONS), dtype=np.float32)

    def __len__(self) -> int:
        return len(self.keys) - len(self.gone)

    def add(self, keys: Sequence[Key], vectors: NDArray[np.float32]) -> None:
        """A row of VECTORS for each of KEYS."""
        needed = len(self.keys) + len(keys)
        if needed > len(self._matrix):
            bigger = np.empty((max(1_024, needed * 5 // 4), DIMENSIONS), dtype=np.float32)
            bigger[: len(self.keys)] = self._matrix[: len(self.keys)]
            self._matrix = bigger
        self._matrix[len(self.keys) : needed] = vectors
        for key in keys:
            self._rows.setdefault(key, []).append(len(self.keys))
            self.keys.append(key)

    def remove(self, key: Key) -> None:
        self.gone.update(self._rows.pop(key, ()))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Iterable[Key] | None = None
    ) -> list[Near]:
        """The best passage of each of the LIMIT nearest documents, nearest first."""
        if among is not None:
            rows = np.array([row for key in among for row in self._rows.get(key, ())], dtype=int)
            return self._first(rows, self._matrix[rows] @ vector, limit)
        count = len(self.keys)
        if not count:
            return []
        cosines = self._matrix[:count] @ vector
        # A document has a few passages, and some rows are gone.
        wanted = min(count, limit * 6 + len(self.gone))
        best = np.argpartition(-cosines, wanted - 1)[:wanted]
        return self._first(best, cosines[best], limit)

    def _first(
        self, rows: NDArray[np.int_], cosines: NDArray[np.float32], limit: int
    ) -> list[Near]:
        found: dict[Key, float] = {}
        for place in np.argsort(-cosines):
            row, cosine = int(rows[place]), float(cosines[place])
            if cosine < FLOOR or len(found) == limit:
                break
            if row not in self.gone:
                found.setdefault(self.keys[row], cosine)
        return [Near(*key, cosine) for key, cosine in found.items()]


def space_of(documents: Iterable[Document]) -> Space:
    """A space of DOCUMENTS that are stored nowhere: for judged sets."""
    space = Space()
    keys: list[Key] = []
    texts: list[str] = []
    for document in documents:
        for passage in passages_of(document.title, document.body):
            keys.append((document.kind, document.object_id))
            texts.append(passage)
        if len(texts) >= _BATCH:
            space.add(keys, encode(texts))
            keys, texts = [], []
    if texts:
        space.add(keys, encode(texts))
    return space
