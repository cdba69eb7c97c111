"""Jobs: in the transaction, tried again, recovered from dead workers, on time (architecture 8)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from common.jobs import planned, schedule
from common.plugs import discover
from jobs import health
from jobs.actions import enqueue_due, prune, recover, wake, worker_name
from jobs.models import Schedule
from jobs.running import pause_before
from jobs.testing import drain, failures
from jobs.worker import Worker
from tests.jobs import work
from tests.racing import in_thread, race, racing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The test's connection is the worker's here, and its transaction is to live on.
    monkeypatch.setattr("jobs.worker.close_old_connections", lambda: None)
    work.done.clear()
    discover("schedules")
    before = dict(planned)
    yield
    planned.clear()
    planned.update(before)


def only_row() -> DBTaskResult:
    return DBTaskResult.objects.get()


def test_a_job_runs_after_it_was_enqueued() -> None:
    work.note.enqueue("hello")
    assert work.done == []
    assert drain() == 1
    assert work.done == ["hello"]
    assert only_row().status == "SUCCESSFUL"


def test_a_job_disappears_with_the_transaction_that_enqueued_it() -> None:
    with transaction.atomic():
        work.note.enqueue("never")
        transaction.set_rollback(True)
    assert drain() == 0


def test_a_job_can_be_called_like_a_function() -> None:
    work.note("now")
    assert work.done == ["now"]


def test_mail_comes_before_bulk() -> None:
    work.nightly.enqueue()
    work.note.enqueue("middle")
    work.break_down.enqueue()
    drain()
    assert work.done == ["tried", "middle", "nightly"]


def test_a_failing_job_is_tried_again_later_and_then_stays_failed() -> None:
    work.break_down.enqueue()
    drain()
    row = only_row()
    assert row.status == "READY"
    assert row.run_after > timezone.now() + timedelta(seconds=10)
    assert failures() == ["tests.jobs.work.break_down: ValueError('no luck')"]
    drain(retries=True)
    row = only_row()
    assert (row.status, len(row.worker_ids)) == ("FAILED", 3)
    assert "no luck" in row.traceback
    assert health.figures()["failed"] == 1


def test_pauses_grow_and_end_at_an_hour() -> None:
    pauses = [pause_before(attempt).total_seconds() for attempt in range(1, 9)]
    assert pauses[0] < 20
    assert 200 < pauses[2] < 320
    assert max(pauses) <= 3600 * 1.3


def test_a_retry_is_not_run_before_its_time() -> None:
    work.break_down.enqueue()
    worker = Worker.of(queues=["*"], batch=True)
    worker.run()
    assert work.done == ["tried"]
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        Worker.of(queues=["*"], batch=True).run()
    assert work.done == ["tried", "tried"]


def test_a_job_whose_worker_is_gone_is_given_back_at_once() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    work.note.enqueue("again")
    only_row().claim(f"{socket.gethostname()[:40]}:{dead.pid}:abcdef")
    assert recover() == 1
    drain(retries=True)
    assert work.done == ["again"]


def test_a_job_of_a_living_worker_is_left_alone() -> None:
    work.note.enqueue("busy")
    only_row().claim(f"{socket.gethostname()[:40]}:{os.getppid()}:abcdef")
    assert recover() == 0


def test_a_new_worker_with_the_number_of_a_dead_one_sees_the_difference() -> None:
    """In a container every worker is process 1."""
    work.note.enqueue("container")
    only_row().claim(worker_name())
    assert recover(worker_id=worker_name()) == 1


def test_a_job_on_another_machine_waits_for_its_lease() -> None:
    work.note.enqueue("elsewhere")
    row = only_row()
    row.claim("otherhost:5:abcdef")
    assert recover() == 0
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=16))
    assert recover() == 1
    assert only_row().status == "READY"


def test_a_long_job_has_a_long_lease() -> None:
    work.long_run.enqueue()
    only_row().claim("otherhost:5:abcdef")
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=90))
    assert recover() == 0


def test_a_job_that_kills_every_worker_ends_as_failed() -> None:
    work.long_run.enqueue()
    for _ in range(3):
        only_row().claim("otherhost:5:abcdef")
        DBTaskResult.objects.update(started_at=timezone.now() - timedelta(days=1))
        recover()
    assert only_row().status == "FAILED"
    assert "died 3 times" in only_row().traceback


def test_a_scheduled_job_is_enqueued_once_per_interval() -> None:
    planned.clear()
    schedule("tests.nightly", work.nightly, every=timedelta(hours=24))
    with time_machine.travel("2026-11-02 03:00Z", tick=False) as clock:
        assert enqueue_due() == 1
        assert enqueue_due() == 0
        drain()
        clock.shift(timedelta(days=3))
        # Three days off: once, not three times.
        assert enqueue_due() == 1
        assert enqueue_due() == 0
    drain()
    assert work.done == ["nightly", "nightly"]


def test_a_schedule_without_code_is_left_alone() -> None:
    """While a new release starts, old and new workers run side by side."""
    planned.clear()
    Schedule.objects.create(name="newer.job")
    assert enqueue_due() == 0
    assert Schedule.objects.get().next_at > timezone.now()


def test_old_results_are_removed_and_failures_stay_longer() -> None:
    work.note.enqueue("old")
    work.break_down.enqueue()
    drain(retries=True)
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=5))
    assert prune() == 1
    assert only_row().status == "FAILED"


def test_health_tells_how_long_the_oldest_job_waits() -> None:
    work.note.enqueue("late")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=4))
    figures = health.figures()
    assert figures["waiting"] == 1
    assert 239 <= figures["oldest_seconds"] <= 242


def test_a_delayed_job_does_not_count_as_waiting() -> None:
    work.note.later(timedelta(hours=1)).enqueue("later")
    assert health.figures()["waiting"] == 0


def test_the_tick_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    planned.clear()
    schedule("tests.nightly", work.nightly, every=timedelta(hours=24))
    call_command("tick")
    assert "enqueued" in capsys.readouterr().out


def test_the_worker_empties_all_queues_and_ticks() -> None:
    planned.clear()
    schedule("tests.nightly", work.nightly, every=timedelta(hours=24))
    work.chain.enqueue(2)
    call_command("work", "--batch")
    assert {"link 2", "link 1", "link 0", "nightly"} <= set(work.done)


def test_a_worker_of_one_queue_leaves_the_others() -> None:
    work.note.enqueue("default")
    work.long_run.enqueue()
    planned.clear()
    Worker.of(queues=["bulk"], batch=True).run()
    assert work.done == ["long"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_one_job_twice(tmp_path: Path) -> None:
    with racing(tmp_path, DBTaskResult, Schedule):
        for number in range(12):
            in_thread(partial(work.note.enqueue, str(number)))
        race([Worker.of(queues=["default"], batch=True).run for _ in range(3)])
        assert in_thread(DBTaskResult.objects.successful().count) >= 12
    assert sorted(word for word in work.done if word.isdigit()) == sorted(map(str, range(12)))


@pytest.mark.django_db(transaction=True)
def test_two_ticks_enqueue_a_scheduled_job_once(tmp_path: Path) -> None:
    planned.clear()
    schedule("tests.nightly", work.nightly, every=timedelta(hours=24))
    with racing(tmp_path, DBTaskResult, Schedule):
        assert sum(race([enqueue_due] * 4)) == 1


def test_a_scheduled_job_that_still_waits_is_not_enqueued_again() -> None:
    """A worker that was busy for an hour has one of each to catch up on, not sixty."""
    planned.clear()
    schedule("tests.nightly", work.nightly, every=timedelta(minutes=1))
    assert enqueue_due() == 1
    Schedule.objects.update(next_at=timezone.now())
    assert enqueue_due() == 0
    drain()
    Schedule.objects.update(next_at=timezone.now())
    assert enqueue_due() == 1


def test_a_job_that_takes_all_there_is_waits_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Ten thousand changes need one round, not ten thousand; one that runs may have looked already."""
    with django_capture_on_commit_callbacks(execute=True):
        wake(work.nightly)
        wake(work.nightly)
        assert DBTaskResult.objects.count() == 0
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(status="RUNNING")
    with django_capture_on_commit_callbacks(execute=True):
        wake(work.nightly)
    assert DBTaskResult.objects.count() == 2


def test_failed_jobs_are_shown_and_can_be_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    work.break_down.enqueue()
    drain(retries=True)
    call_command("jobs")
    told = capsys.readouterr().out
    assert "failed 1" in told
    assert "tests.jobs.work.break_down" in told
    assert "no luck" in told
    call_command("jobs", "--retry")
    drain()
    assert work.done == ["tried"] * 4
