"""Elasticsearch absent, slow, red, full or mad: the site answers, and the index catches up (R6)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import certifi
import pytest
from django.test import Client
from django.utils import timezone
from elasticsearch import Elasticsearch

import search
from search import engines, tasks
from search.engines import engine
from search.engines.elasticsearch import encoding
from search.engines.elasticsearch.breaker import Breaker
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.models import Collection, Entry, Outbox
from search.projection import live
from search.query import find, suggest
from tests.conftest import absent
from tests.search.faults import Injector, injector
from tests.search.library import Library
from tests.servers import closed_port, services

pytestmark = pytest.mark.django_db
TIMEOUT = 0.5


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
        made = site(server.url, timeout=10.0)
        yield server
        prefix = made.config.prefix
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        for name in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=name)


def converge() -> None:
    Outbox.objects.update(due_at=timezone.now())
    tasks.feed()
    made: Any = engine()
    made.indexes.refresh(live().pk)


RUBBISH = [
    "[]",
    "null",
    '"text"',
    "{}",
    '{"took": 1, "timed_out": false}',
    '{"took": 1, "timed_out": true, "hits": {"total": {"value": 0}, "hits": []}}',
    '{"timed_out": false, "hits": {"total": {"value": 1}, "hits": {}}, "aggregations": {}}',
    '{"timed_out": false, "aggregations": {"public": {"languages": {"buckets": 3}}}}',
    '{"timed_out": false, "aggregations": null, "hits": null}',
]


@pytest.mark.parametrize("mode", ["slow", "cut", "hangup", "not json", "not elasticsearch"])
def test_a_server_that_fails_is_stood_in_for(
    library: Library, site: Any, faulty: Injector, mode: str
) -> None:
    site(faulty.url)
    faulty.mode = mode
    library.add("Mailbox quota", "Quotas of mailboxes.")
    began = time.perf_counter()
    found = find("mailbox quota", viewer=None, facets=True)
    assert time.perf_counter() - began < TIMEOUT + 1.5
    assert [hit.title for hit in found.hits] == ["Mailbox quota"]
    assert found.degraded
    assert found.facets["kind"][0].count == 1
    assert [hit.title for hit in suggest("mail", viewer=None)] == ["Mailbox quota"]


@pytest.mark.parametrize("mode", ["400", "401", "403", "404", "429", "500", "502", "503", *RUBBISH])
def test_whatever_it_answers_is_no_error(
    library: Library, site: Any, faulty: Injector, mode: str
) -> None:
    site(faulty.url)
    faulty.mode = mode
    library.add("Mailbox quota")
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (1, True)
    tasks.feed()
    assert Outbox.objects.count() == 1


def test_an_absent_server_costs_no_page_and_no_change(library: Library, site: Any) -> None:
    site(f"http://127.0.0.1:{closed_port()}")
    pk = library.add("Mailbox quota")
    library.change(pk, title="Mailbox rules")
    library.withdraw(library.add("Gone"))
    response = Client().get("/search", {"q": "mailbox"}, follow=True)
    assert response.status_code == 200
    assert b"Mailbox" in response.content
    assert find("rules", viewer=None).degraded
    tasks.feed()
    assert Outbox.objects.count() == 2
    health = Client().get("/readyz").json()["parts"]["search"]
    assert health["waiting"] == 2
    assert not health["is_away"]


def test_the_breaker_opens_after_five_failures_and_looks_each_half_minute(
    library: Library, site: Any, faulty: Injector, clock: Clock
) -> None:
    site(faulty.url)
    library.add("Mailbox")
    for number in range(9):
        assert find("mailbox", viewer=None).total == 1
        assert len(faulty.asked) == min(number + 1, 5)
    assert engine().health()["is_away"]
    clock.now += 29
    find("mailbox", viewer=None)
    assert len(faulty.asked) == 5
    clock.now += 2
    for _ in range(3):
        find("mailbox", viewer=None)
    assert len(faulty.asked) == 6
    clock.now += 31
    find("mailbox", viewer=None)
    assert len(faulty.asked) == 7


def test_a_query_that_is_refused_does_not_open_the_breaker(
    library: Library, site: Any, faulty: Injector
) -> None:
    site(faulty.url)
    faulty.mode = "400"
    library.add("Mailbox")
    for _ in range(8):
        assert find("mailbox", viewer=None).total == 1
    assert not engine().health()["is_away"]


def test_one_success_closes_the_breaker() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, pause=30, clock=clock)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now += 30
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert not breaker.is_open


def test_how_much_the_tables_keep(library: Library, site: Any) -> None:
    """SEARCH_FALLBACK: all terms, those of titles, or nothing."""
    url = f"http://127.0.0.1:{closed_port()}"
    for mode, found in (("full", {"quota", "mailbox"}), ("titles", {"mailbox"}), ("none", set())):
        site(url, fallback=mode)
        pk = library.add("Mailbox", "About a quota.")
        seen = {word for word in ("quota", "mailbox") if find(word, viewer=None).total}
        assert seen == found, mode
        library.withdraw(pk)
    with pytest.raises(ValueError, match="SEARCH_FALLBACK"):
        site(url, fallback="some")


def test_keys_and_certificates_reach_the_server(
    site: Any, settings: Any, faulty: Injector, library: Library
) -> None:
    settings.ELASTICSEARCH_API_KEY = "aWQ6a2V5"
    site(faulty.url)
    library.add("Mailbox")
    find("mailbox", viewer=None)
    assert faulty.headers[-1]["authorization"] == "ApiKey aWQ6a2V5"
    settings.ELASTICSEARCH_CA_CERTS = certifi.where()
    made = site("https://search.example:9200")
    [node] = made.client.transport.node_pool.all()
    assert node.config.ca_certs == certifi.where()
    assert node.config.verify_certs is True
    assert (node.config.scheme, node.config.host, node.config.port) == (
        "https",
        "search.example",
        9200,
    )


# With a real server behind the injector


@pytest.mark.elasticsearch
def test_all_changes_arrive_after_an_absence(library: Library, proxy: Injector) -> None:
    kept, changed, gone = (library.add(f"Mailbox {word}") for word in ("kept", "old", "gone"))
    converge()
    assert not find("mailbox", viewer=None).degraded
    proxy.mode = "503"
    library.change(changed, title="Mailbox new")
    library.change(changed, title="Mailbox newest")
    library.withdraw(gone)
    added = library.add("Mailbox added")
    library.withdraw(library.add("Never there"))
    tasks.feed()
    assert find("mailbox", viewer=None).degraded
    assert find("mailbox", viewer=None).total == 3
    assert Outbox.objects.count() == 4
    proxy.mode = "pass"
    tasks.feed()
    assert not Outbox.objects.exists()
    made: Any = engine()
    entries = {("note", entry.object_id): entry for entry in Entry.objects.all()}
    assert (
        set(made.versions(live()))
        == set(entries)
        == {("note", pk) for pk in (kept, changed, added)}
    )
    assert search.projection.reconcile(live()) == 0
    assert {hit.title for hit in find("mailbox", viewer=None).hits} == {
        "Mailbox kept",
        "Mailbox newest",
        "Mailbox added",
    }
    assert not find("mailbox", viewer=None).degraded


@pytest.mark.elasticsearch
def test_a_full_disk_stops_feeding_only(
    library: Library, proxy: Injector, elasticsearch_url: str
) -> None:
    """429 for each document, as the real server gives it; nothing is lost."""
    library.add("Mailbox first")
    converge()
    made: Any = engine()
    name = made.indexes.name(live().pk)
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        block = "index.blocks.read_only_allow_delete"
        client.indices.put_settings(index=name, settings={block: True})
        library.add("Mailbox second")
        tasks.feed()
        [row] = Outbox.objects.all()
        assert (row.attempts, row.error) == (1, "")
        # Soon enough that all is there two minutes after the disk has room again.
        assert 0 < (row.due_at - timezone.now()).total_seconds() < 60
        found = find("mailbox", viewer=None)
        assert (found.total, found.degraded) == (1, False)
        client.indices.put_settings(index=name, settings={block: None})
    converge()
    assert find("mailbox", viewer=None).total == 2
    assert not Outbox.objects.exists()


@pytest.mark.elasticsearch
def test_a_red_index_is_stood_in_for(
    library: Library, proxy: Injector, elasticsearch_url: str
) -> None:
    library.add("Mailbox")
    converge()
    made: Any = engine()
    name = made.indexes.name(live().pk)
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        rule = "index.routing.allocation.require._name"
        client.indices.close(index=name)
        client.indices.put_settings(index=name, settings={rule: "nobody"})
        client.indices.open(index=name, wait_for_active_shards=0)
        assert client.cluster.health(index=name)["status"] == "red"
        found = find("mailbox", viewer=None)
        assert (found.total, found.degraded) == (1, True)
        client.indices.put_settings(index=name, settings={rule: None})
        client.cluster.health(index=name, wait_for_status="green")
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (1, False)


@pytest.mark.elasticsearch
def test_one_bad_document_holds_up_no_other(
    library: Library, proxy: Injector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by the real server for a field it does not know, or not even analysed here."""
    encode = encoding.encode

    def poisoned(document: Any, *rest: Any) -> dict[str, Any]:
        if "explodes" in document.title:
            raise RecursionError
        made = encode(document, *rest)
        return {**made, "surprise": 1} if "poison" in document.title else made

    monkeypatch.setattr(encoding, "encode", poisoned)
    for number in range(4):
        library.add(f"Mailbox {number}")
    library.add("Mailbox poison")
    library.add("Mailbox explodes")
    converge()
    refused = list(Outbox.objects.all())
    assert len(refused) == 2
    assert all(row.error and row.attempts == 1 for row in refused)
    assert all(row.due_at > timezone.now() + timezone.timedelta(seconds=30) for row in refused)
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (4, False)
    health = engine().health()
    assert (health["refused"], health["lag_seconds"]) == (2, 0)
    monkeypatch.undo()


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: {**answer, "hits": None},
        lambda answer: {**answer, "aggregations": {}},
        lambda answer: _each(answer, lambda hit: {**hit, "fields": {}}),
        lambda answer: _each(answer, lambda hit: {**hit, "sort": ["NaN", None]}),
        lambda answer: _each(answer, lambda hit: {**hit, "sort": [float("1e300") * 10, 1]}),
        lambda answer: _field(answer, "kind", [7]),
        lambda answer: _field(answer, "object_id", []),
        lambda answer: _field(answer, "words", ["????"]),
        lambda answer: _field(answer, "words", ["AAAA"]),
        lambda answer: _field(answer, "words", ["/////w=="]),
        lambda answer: _field(answer, "factor", ["many"]),
    ],
)
def test_spoilt_answers_are_stood_in_for(library: Library, proxy: Injector, spoil: Any) -> None:
    library.add("Mailbox quota", "About quotas of mailboxes.")
    converge()
    assert not find("mailbox quota", viewer=None).degraded
    proxy.spoil = spoil
    found = find("mailbox quota", viewer=None)
    assert [hit.title for hit in found.hits] == ["Mailbox quota"]
    assert found.degraded


