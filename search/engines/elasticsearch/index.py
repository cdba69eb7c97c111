"""The indexes themselves: made, filled in bulk, listed, dropped."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.engines.elasticsearch import mapping
from search.engines.elasticsearch.client import BUSY, Config, Rubbish
from search.engines.elasticsearch.refusals import Refusal, brief, refusal_of, refusal_of_request

logger = logging.getLogger("peerdesk.search")

# Seconds for what a worker does; people wait for searches only.
_PATIENCE = 60.0
# Less than a rebuild may be silent before another one takes it for dead.
_MERGING = 300.0
# So many documents in one piece are asked in a third of the time that twenty pieces take.
_PIECE = 2_000_000
_PAGE = 10_000
_SAID = ",".join(
    ["errors", "items.*.status"]
    + [f"items.*.error.{name}" for name in ("type", "reason", "caused_by.type", "caused_by.reason")]
)
Key = tuple[str, str]


def id_of(key: Key) -> str:
    return ":".join(key)


def key_of(identity: str) -> Key:
    kind, colon, object_id = identity.partition(":")
    if not colon:
        raise Rubbish(f"an id without kind: {identity[:40]}")
    return kind, object_id


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a bulk request, as the lines that go over the wire."""

    key: Key
    lines: bytes


class Indexes:
    """All indexes of this site, one for each collection: `<prefix>-<collection>`."""

    def __init__(self, client: Elasticsearch, config: Config) -> None:
        self.client = client.options(request_timeout=_PATIENCE)
        self.config = config

    def name(self, collection: int) -> str:
        return f"{self.config.prefix}-{collection}"

    def exists(self, collection: int) -> bool:
        return bool(self.client.indices.exists(index=self.name(collection)))

    def create(self, collection: int, *, is_filling: bool = False) -> None:
        body = mapping.body(self.config.replicas, is_filling=is_filling)
        self.client.indices.create(index=self.name(collection), body=body)

    def settle(self, collection: int, documents: int) -> None:
        """From filling to answering. DOCUMENTS: how many it has."""
        name = self.name(collection)
        self._merge(name, documents)
        settings = {
            "refresh_interval": "1s",
            "number_of_replicas": self.config.replicas,
            "translog.durability": "request",
        }
        self.client.indices.put_settings(index=name, settings=settings)
        # To the disk, before anybody counts on it: until now the log was not synced.
        self.client.indices.flush(index=name)
        self.client.indices.refresh(index=name)

    def _merge(self, name: str, documents: int) -> None:
        """Into few pieces before copies are made: each piece is looked through by itself.

        What is not done when the time is up goes on by itself.
        """
        patient = self.client.options(request_timeout=_MERGING)
        pieces = ceil(max(documents, 1) / _PIECE)
        try:
            patient.indices.forcemerge(index=name, max_num_segments=pieces, flush=False)
        except (ApiError, TransportError) as error:
            logger.info("%s stays in many pieces for now: %s", name, brief(error))

    def point(self, collection: int) -> None:
        """The alias `<prefix>` names the live index, for people and other tools."""
        alias = self.config.prefix
        held: dict[str, Any] = {}
        if self.client.indices.exists_alias(name=alias):
            held = dict(self.client.indices.get_alias(name=alias).body)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": index, "alias": alias}}
            for index in held
            if index != self.name(collection)
        ]
        actions.append({"add": {"index": self.name(collection), "alias": alias}})
        self.client.indices.update_aliases(actions=actions)

    def refresh(self, collection: int) -> None:
        self.client.indices.refresh(index=self.name(collection))

    def drop(self, collection: int) -> None:
        self.client.indices.delete(index=self.name(collection), ignore_unavailable=True)

    def bulk(self, collection: int, items: Sequence[Item]) -> dict[Key, Refusal]:
        """Sends ITEMS; what was refused, each for itself."""
        return self.bulk_into(self.name(collection), items)

    def bulk_into(self, name: str, items: Sequence[Item]) -> dict[Key, Refusal]:
        if not items:
            return {}
        try:
            answer = self.client.bulk(
                index=name,
                operations=b"".join(item.lines for item in items),  # type: ignore[arg-type]
                filter_path=_SAID,
            ).body
        except ApiError as error:
            if error.status_code in BUSY or error.status_code in {401, 403, 404}:
                raise
            # One of them made the server refuse all.
            if len(items) == 1:
                return {items[0].key: refusal_of_request(error)}
            half = len(items) // 2
            return {**self.bulk_into(name, items[:half]), **self.bulk_into(name, items[half:])}
        return _refused(answer, items)

    def versions(self, collection: int) -> Iterator[tuple[Key, int]]:
        """(kind, object id) and version of every document."""
        name = self.name(collection)
        self.client.indices.refresh(index=name)
        pit = self.client.open_point_in_time(index=name, keep_alive="2m")["id"]
        try:
            after = None
            while True:
                answer = self.client.search(
                    pit={"id": pit, "keep_alive": "2m"},
                    size=_PAGE,
                    sort=["_shard_doc"],
                    search_after=after,
                    version=True,
                    source=False,
                    track_total_hits=False,
                    filter_path="hits.hits._id,hits.hits._version,hits.hits.sort",
                ).body
                hits = answer.get("hits", {}).get("hits", [])
                for hit in hits:
                    yield key_of(hit["_id"]), int(hit["_version"])
                if len(hits) < _PAGE:
                    return
                after = hits[-1]["sort"]
        finally:
            self.client.close_point_in_time(id=pit)


def _refused(answer: Any, items: Sequence[Item]) -> dict[Key, Refusal]:
    if not isinstance(answer, dict) or not isinstance(answer.get("errors"), bool):
        raise Rubbish("no answer to a bulk request")
    rows = answer.get("items")
    if not isinstance(rows, list) or len(rows) != len(items):
        raise Rubbish("an answer to other documents")
    refused: dict[Key, Refusal] = {}
    for item, row in zip(items, rows, strict=True):
        [done] = row.values()
        # To delete what is not there is done, too.
        if done["status"] < 300 or (done["status"] == 404 and "error" not in done):
            continue
        refused[item.key] = refusal_of(int(done["status"]), done.get("error"))
    return refused
