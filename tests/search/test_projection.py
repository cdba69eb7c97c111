"""Entries and the live index follow the things they show (SE-01, SE-15)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import search
from ideas.models import Idea
from products.models import Product
from search import integrity, tasks
from search.analysis.queries import query_words
from search.engines import engine
from search.engines.base import Query
from search.models import Collection, Entry, Term
from search.projection import Busy, is_left_behind, live, store
from search.query import find
from search.registry import Document
from tests.cast import Cast
from tests.ideas.factories import make_idea
from tests.search.library import Library

pytestmark = pytest.mark.django_db


def test_a_stored_document_is_found_at_once() -> None:
    document = Document(
        kind="note", object_id="1", title="Reset a password", url="/n/1", body="Open the console."
    )
    engine().index(store([document]), live())
    words, pairs = query_words("password reset", ("en",))
    found = engine().search(Query(words=words, pairs=pairs), live())
    assert [hit.object_id for hit in found.hits] == ["1"]
    assert found.total == 1
    assert Collection.objects.count() == 1


def faults() -> list[str]:
    return [fault for _, found in integrity.checks() for fault in found if "note" in fault]


def test_integrity_finds_and_repairs_what_differs(library: Library) -> None:
    """SE-15: entries, their tokens and the index, each against the one before."""
    kept = library.add("Kept")
    gone = library.add("Gone")
    late = library.add("Late")
    assert faults() == []
    Entry.objects.filter(object_id=kept).delete()
    library.source.documents[late] = replace(
        library.source.documents[late], tokens=frozenset({"staff"})
    )
    del library.source.documents[gone]
    assert len(faults()) == 4
    assert integrity.repair() > 0
    assert faults() == []
    assert [hit.title for hit in find("kept gone late", viewer=None).hits] == ["Kept"]


def test_the_nightly_work_changes_no_answer(library: Library) -> None:
    for number in range(5):
        library.add(f"Mailbox {number}", "quota " * number)
    before = [(hit.object_id, hit.score) for hit in find("mailbox quota", viewer=None).hits]
    tasks.refresh_statistics()
    tasks.tidy()
    assert Term.objects.get(key="x:mailbox").df == 5
    assert [(hit.object_id, hit.score) for hit in find("mailbox quota", viewer=None).hits] == before


@pytest.mark.parametrize("how", ["one", "by condition"])
def test_what_is_deleted_leaves_search_with_it(cast: Cast, how: str) -> None:
    """Each registered kind, however its rows are deleted."""
    idea = make_idea(cast.mia, "Kestrel for all")
    entries = Entry.objects.filter(kind="idea", object_id=str(idea.pk))
    assert entries.exists()
    if how == "one":
        idea.delete()
    else:
        Idea.objects.filter(title="Kestrel for all").delete()
    assert not entries.exists()
    assert find("kestrel", viewer=None).total == 0
    assert faults() == []


def test_a_second_rebuild_at_the_same_time_is_refused(library: Library) -> None:
    Collection.objects.create(state=Collection.State.BUILDING)
    with pytest.raises(CommandError):
        call_command("rebuild_search")


def test_a_rebuild_that_died_is_swept_away(library: Library) -> None:
    library.add("Mailbox")
    long_ago = timezone.now() - timedelta(hours=9)
    Collection.objects.create(state=Collection.State.BUILDING, touched_at=long_ago)
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert "1 entries" in out.getvalue()
    assert Collection.objects.count() == 1


def test_a_rebuild_whose_process_was_killed_is_no_obstacle(library: Library) -> None:
    """Neither for the next one, seconds later, nor for the nightly work."""
    library.add("Mailbox")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    owner = f"{socket.gethostname()[:40]}:{dead.pid}:abcdef"
    Collection.objects.create(state=Collection.State.BUILDING, owner=owner)
    search.rebuild()
    Collection.objects.create(state=Collection.State.BUILDING, owner=owner)
    tasks.tidy()
    assert Collection.objects.get() == live()
    alive = f"{socket.gethostname()[:40]}:{os.getppid()}:abcdef"
    Collection.objects.create(state=Collection.State.BUILDING, owner=alive)
    tasks.tidy()
    with pytest.raises(Busy):
        search.rebuild()


def test_a_rebuild_that_reads_for_long_is_not_taken_for_dead(library: Library) -> None:
    """Also while it reads things, which comes before it fills the index."""
    library.add("Mailbox")
    seen: list[bool] = []

    def look(stage: str, done: int, total: int) -> None:
        building = Collection.objects.get(state=Collection.State.BUILDING)
        seen.append(is_left_behind(building, timedelta(minutes=10)))
        Collection.objects.update(touched_at=timezone.now() - timedelta(hours=1))

    search.rebuild(progress=look)
    assert seen
    assert not any(seen)


def test_a_failed_rebuild_leaves_the_live_collection(library: Library) -> None:
    pk = library.add("Mailbox")
    library.source.documents[pk] = None  # type: ignore[assignment]
    library.source.document = lambda obj: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        search.rebuild()
    assert Collection.objects.get().state == Collection.State.LIVE


def test_a_word_that_no_text_has_any_more_is_forgotten(library: Library) -> None:
    """A password that was taken out of a text stands in no table after the night."""
    secret = library.add("Reset the mailbox", "The password was hunter2swordfish.")
    library.add("Reset the calendar")
    assert Term.objects.filter(key__contains="hunter2swordfish").exists()
    library.change(secret, body="The password was taken out.")
    tasks.refresh_statistics()
    assert not Term.objects.filter(key__contains="hunter2swordfish").exists()
    assert find("reset calendar", viewer=None).hits[0].title == "Reset the calendar"


def test_a_product_that_something_is_about_is_switched_off_and_not_deleted(
    library: Library, cast: Cast, sign_in: Callable[..., Client], site_tree: None
) -> None:
    """Its code would stay in entries, filters and addresses. An error of the database is a sentence."""
    used, unused, wanted = (
        Product.objects.create(code=code, names={"en": f"Product {code}"}) for code in "abc"
    )
    library.add("Mailbox", product="a")
    make_idea(cast.mia, "An idea", product=wanted)
    Entry.objects.filter(kind="idea").delete()
    client = sign_in(cast.root)
    for product, status, words in (
        (used, 409, "Switch it off instead"),
        (wanted, 409, "still used"),
        (unused, 302, ""),
    ):
        address = (
            reverse("wagtail_bulk_action", args=["products", "product", "delete"])
            + f"?id={product.pk}"
        )
        response = client.post(address)
        assert response.status_code == status
        assert words in response.text
    assert set(Product.objects.filter(code__in="abc").values_list("code", flat=True)) == {"a", "c"}


def test_what_has_changed_since_it_was_compared_is_not_taken_out(library: Library) -> None:
    """Hidden when the entries were looked through, and shown again before it is taken out."""
    again, gone = library.add("Mailbox again"), library.add("Mailbox gone")
    keys = [("note", again), ("note", gone)]
    [tables] = engine().layers()
    seen = tables.versions(live())
    library.change(again, body="Shown again.")
    tables.remove(keys, live(), seen)
    assert [hit.title for hit in find("mailbox", viewer=None).hits] == ["Mailbox again"]
    tables.remove(keys, live())
    assert not find("mailbox", viewer=None).hits
