"""The tick: give back what dead workers held, enqueue what is due, forget what is old."""

from __future__ import annotations

import logging
import os
import socket
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from common.jobs import LEASE, Job, planned
from common.plugs import discover
from jobs.models import Schedule
from jobs.running import lease_of, retries_of

logger = logging.getLogger("peerdesk.jobs")

DONE_KEPT = timedelta(days=2)
FAILED_KEPT = timedelta(days=30)
UNKNOWN_PAUSE = timedelta(days=1)


class WorkerDiedError(Exception):
    """What a job that kills its worker each time is failed with."""


def tick(*, worker_id: str = "") -> dict[str, int]:
    """Runs each minute; safe on several workers at once."""
    return {
        "recovered": recover(worker_id=worker_id),
        "enqueued": enqueue_due(),
        "pruned": prune(),
    }


def worker_name() -> str:
    """Says where a job runs, so that the next worker of this machine can see that it is gone."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{os.urandom(3).hex()}"


def recover(*, worker_id: str = "") -> int:
    """RUNNING jobs of dead workers go back in the queue, or fail when they have used their tries."""
    now = timezone.now()
    recovered = 0
    for row in DBTaskResult.objects.running():
        if not _is_lost(row, now, worker_id):
            continue
        # Only if nobody else was faster: the moment of the claim names this run.
        run = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        attempts = len(row.worker_ids)
        # One more than a raised error gets: a deploy may have killed it.
        if attempts <= retries_of(row) + 1:
            changed = run.update(status=TaskResultStatus.READY, run_after=now)
        else:
            changed = run.update(
                status=TaskResultStatus.FAILED,
                finished_at=now,
                exception_class_path=f"{WorkerDiedError.__module__}.{WorkerDiedError.__qualname__}",
                traceback=f"The worker died {attempts} times while it ran this.",
            )
        if changed:
            recovered += 1
            logger.warning("job %s was left by a dead worker (try %s)", row.task_path, attempts)
    return recovered


def _is_lost(row: DBTaskResult[Any, Any], now: datetime, worker_id: str) -> bool:
    if row.started_at is None or now - row.started_at > max(lease_of(row), LEASE):
        return True
    return bool(row.worker_ids) and is_dead(row.worker_ids[-1], worker_id)


def is_dead(name: str, own: str) -> bool:
    """True when the process behind NAME ran on this machine and is gone; a lease decides the rest."""
    parts = name.split(":")
    if len(parts) != 3 or parts[0] != socket.gethostname()[:40] or not parts[1].isdigit():
        return False
    pid = int(parts[1])
    if pid == os.getpid():
        # In a container every worker is process 1: then only the random part tells them apart.
        return bool(own) and name != own
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def enqueue_due() -> int:
    """Enqueues the scheduled jobs whose time has come; the row's lock keeps workers apart."""
    discover("schedules")
    now = timezone.now()
    known = set(Schedule.objects.values_list("name", flat=True))
    Schedule.objects.bulk_create(
        [Schedule(name=name, next_at=now) for name in planned if name not in known],
        ignore_conflicts=True,
    )
    enqueued = 0
    for name in Schedule.objects.filter(next_at__lte=now).values_list("name", flat=True):
        plan = planned.get(name)
        if plan is None:
            # Gone, or of a newer release that another worker already runs: not ours to enqueue.
            Schedule.objects.filter(name=name).update(next_at=now + UNKNOWN_PAUSE)
            continue
        with transaction.atomic():
            due = Schedule.objects.filter(name=name, next_at__lte=now)
            # Not "next_at + every": after a night off it runs once, not forty times.
            if due.update(next_at=now + plan.every, last_at=now) and not is_waiting(plan.job):
                plan.job.enqueue()
                enqueued += 1
    return enqueued


def is_waiting(job: Job[[], Any]) -> bool:
    """Whether one is due that nobody has begun: it will see all that is there by now."""
    return DBTaskResult.objects.ready().filter(task_path=job.module_path).exists()


def wake(job: Job[[], Any]) -> None:
    """After the commit, enqueues JOB unless one waits: for work that takes all there is.

    A process that dies in between wakes nobody, so a schedule has to come by as well.
    """
    transaction.on_commit(partial(_enqueue_unless_waiting, job), robust=True)


def _enqueue_unless_waiting(job: Job[[], Any]) -> None:
    if not is_waiting(job):
        job.enqueue()


def prune() -> int:
    now = timezone.now()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - DONE_KEPT)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - FAILED_KEPT)
    return done.delete()[0] + failed.delete()[0]
