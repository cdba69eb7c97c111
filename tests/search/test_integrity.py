"""`check_integrity` on pins, counts, the outbox and vectors: found, said and mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from search import integrity, tasks
from search.models import Entry, Outbox, Vector
from search.models_editing import Pin, QueryClick, QueryCount
from search.query import find
from search.semantic import encoder
from search.semantic.tasks import embed
from tests.search.faults import Injector
from tests.search.library import Library

pytestmark = pytest.mark.django_db


def findings() -> list[str]:
    return [line for _, lines in integrity.checks() for line in lines]


def test_pins_that_lead_to_nothing(library: Library) -> None:
    hidden, gone = library.add("Kestrel hidden"), library.add("Kestrel gone")
    for object_id in (hidden, gone):
        Pin.objects.create(queries="kestrel", kind="note", object_id=object_id)
    Pin.objects.create(queries="kestrel", kind="forgotten", object_id="x")
    Pin.objects.create(queries="old", kind="note", object_id="x", is_active=False)
    Pin.objects.create(queries="over", kind="note", object_id="x", ends_at=timezone.now())
    assert len(findings()) == 1
    library.withdraw(hidden)
    library.withdraw(gone)
    library.source.model.objects.get(pk=gone).delete()
    pk = Pin.objects.get(object_id=hidden).pk
    assert f"pin {pk} (kestrel): note {hidden} cannot be found" in findings()
    assert [line.endswith("is gone") for line in findings()] == [False, True, True]
    integrity.repair()
    # An editor's choice for what may come back is an editor's to undo.
    assert [line.endswith("cannot be found") for line in findings()] == [True]
    assert Pin.objects.filter(is_active=True).exclude(queries="over").get().object_id == hidden


def test_counts_of_which_a_part_is_larger_than_the_whole(db: None) -> None:
    day = timezone.now().date()
    right = QueryCount.objects.create(
        day=day, language="en", text="right", searches=2, clicks=3, answered=2
    )
    # What only some may see is in the clicks, but is no row.
    QueryClick.objects.create(count=right, kind="note", object_id="1", clicks=2, helpful=2)
    assert findings() == []
    wrong = QueryCount.objects.create(
        day=day, language="en", text="wrong", searches=1, clicks=1, empty=2, filtered=2
    )
    for object_id in ("1", "2"):
        QueryClick.objects.create(
            count=wrong, kind="note", object_id=object_id, clicks=2, helpful=3
        )
    assert len(findings()) == 4
    assert integrity.repair() == 4
    assert findings() == []
    wrong.refresh_from_db()
    assert (wrong.clicks, wrong.empty, wrong.filtered) == (4, 1, 1)
    assert set(wrong.clicked.values_list("clicks", "helpful")) == {(2, 2)}


def test_what_waits_for_elasticsearch_too_long(
    library: Library,
    site: Any,
    faulty: Injector,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    site(faulty.url)
    library.add("Mailbox")
    late = library.add("Mailbox late")
    assert findings() == ["the index cannot be asked: ApiError"]
    Outbox.objects.filter(object_id=late).update(
        created_at=timezone.now() - timedelta(days=2),
        due_at=timezone.now() + timedelta(hours=5),
        error="document_parsing_exception: changed",
    )
    [_, line] = findings()
    assert line.startswith(f"note {late} has been refused (document_parsing_exception: changed)")
    with django_capture_on_commit_callbacks(execute=True):
        assert integrity._resend() == 1
        assert integrity._resend() == 1
    assert Outbox.objects.filter(due_at__lte=timezone.now()).count() == 2
    # One round takes all there is, also what the two changes have woken one for.
    rounds = DBTaskResult.objects.filter(task_path=tasks.feed.module_path)
    assert rounds.count() == 1


def test_nothing_waits_for_elasticsearch_where_there_is_none(library: Library) -> None:
    Outbox.objects.create(kind="note", object_id="1", version=1)
    Outbox.objects.create(
        kind="note", object_id="2", version=1, created_at=timezone.now() - timedelta(days=2)
    )
    assert [line.split(" has")[0] for line in findings()] == ["note 2"]
    integrity.repair()
    assert findings() == []


def test_vectors_of_an_older_text(library: Library, settings: Any) -> None:
    settings.SEARCH_SEMANTIC = True
    assert encoder.is_on(), "requirements/dev.txt holds the extra"
    pk = library.add("Mailbox quota")
    long_ago = timezone.now() - timedelta(hours=2)
    Entry.objects.update(indexed_at=long_ago)
    # A site that begins with the extra has none yet.
    assert Vector.objects.count() == 0
    embed()
    Entry.objects.update(title="Mailbox rules")
    outdated = f"note {pk}: its vectors are of an older text"
    assert outdated in findings()
    integrity.semantic.repair()
    embed()
    assert outdated not in findings()
    library.change(pk, title="Mailbox habits")
    assert findings() == [], "a worker is given some time"


def test_the_command_mends_what_can_be_mended(library: Library) -> None:
    pk = library.add("Kestrel")
    Entry.objects.filter(object_id=pk).delete()
    with pytest.raises(CommandError):
        call_command("check_integrity", quiet=True, stdout=StringIO())
    said = StringIO()
    call_command("check_integrity", quiet=True, repair=True, stdout=said)
    assert said.getvalue().endswith("No findings.\n")
    assert find("kestrel", viewer=None).total == 1


def test_entries_that_say_something_else_than_their_things(
    library: Library, django_assert_max_num_queries: Any
) -> None:
    pks = [library.add(f"Heron {number}", "grey") for number in range(5)]
    right: dict[str, Any] = {"state": "old", "demoted": True, "solved": True}
    library.source.documents[pks[0]] = replace(library.source.documents[pks[0]], **right)
    library.source.documents[pks[1]] = replace(
        library.source.documents[pks[1]], title="Egret", url="/notes/egret", body="white"
    )
    staff = frozenset({"staff"})
    library.source.documents[pks[2]] = replace(library.source.documents[pks[2]], tokens=staff)
    said = "out of date in the entry:"
    assert findings() == [
        f"note {pks[0]}: {said} solved, state, demoted",
        f"note {pks[1]}: {said} title, body, url",
        f"note {pks[2]}: {said} is_public, tokens",
    ]
    assert integrity.repair() == 3
    assert findings() == []
    assert Entry.objects.get(object_id=pks[0]).demoted
    for number in range(5):
        library.add(f"Crane {number}")
    # Its things, their entries and the tokens: three a batch, however many there are.
    with django_assert_max_num_queries(4):
        assert list(integrity._out_of_date(library.source)) == []
