"""Runs one claimed job: success, another try later, or failed for good."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import TaskContext, TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from common.jobs import LEASE, Job

logger = logging.getLogger("peerdesk.jobs")

FIRST_PAUSE = 15
LONGEST_PAUSE = 3600


def pause_before(attempt: int) -> timedelta:
    """15 s, 1 min, 4 min, 16 min, then an hour; spread, so that a crowd does not come back at once."""
    seconds = min(FIRST_PAUSE * 4 ** (attempt - 1), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.9, 1.3))  # noqa: S311  no secret


def job_of(row: DBTaskResult[Any, Any]) -> Job[Any, Any] | None:
    """The job of a row; None for a plain task of a library or code that is gone."""
    try:
        task = row.task
    except Exception:  # noqa: BLE001  an import can fail in any way
        return None
    return task if isinstance(task, Job) else None


def retries_of(row: DBTaskResult[Any, Any]) -> int:
    found = job_of(row)
    return found.retries if found else 0


def lease_of(row: DBTaskResult[Any, Any]) -> timedelta:
    found = job_of(row)
    return found.lease if found else LEASE


def run(row: DBTaskResult[Any, Any]) -> bool:
    """Runs a claimed row and records how it ended; True when it succeeded."""
    try:
        task: Any = row.task
        result: Any = row.task_result
        sender = type(task.get_backend())
        task_started.send(sender=sender, task_result=result)
        context = [TaskContext(task_result=result)] if task.takes_context else []
        row.set_successful(task.call(*context, *result.args, **result.kwargs))
        task_finished.send(sender=sender, task_result=row.task_result)
    except Exception as error:  # noqa: BLE001  whatever a job raises, the worker goes on
        fail(row, error)
        return False
    return True


def fail(row: DBTaskResult[Any, Any], error: BaseException) -> None:
    """Another try after a pause, or FAILED when the tries are used up."""
    attempts = len(row.worker_ids)
    if attempts <= retries_of(row):
        logger.warning("job %s failed (try %s), again later: %r", row.task_path, attempts, error)
        DBTaskResult.objects.filter(pk=row.pk).update(
            status=TaskResultStatus.READY,
            run_after=timezone.now() + pause_before(attempts),
            exception_class_path=type(error).__qualname__,
            traceback=repr(error)[:2000],
        )
        return
    row.set_failed(error)
    logger.error("job %s failed for good after %s tries", row.task_path, attempts, exc_info=error)
