"""For tests: runs what is in the queue, here and now."""

from __future__ import annotations

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs.running import run

LIMIT = 1000


def drain(*, delayed: bool = True, retries: bool = False) -> int:
    """Runs all waiting jobs and those they enqueue; returns how many ran.

    DELAYED jobs count as due at once; a job that failed waits for its pause unless RETRIES.
    """
    ran = 0
    while ran < LIMIT:
        ready = (
            DBTaskResult.objects.filter(status="READY") if delayed else DBTaskResult.objects.ready()
        )
        row = next((row for row in ready if retries or not row.worker_ids), None)
        if row is None:
            return ran
        row.claim(f"test:{timezone.now().timestamp()}")
        run(row)
        ran += 1
    raise AssertionError("The queue does not end: a job enqueues itself.")


def failures() -> list[str]:
    """What went wrong in jobs that failed or wait for another try."""
    rows = DBTaskResult.objects.exclude(exception_class_path="")
    return [f"{row.task_path}: {row.traceback}" for row in rows]
