"""Analyses documents and sends them, in this process or beside it; asks no database."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from elastic_transport import TransportError
from elasticsearch import ApiError

from search.engines.elasticsearch.client import BUSY, Config
from search.engines.elasticsearch.encoding import analysed, item_of, vocabulary_of
from search.engines.elasticsearch.index import Indexes, Item, Key
from search.engines.elasticsearch.refusals import Refusal, refusal_of_fault
from search.engines.sql.weights import Means
from search.registry import Document

_BYTES = 4_000_000
_PAUSES = (1, 2, 4, 8, 15, 30)


@dataclass(slots=True)
class Done:
    """What became of a chunk of documents."""

    count: int = 0
    lengths: Means = field(default_factory=Means)
    # Terms of public texts with their documents, and how they are written.
    df: Counter[str] = field(default_factory=Counter)
    displays: dict[str, str] = field(default_factory=dict)
    has_families: bool = False
    refused: dict[Key, Refusal] = field(default_factory=dict)


def measure(documents: Sequence[Document]) -> Means:
    """Mean lengths of public texts."""
    means = Means()
    for document in documents:
        if "public" in document.tokens:
            means.count(document.language, analysed(document))
    return means


def send(
    config: Config,
    collection: int,
    documents: Sequence[Document],
    means: Means,
    first: int,
    *,
    vocabulary: bool,
) -> Done:
    done = Done(count=len(documents))
    items: list[Item] = []
    size = 0
    for number, document in enumerate(documents, first):
        try:
            text = analysed(document)
            item = item_of(document, text, means(document.language), number)
        except Exception as error:  # noqa: BLE001  one bad text never holds up the others
            key = (document.kind, document.object_id)
            done.refused[key] = refusal_of_fault(error)
            continue
        if "public" in document.tokens:
            done.lengths.count(document.language, text)
            if vocabulary:
                done.df.update(vocabulary_of(text))
                done.displays.update(text.displays)
        done.has_families |= bool(document.family)
        items.append(item)
        size += len(item.lines)
        if size > _BYTES:
            done.refused.update(deliver(_indexes(config), collection, items))
            items, size = [], 0
    done.refused.update(deliver(_indexes(config), collection, items))
    return done


@lru_cache(maxsize=2)
def _indexes(config: Config) -> Indexes:
    """Each process has its own connections."""
    return Indexes(config.connect(), config)


def deliver(indexes: Indexes, collection: int, items: Sequence[Item]) -> dict[Key, Refusal]:
    """Sends ITEMS until each was taken or refused for good; waits while the server is busy."""
    refused: dict[Key, Refusal] = {}
    for pause in (*_PAUSES, 0):
        try:
            found = indexes.bulk(collection, items)
        except (ApiError, TransportError) as error:
            if not pause or (isinstance(error, ApiError) and error.status_code not in BUSY):
                raise
            time.sleep(pause)
            continue
        again = {key for key, refusal in found.items() if refusal.is_passing}
        refused.update({key: one for key, one in found.items() if key not in again})
        items = [item for item in items if item.key in again]
        if not items:
            break
        if not pause:
            raise TimeoutError(f"Elasticsearch took no documents: {found[items[0].key].reason}")
        time.sleep(pause)
    return {key: one for key, one in refused.items() if not one.is_stale}
