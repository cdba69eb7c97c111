"""The connection: where Elasticsearch is, and what may go wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil
from typing import Any

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.exceptions import HTTP_EXCEPTIONS


class Rubbish(Exception):
    """An answer that no Elasticsearch with our mapping gives."""


class Late(Exception):
    """The time for this search is up."""


# Whatever an answer that is not what was asked for makes the code here raise, too.
FAULTS = (
    ApiError,
    TransportError,
    Rubbish,
    Late,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
)
# Refused for the moment: too busy, disk full, no primary shard.
BUSY = frozenset({408, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Config:
    """What settings say about the server."""

    hosts: tuple[str, ...]
    prefix: str = "peerdesk"
    # Seconds one search may take in all.
    timeout: float = 1.5
    replicas: int = 1
    options: dict[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def from_settings(cls) -> Config:
        options: dict[str, Any] = {}
        if settings.ELASTICSEARCH_CA_CERTS:
            options["ca_certs"] = settings.ELASTICSEARCH_CA_CERTS
        if settings.ELASTICSEARCH_API_KEY:
            options["api_key"] = settings.ELASTICSEARCH_API_KEY
        return cls(
            hosts=tuple(settings.ELASTICSEARCH_URL),
            prefix=settings.ELASTICSEARCH_INDEX_PREFIX,
            timeout=settings.ELASTICSEARCH_TIMEOUT,
            replicas=settings.ELASTICSEARCH_REPLICAS,
            options=options,
        )

    def connect(self) -> Elasticsearch:
        # A node that refuses is left for the next one at once; one that is slow is not waited
        # for twice.
        return Elasticsearch(
            list(self.hosts),
            max_retries=len(self.hosts) - 1,
            retry_on_timeout=False,
            connections_per_node=10,
            **self.options,
        )


@lru_cache(maxsize=500)
def _timed(client: Elasticsearch, tenths: int) -> Elasticsearch:
    """CLIENT with a time limit; kept, because making one costs as much as asking it."""
    return client.options(request_timeout=tenths / 10)


class Asker:
    """Asks one index, and gives up when the time for the whole search is over.

    What is withdrawn is neither found nor counted, although the index still has it.
    """

    def __init__(
        self,
        client: Elasticsearch,
        index: str,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
        withdrawn: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.withdrawn = withdrawn
        self._client = client
        self._index = index
        self._clock = clock
        self._end = clock() + timeout
        # The same in every question, or the server could not know one again.
        self._limit = {"timeout": f"{ceil(timeout * 1000)}ms"}

    def ask(self, body: dict[str, Any], *, everything: bool = False) -> dict[str, Any]:
        """EVERYTHING: as if nothing were withdrawn."""
        answer = self._in_time().search(
            index=self._index,
            body=self._limit | (body if everything else self._without(body)),
            allow_partial_search_results=False,
        )
        return _whole(answer.body)

    def ask_all(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Several questions at once, which the server may answer side by side."""
        if len(bodies) == 1:
            return [self.ask(bodies[0])]
        head = {"index": self._index, "allow_partial_search_results": False}
        lines: list[dict[str, Any]] = []
        for body in bodies:
            lines += [head, self._limit | self._without(body)]
        answer = self._in_time().msearch(searches=lines)
        found = answer.body["responses"]
        if len(found) != len(bodies):
            raise Rubbish("answers to other questions")
        for one in found:
            if "error" in one:
                meta = replace(answer.meta, status=int(one["status"]))
                raise HTTP_EXCEPTIONS.get(meta.status, ApiError)(str(one["error"]), meta, one)
        return [_whole(one) for one in found]

    def _in_time(self) -> Elasticsearch:
        left = self._end - self._clock()
        if left < 0.02:
            raise Late
        return _timed(self._client, ceil(left * 10))

    def _without(self, body: dict[str, Any]) -> dict[str, Any]:
        if not self.withdrawn:
            return body
        query = body.get("query", {"match_all": {}})
        return {**body, "query": {"bool": {"must": query, "must_not": self.withdrawn}}}


def _whole(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.get("timed_out") is not False:
        raise Rubbish("no complete answer")
    return found
