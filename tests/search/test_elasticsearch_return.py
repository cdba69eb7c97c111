"""Elasticsearch full, red, lost or killed, with a real server: the index catches up (R6)."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from elasticsearch import ApiError, Elasticsearch

import search
from search import tasks
from search.engines import engine
from search.engines.elasticsearch import encoding, mapping
from search.models import Collection, Entry, Outbox
from search.projection import live
from search.query import find
from tests.conftest import absent
from tests.search.conftest import Clock
from tests.search.faults import Injector
from tests.search.library import Library
from tests.servers import services

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def converge() -> None:
    Outbox.objects.update(due_at=timezone.now())
    tasks.feed()
    made: Any = engine()
    made.indexes.refresh(live().pk)


def test_what_is_hidden_is_not_even_counted_before_it_is_fed(
    library: Library, proxy: Injector
) -> None:
    """SE-03: the index still has it; hits, totals, filters and spelling do not."""
    hidden = [library.add(f"Mailbox xylobuzz {number}") for number in range(8)]
    library.add("Mailbox kept")
    converge()
    assert find("xylobuzz", viewer=None).total == 8
    assert find("xylobuz", viewer=None).suggestion == "xylobuzz"
    for pk in hidden[:4]:
        library.withdraw(pk)
    for pk in hidden[4:]:
        library.change(pk, tokens=frozenset({"staff"}))
    assert Outbox.objects.count() == 8
    found = find("mailbox", viewer=None, facets=True)
    assert (found.total, len(found.hits), found.degraded) == (1, 1, False)
    assert [facet.count for facet in found.facets["kind"]] == [1]
    gone = find("xylobuz", viewer=None)
    assert (gone.total, gone.suggestion, gone.unmatched) == (0, "", ["xylobuz"])
    assert engine().complete("xylo", live()) == []


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


def test_a_red_index_is_stood_in_for(
    library: Library, proxy: Injector, elasticsearch_url: str
) -> None:
    library.add("Mailbox")
    converge()
    made: Any = engine()
    name = made.indexes.name(live().pk)
    rule = "index.routing.allocation.require._name"
    body = mapping.body(0)
    body["settings"][rule] = "nobody"
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.delete(index=name)
        # Made anew: a shard that has been somewhere is brought back there in spite of all rules.
        client.indices.create(index=name, body=body, wait_for_active_shards=0)
        await_red(client, name)
        with pytest.raises(ApiError) as failed:
            client.search(index=name)
        assert failed.value.status_code == 503
        found = find("mailbox", viewer=None)
        assert (found.total, found.degraded) == (1, True)
        client.indices.put_settings(index=name, settings={rule: None})
        client.cluster.health(index=name, wait_for_status="green", timeout="60s")
    assert search.projection.reconcile(live()) == 1
    converge()
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (1, False)


def await_red(client: Elasticsearch, name: str) -> None:
    """A new shard counts as yellow until the server has tried to find a place for it."""
    until = time.monotonic() + 60
    while client.cluster.health(index=name)["status"] != "red":
        assert time.monotonic() < until, "the index does not get red"
        time.sleep(0.05)


def test_one_bad_document_holds_up_no_other(
    library: Library, proxy: Injector, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """Refused by the real server, which quotes what it refuses, or not even analysed here."""
    encode = encoding.encode

    def poisoned(document: Any, *rest: Any) -> dict[str, Any]:
        if "explodes" in document.title:
            raise RecursionError("my secret title")
        made = encode(document, *rest)
        if "private" in document.title:
            return {**made, "changed": "my secret date"}
        return {**made, "surprise": 1} if "poison" in document.title else made

    monkeypatch.setattr(encoding, "encode", poisoned)
    for number in range(4):
        library.add(f"Mailbox {number}")
    library.add("Mailbox poison")
    library.add("Mailbox private", tokens=frozenset({"staff"}))
    library.add("Mailbox explodes")
    converge()
    refused = list(Outbox.objects.order_by("pk"))
    assert [row.error for row in refused[:2]] == [
        "strict_dynamic_mapping_exception",
        "document_parsing_exception for illegal_argument_exception: changed",
    ]
    assert re.fullmatch(r"RecursionError in test_elasticsearch_return\.py:\d+", refused[2].error)
    assert "document_parsing_exception" in caplog.text
    assert "secret" not in caplog.text
    assert all(row.attempts == 1 for row in refused)
    assert all(row.due_at > timezone.now() + timedelta(seconds=30) for row in refused)
    found = find("mailbox", viewer=None)
    assert (found.total, found.degraded) == (4, False)
    health = engine().health()
    assert (health["refused"], health["lag_seconds"]) == (3, 0)
    monkeypatch.undo()


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


def test_what_comes_back_while_a_rebuild_compares_is_in_the_new_index(
    library: Library, proxy: Injector, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """Hidden when the entries are looked through, shown again and fed before it is taken out."""
    pk = library.add("Mailbox again")
    gone = library.add("Mailbox gone")
    converge()
    note = library.source.documents[pk]
    remote: Any = type(engine().layers()[-1])
    versions, remove = remote.versions, remote.remove

    def hide(self: Any, collection: Collection) -> Any:
        there = versions(self, collection)
        library.withdraw(pk)
        library.withdraw(gone)
        return there

    def show(self: Any, keys: Any, collection: Collection, *more: Any) -> None:
        if collection.state == Collection.State.BUILDING:
            library.source.documents[pk] = note
            library.change(pk)
            tasks.feed()
        remove(self, keys, collection, *more)

    monkeypatch.setattr(remote, "versions", hide)
    monkeypatch.setattr(remote, "remove", show)
    search.rebuild()
    monkeypatch.undo()
    made: Any = engine()
    made.indexes.refresh(live().pk)
    found = find("mailbox", viewer=None)
    assert ([hit.title for hit in found.hits], found.degraded) == (["Mailbox again"], False)
    assert "refused" not in caplog.text
    assert search.projection.reconcile(live()) == 0


def test_an_index_that_was_filled_is_put_into_one_piece(library: Library, proxy: Injector) -> None:
    """Before copies are made; a server that does not do it is asked in many pieces."""
    pks = [library.add(f"Mailbox {number}") for number in range(3)]
    converge()
    made: Any = engine()
    new = Collection.objects.create(state=Collection.State.SCRATCH)
    made.indexes.create(new.pk, is_filling=True)
    for pk in pks:
        made.layers()[-1].index([library.source.documents[pk]], new)

    def pieces() -> int:
        found = made.indexes.client.indices.segments(index=made.indexes.name(new.pk)).body
        [[shard]] = found["indices"][made.indexes.name(new.pk)]["shards"].values()
        return len(shard["segments"])

    assert pieces() == 3
    proxy.refused = "_forcemerge"
    made.indexes.settle(new.pk, len(pks))
    assert pieces() == 3
    proxy.refused = ""
    made.indexes.settle(new.pk, len(pks))
    assert pieces() == 1
    engine().drop(new)


def test_a_stale_write_is_refused_and_a_clock_that_went_ahead_is_overtaken(
    library: Library, proxy: Injector
) -> None:
    pk = library.add("Mailbox now")
    converge()
    made: Any = engine()
    collection = live()
    ahead = timezone.now() + timedelta(hours=1)
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
        touched_at=timezone.now() - timedelta(days=1)
    )
    tasks.tidy()
    assert Collection.objects.get().pk == live().pk
    made: Any = engine()
    assert list(made.indexes.client.indices.get_alias(name=made.config.prefix)) == [
        made.indexes.name(live().pk)
    ]


def test_a_node_killed_and_started_again(library: Library, site: Any, clock: Clock) -> None:
    """kill -9 of a real server; all changes made meanwhile are there after its return."""
    servers = services()
    if problem := servers.no_elasticsearch():
        absent(problem)
    with servers.Elasticsearch() as own:
        made = site(own.url)
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
