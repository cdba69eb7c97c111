"""Fills a new index: entries are read here, analysed in two processes beside this one."""

from __future__ import annotations

import logging
import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from django.db import transaction

from common.beside import prepare
from search.engines.elasticsearch.analysing import Done, measure, send
from search.engines.elasticsearch.index import Indexes
from search.engines.sql.tables import chunks, terms_of
from search.engines.sql.weights import Means
from search.engines.sql.writing import insert_terms
from search.models import Collection
from search.registry import Document

logger = logging.getLogger("peerdesk.search")

# The mean lengths of so many stand for all.
_SAMPLE = 3_000
_CHUNK = 250
_PROCESSES = 2
_WAITING = 6
_TERMS = 5_000


class Building:
    """Takes documents as they pass by, so that another engine can be filled from the same."""

    def __init__(self, indexes: Indexes, collection: Collection, *, vocabulary: bool) -> None:
        self.indexes = indexes
        self.collection = collection
        self.vocabulary = vocabulary
        self.means = Means()
        self.lengths = Means()
        self.count = 0
        self.has_families = False
        self.df: Counter[str] = Counter()
        self.displays: dict[str, str] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._running: deque[Future[Done]] = deque()

    def passing(self, documents: Iterable[Document]) -> Iterator[Document]:
        self.indexes.drop(self.collection.pk)
        self.indexes.create(self.collection.pk, is_filling=True)
        chunk: list[Document] = []
        size = _SAMPLE
        try:
            for document in documents:
                chunk.append(document)
                if len(chunk) >= size:
                    self._take(chunk)
                    chunk, size = [], _CHUNK
                yield document
            self._take(chunk)
            while self._running:
                self._collect(self._running.popleft().result())
        finally:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
        self._finish()

    def _take(self, chunk: list[Document]) -> None:
        if not self.count:
            # Also a small collection ends here, without processes of its own.
            self.means = measure(chunk)
            for some in chunks(chunk, _CHUNK):
                self._collect(send(*self._work(some), vocabulary=self.vocabulary))
                self.count += len(some)
            return
        if self._pool is None:
            self._pool = _pool()
        while len(self._running) >= _WAITING:
            self._collect(self._running.popleft().result())
        work = self._work(chunk)
        self._running.append(self._pool.submit(send, *work, vocabulary=self.vocabulary))
        self.count += len(chunk)

    def _work(self, chunk: Any) -> tuple[Any, ...]:
        return self.indexes.config, self.collection.pk, list(chunk), self.means, self.count + 1

    def _collect(self, done: Done) -> None:
        for key, refusal in done.refused.items():
            logger.error("%s %s was refused: %s", *key, refusal.reason)
        for language, (n, title, body) in done.lengths.languages.items():
            row = self.lengths.languages.setdefault(language, [0, 0.0, 0.0])
            row[0] += n
            row[1] += title
            row[2] += body
        self.df.update(done.df)
        self.displays.update(done.displays)
        self.has_families |= done.has_families

    def _finish(self) -> None:
        if self.vocabulary:
            keep_vocabulary(self.collection.pk, self.displays, self.df)
        self.indexes.settle(self.collection.pk, self.count)
        self.collection.statistics = self.lengths.statistics()
        self.collection.has_families |= self.has_families


def _pool() -> ProcessPoolExecutor:
    # Not forked: connections to the database and threads must not come along. What they are
    # sent names classes beside models, and these need the apps.
    return ProcessPoolExecutor(
        _PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=prepare
    )


def keep_vocabulary(
    collection: int, displays: Mapping[str, str], df: Mapping[str, int] | None = None
) -> None:
    """Adds the words that are new. Without DF: those of DISPLAYS, counted when asked for."""
    for some in chunks(sorted(df if df is not None else displays), _TERMS):
        found = terms_of(collection, some)
        new = [
            (key, displays.get(key, ""), df[key] if df is not None else 0)
            for key in some
            if key not in found
        ]
        if new:
            with transaction.atomic():
                insert_terms(collection, new)
