"""Vectors of passages on the server (the extra `semantic`), so that no process holds them.

One document a thing, with its passages inside, in an index of its own: a rebuild of the texts leaves
it as it is, and a vote costs no look at vectors.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from elasticsearch import NotFoundError
from elasticsearch.dsl import Boolean, DenseVector, Keyword, Mapping, Nested

from search.engines.base import Near
from search.engines.elasticsearch.client import Rubbish
from search.engines.elasticsearch.encoding import plain
from search.engines.elasticsearch.index import Indexes, Item, Key, id_of
from search.engines.meaning import FLOOR
from search.models import Entry, Vector
from search.projection import version_of

_DIMENSIONS = 512
_BATCH = 200
# Of so many near ones in each part of the index the nearest are taken, compared exactly.
_CANDIDATES, _OVERSAMPLE = 200, 2.0
_LOOKED_EVERY, _READY_FOR = 30.0, 600.0
logger = logging.getLogger("peerdesk.search")


def mapping() -> Mapping:
    made = Mapping()
    for name in ("kind", "object_id"):
        made.field(name, Keyword())
    made.field("tokens", Keyword(doc_values=False))
    made.field("is_public", Boolean(doc_values=False))
    # What the passages were made from, and who may read them: without a change nothing is sent.
    made.field("state", Keyword())
    vector = DenseVector(
        dims=_DIMENSIONS, index=True, similarity="cosine", index_options={"type": "int8_hnsw"}
    )
    made.field("passages", Nested(properties={"vector": vector}))
    made.meta("_source", enabled=False)
    made.meta("dynamic", "strict")
    return made


class Passages:
    """The index `<prefix>-meaning`. It answers when every vector there is has been sent."""

    def __init__(self, indexes: Indexes, clock: Callable[[], float] = time.monotonic) -> None:
        self._indexes = indexes
        self._client = indexes.client
        self._clock = clock
        self._is_ready, self._until = False, float("-inf")
        self.name = f"{indexes.config.prefix}-meaning"

    # Asking

    def nearest(
        self, vector: Sequence[float], tokens: frozenset[str], limit: int, seconds: float
    ) -> tuple[Near, ...] | None:
        """The LIMIT nearest public things, and as many private ones with one of TOKENS."""
        if not self._ready():
            return None
        public = {"term": {"is_public": True}}
        clauses = [_near(vector, public, limit)]
        own = sorted(plain(token) for token in tokens - {"public"})
        if own:
            private = {"bool": {"filter": [{"terms": {"tokens": own}}], "must_not": [public]}}
            clauses.append(_near(vector, private, limit))
        body = {
            "knn": clauses,
            "size": limit * len(clauses),
            "track_total_hits": False,
            "stored_fields": "_none_",
            "docvalue_fields": ["kind", "object_id"],
        }
        client = self._client.options(request_timeout=seconds)
        try:
            hits = client.search(index=self.name, body=body).body["hits"]["hits"]
        except NotFoundError:
            self._until = float("-inf")
            return None
        found = []
        for hit in hits:
            kind, object_id = (hit["fields"][name][0] for name in ("kind", "object_id"))
            # The server's scores are never below nought.
            found.append(Near(kind, object_id, 2 * hit["_score"] - 1))
        return tuple(near for near in found if near.cosine >= FLOOR)

    def _ready(self) -> bool:
        if self._clock() > self._until:
            self._is_ready = self._is_filled()
            self._until = self._clock() + (_READY_FOR if self._is_ready else _LOOKED_EVERY)
        return self._is_ready

    def _is_filled(self) -> bool:
        try:
            return bool(self._meta().get("is_filled"))
        except NotFoundError:
            return False

    def _meta(self) -> dict[str, Any]:
        found = self._client.indices.get_mapping(index=self.name).body
        return dict(found[self.name]["mappings"].get("_meta", {}))

    # Filling

    def fill(self, until: float) -> None:
        """Sends vectors made since the last round, at first all, for as long as time allows."""
        if not self._client.indices.exists(index=self.name):
            settings = {"number_of_replicas": self._indexes.config.replicas}
            body = {"settings": settings, "mappings": mapping().to_dict()}
            self._client.indices.create(index=self.name, body=body)
        meta = self._meta()
        last = sent = int(meta.get("sent", 0))
        while rows := _made_since(last):
            entries = _with_vectors(pk__in=[entry for _, entry in rows])
            self._send([one for one in entries if one.vectors.all()], [])
            last = rows[-1][0]
            if self._clock() > until:
                break
        is_filled = meta.get("is_filled") or not rows
        if last != sent or is_filled != meta.get("is_filled"):
            self.refresh()
            meta = {"sent": last, "is_filled": is_filled}
            self._client.indices.put_mapping(index=self.name, meta=meta)
        self._until = float("-inf")

    def follow(self, keys: Sequence[Key]) -> None:
        """Brings the index to what the database says of KEYS; what is alike is left alone."""
        for start in range(0, len(keys), _BATCH):
            some = keys[start : start + _BATCH]
            try:
                there = self._states(some)
            except NotFoundError:
                return
            named = _with_vectors(
                kind__in={kind for kind, _ in some}, object_id__in=[one for _, one in some]
            )
            kept = {_key(one): one for one in named if _key(one) in some and one.vectors.all()}
            changed = [one for key, one in kept.items() if there.get(key) != _state(one)]
            self._send(changed, [key for key in there if key not in kept])

    def _states(self, keys: Sequence[Key]) -> dict[Key, str]:
        self.refresh()
        body = {
            "query": {"ids": {"values": [id_of(key) for key in keys]}},
            "size": len(keys),
            "stored_fields": "_none_",
            "docvalue_fields": ["kind", "object_id", "state"],
        }
        answer = self._client.search(index=self.name, body=body)
        fields = [hit["fields"] for hit in answer["hits"]["hits"]]
        return {(one["kind"][0], one["object_id"][0]): one["state"][0] for one in fields}

    def _send(self, entries: Sequence[Entry], gone: Sequence[Key]) -> None:
        items = [_item(entry) for entry in entries]
        items += [Item(key, _line({"delete": {"_id": id_of(key)}})) for key in gone]
        refused = self._indexes.bulk_into(self.name, items)
        for key, refusal in refused.items():
            if refusal.is_passing:
                raise Rubbish("vectors were not taken")
            if not refusal.is_stale:
                logger.error("the vectors of %s %s were refused: %s", *key, refusal.reason)

    def refresh(self) -> None:
        self._client.indices.refresh(index=self.name)


def _near(vector: Sequence[float], condition: dict[str, Any], limit: int) -> dict[str, Any]:
    return {
        "field": "passages.vector",
        "query_vector": list(vector),
        "k": limit,
        "num_candidates": max(_CANDIDATES, limit),
        "filter": condition,
        "rescore_vector": {"oversample": _OVERSAMPLE},
    }


def _made_since(last: int) -> list[tuple[int, int]]:
    """(vector, entry) of the first passages, in the order in which they were made."""
    rows = Vector.objects.filter(pk__gt=last, number=0).order_by("pk")
    return list(rows.values_list("pk", "entry")[:_BATCH])


def _with_vectors(**conditions: Any) -> list[Entry]:
    return list(Entry.objects.filter(**conditions).prefetch_related("tokens", "vectors"))


def _key(entry: Entry) -> Key:
    return entry.kind, entry.object_id


def _state(entry: Entry) -> str:
    """Changes whenever the words or the readers do."""
    digests = {bytes(vector.digest).hex() for vector in entry.vectors.all()}
    said = [*sorted(digests), *sorted(row.token for row in entry.tokens.all())]
    return blake2b("\0".join(said).encode(errors="replace"), digest_size=16).hexdigest()


def _item(entry: Entry) -> Item:
    # numpy comes with the extra, and vectors with it.
    import numpy as np

    vectors = [
        np.frombuffer(bytes(row.data), dtype=np.float16).astype(float).round(5).tolist()
        for row in entry.vectors.all()
    ]
    fields = {
        "kind": entry.kind,
        "object_id": plain(entry.object_id),
        "tokens": sorted(plain(row.token) for row in entry.tokens.all()),
        "is_public": entry.is_public,
        "state": _state(entry),
        "passages": [{"vector": vector} for vector in vectors],
    }
    key = _key(entry)
    held = {"version": version_of(entry), "version_type": "external_gte"}
    return Item(key, _line({"index": {"_id": id_of(key), **held}}) + _line(fields))


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