@pytest.mark.elasticsearch
def test_hits_that_do_not_exist_are_not_shown(library: Library, proxy: Injector) -> None:
    library.add("Mailbox")
    converge()
    for kind, object_id in (("note", "999999"), ("nothing", "1"), ("note", "x")):
        proxy.spoil = lambda answer, kind=kind, object_id=object_id: _field(
            _field(answer, "kind", [kind]), "object_id", [object_id]
        )
        found = find("mailbox", viewer=None)
        assert found.hits == [] or found.degraded


def _each(answer: Any, change: Any) -> Any:
    if answer.get("hits", {}).get("hits"):
        answer["hits"]["hits"] = [change(hit) for hit in answer["hits"]["hits"]]
    return answer


def _field(answer: Any, name: str, value: Any) -> Any:
    return _each(answer, lambda hit: {**hit, "fields": {**hit["fields"], name: value}})


@pytest.mark.elasticsearch
def test_an_index_that_is_lost_is_built_anew(
    library: Library, proxy: Injector, elasticsearch_url: str
) -> None:
    library.add("Mailbox")
    converge()
    made: Any = engine()
    with Elasticsearch(elasticsearch_url, request_timeout=30) as client:
        client.indices.delete(index=made.indexes.name(live().pk))
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (1, True)
    library.add("Mailbox second")
    before = live().pk
    tasks.feed()
    tasks.rebuild_index()
    tasks.feed()
    assert live().pk > before
    made.indexes.refresh(live().pk)
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (2, False)
    assert not Outbox.objects.exists()


