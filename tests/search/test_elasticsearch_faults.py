"""Elasticsearch absent, slow or mad: the site answers from `sql`, with a note (R6)."""

from __future__ import annotations

from typing import Any

import certifi
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from search import tasks
from search.engines import engine
from search.engines.elasticsearch import outbox
from search.engines.elasticsearch.breaker import Breaker
from search.models import Outbox
from search.query import find, suggest
from tests.search.conftest import Clock
from tests.search.faults import Injector
from tests.search.library import Library
from tests.servers import closed_port

pytestmark = pytest.mark.django_db

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
    # The slow one never answers.
    site(faulty.url, timeout=0.5)
    faulty.mode = mode
    library.add("Mailbox quota", "Quotas of mailboxes.")
    found = find("mailbox quota", viewer=None, facets=True)
    assert len(faulty.asked) <= 1
    assert [hit.title for hit in found.hits] == ["Mailbox quota"]
    assert found.degraded
    assert found.facets["kind"][0].count == 1
    assert [hit.title for hit in suggest("mail", viewer=None)] == ["Mailbox quota"]


@pytest.mark.parametrize("mode", ["400", "401", "403", "404", "429", "500", "502", "503", *RUBBISH])
def test_whatever_it_answers_is_no_error(
    library: Library, site: Any, faulty: Injector, mode: str, caplog: Any
) -> None:
    site(faulty.url)
    faulty.mode = mode
    library.add("Mailbox quota")
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (1, True)
    tasks.feed()
    assert Outbox.objects.count() == 1
    # A reason quotes what people wrote or searched for.
    assert "injected" not in caplog.text


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
    assert health["is_in_doubt"]


def test_an_older_version_never_takes_the_place_of_a_newer(db: None) -> None:
    """A comparison that read an entry before it changed comes late (bench/faults.py found it)."""
    outbox.put([("note", "1", 7)])
    outbox.put([("note", "1", 5), ("note", "2", 5)])
    assert dict(Outbox.objects.values_list("object_id", "version")) == {"1": 7, "2": 5}


def test_what_changes_while_it_is_fed_stays_to_be_fed(db: None) -> None:
    """R6: a change between the sending and the end of a round (bench/faults.py found one lost)."""
    outbox.put([("note", "1", 5), ("note", "2", 5)])
    rows = outbox._due(timezone.now())
    changed: list[str] = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        # Whoever writes waits for a transaction; before it, there is time.
        if not changed and len(connection.savepoint_ids) == savepoints:
            changed.append(sql)
            Outbox.objects.filter(object_id="1").update(version=7)
        return execute(sql, *rest)

    savepoints = len(connection.savepoint_ids)
    with connection.execute_wrapper(meanwhile):
        outbox._finish(rows, {row.key: 5 for row in rows}, {})
    assert changed
    assert dict(Outbox.objects.values_list("object_id", "version")) == {"1": 7}


def test_a_deletion_by_condition_is_one_statement(db: None) -> None:
    """Who listens to the deletion of all models makes Django read first and delete what it read."""
    outbox.put([("note", "1", 5)])
    with CaptureQueriesContext(connection) as queries:
        Outbox.objects.filter(version=5).delete()
    assert len([query for query in queries if "search_outbox" in query["sql"]]) == 1


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
