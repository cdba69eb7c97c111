from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search import engines, registry
from search.engines import engine
from search.engines.base import Found, Query
from search.engines.elasticsearch.breaker import Breaker
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.models import Collection, Entry, Outbox
from tests.search.faults import Injector, injector
from tests.search.library import Library, NoteSource

# For modules that hold for every engine: `pytestmark = every_engine`.
every_engine = pytest.mark.parametrize(
    "search_engine",
    ["sql", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)],
    indirect=True,
)


class Settled(ElasticsearchEngine):
    """Feeds before it answers, as a worker does within a second; never answers from `sql`."""

    def settle(self) -> None:
        if Outbox.objects.exists():
            self.feed()
            assert not Outbox.objects.exists()
            for collection in Collection.objects.filter(state=Collection.State.LIVE):
                self.indexes.refresh(collection.pk)

    def search(self, query: Query, collection: Collection) -> Found:
        self.settle()
        found = super().search(query, collection)
        assert not found.degraded or not Entry.objects.exists()
        return found

    def complete(self, prefix: str, collection: Collection, limit: int = 5) -> list[str]:
        self.settle()
        return super().complete(prefix, collection, limit)


@pytest.fixture(autouse=True)
def search_engine(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """`sql`, unless a test asks for another one: then a real server with indexes of its own."""
    name: str = getattr(request, "param", "sql")
    if name == "sql":
        yield name
        return
    request.getfixturevalue("on_elasticsearch")
    yield name


@pytest.fixture
def on_elasticsearch(
    elasticsearch_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ElasticsearchEngine]:
    """The site on a real server, with indexes of its own; the engine that answers."""
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL = [elasticsearch_url]
    settings.ELASTICSEARCH_INDEX_PREFIX = f"test-{uuid.uuid4().hex[:12]}"
    # Not what is tested here, and test machines are slow.
    settings.ELASTICSEARCH_TIMEOUT = 30.0
    settings.ELASTICSEARCH_REPLICAS = 0
    monkeypatch.setitem(engines._ENGINES, "elasticsearch", f"{__name__}.Settled")
    engines._engine.cache_clear()
    made: Any = engines.engine()
    yield made
    engines._engine.cache_clear()
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        for name in client.indices.get(index=f"{settings.ELASTICSEARCH_INDEX_PREFIX}-*"):
            client.indices.delete(index=name)


@pytest.fixture
def library(db: None, search_engine: str) -> Iterator[Library]:
    source = NoteSource()
    registry._sources["note"] = source
    yield Library(source)
    registry.unregister("note")


# Faults

# Of a server that answers; test machines are slow.
TIMEOUT = 30.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(settings: Any, clock: Clock) -> Iterator[Any]:
    """Puts the site on Elasticsearch at an address; breakers go by CLOCK."""

    def on(url: str, fallback: str = "full", timeout: float = TIMEOUT) -> ElasticsearchEngine:
        settings.SEARCH_ENGINE = "elasticsearch"
        settings.SEARCH_FALLBACK = fallback
        settings.ELASTICSEARCH_URL = [url]
        settings.ELASTICSEARCH_TIMEOUT = timeout
        settings.ELASTICSEARCH_REPLICAS = 0
        settings.ELASTICSEARCH_INDEX_PREFIX = f"test-{uuid.uuid4().hex[:12]}"
        engines._engine.cache_clear()
        made: Any = engine()
        made.breaker = Breaker(clock=clock)
        made.feeding = Breaker(clock=clock)
        return made  # type: ignore[no-any-return]

    engines._engine.cache_clear()
    yield on
    engines._engine.cache_clear()


@pytest.fixture
def faulty() -> Iterator[Injector]:
    with injector() as server:
        yield server


@pytest.fixture
def proxy(elasticsearch_url: str, site: Any) -> Iterator[Injector]:
    """The site on a real server, through the injector."""
    with injector(elasticsearch_url) as server:
        made = site(server.url)
        yield server
        prefix = made.config.prefix
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        for name in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=name)