@pytest.mark.elasticsearch
def test_a_stale_write_is_refused_and_a_clock_that_went_ahead_is_overtaken(
    library: Library, proxy: Injector
) -> None:
    pk = library.add("Mailbox now")
    converge()
    made: Any = engine()
    collection = live()
    ahead = timezone.now() + timezone.timedelta(hours=1)
    Entry.objects.filter(object_id=pk).update(indexed_at=ahead, title="Mailbox ahead")
    search.projection.reconcile(collection)
    converge()
    assert find("ahead", viewer=None).total == 1
    # An older worker comes late: what it brings is not taken.
    stale = encoding.removal(("note", pk), 5)
    refused = made.indexes.bulk(collection.pk, [stale])
    assert refused["note", pk].is_stale
    # A machine whose clock is right changes the thing after one whose clock was not.
    library.change(pk, title="Mailbox later")
    converge()
    assert not Outbox.objects.exists()
    assert find("later", viewer=None).total == 1
    assert find("ahead", viewer=None).total == 0
    library.withdraw(pk)
    converge()
    assert find("mailbox", viewer=None).total == 0
    assert not Outbox.objects.exists()


@pytest.mark.elasticsearch
def test_a_rebuild_that_fails_leaves_the_live_index(library: Library, proxy: Injector) -> None:
    library.add("Mailbox")
    converge()
    before = live().pk
    proxy.mode = "500"
    with pytest.raises(Exception, match="fault"):
        search.rebuild()
    proxy.mode = "pass"
    assert live().pk == before
    assert not find("mailbox", viewer=None).degraded
    assert Collection.objects.exclude(pk=before).count() == 1
    search.rebuild()
    assert live().pk > before
    Collection.objects.filter(state=Collection.State.SCRATCH).update(
        touched_at=timezone.now() - timezone.timedelta(days=1)
    )
    tasks.tidy()
    assert Collection.objects.get().pk == live().pk
    made: Any = engine()
    assert list(made.indexes.client.indices.get_alias(name=made.config.prefix)) == [
        made.indexes.name(live().pk)
    ]


@pytest.mark.elasticsearch
def test_a_node_killed_and_started_again(library: Library, site: Any, clock: Clock) -> None:
    """kill -9 of a real server; all changes made meanwhile are there after its return."""
    servers = services()
    if problem := servers.no_elasticsearch():
        absent(problem)
    with servers.Elasticsearch() as own:
        made = site(own.url, timeout=10.0)
        for number in range(20):
            library.add(f"Mailbox {number}")
        converge()
        assert not find("mailbox", viewer=None).degraded
        own.nodes[0].kill()
        for number in range(20, 40):
            library.add(f"Mailbox {number}")
        for _ in range(7):
            found = find("mailbox", viewer=None)
            assert (found.total, found.degraded) == (40, True)
        tasks.feed()
        assert Outbox.objects.count() == 20
        own.nodes[0].start()
        own.wait()
        clock.now += 31
        converge()
        assert not Outbox.objects.exists()
        assert len(made.versions(live())) == 40
        found = find("mailbox", viewer=None)
        assert (found.total, found.degraded) == (40, False)
