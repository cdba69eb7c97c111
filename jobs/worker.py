"""django_tasks_db's worker with retry, recovery and the tick."""

from __future__ import annotations

import logging
import time
from typing import Any, Self

from django.db import Error, close_old_connections
from django.db.models import QuerySet
from django_tasks_db.management.commands.db_worker import Worker as BaseWorker
from django_tasks_db.models import DBTaskResult

from jobs.actions import tick, worker_name
from jobs.claim import claim
from jobs.running import run

logger = logging.getLogger("peerdesk.jobs")

TICK_SECONDS = 60


class Worker(BaseWorker):
    """Signals come from the base: the first one ends after the current job, the second at once."""

    next_tick = 0.0

    @classmethod
    def of(cls, *, queues: list[str], interval: float = 1.0, batch: bool = False) -> Self:
        return cls(
            queue_names=queues,
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_name(),
            excluded_queue_names=[],
        )

    def run(self) -> None:
        logger.info("worker %s starts on %s", self.worker_id, ", ".join(self.queue_names))
        while self.running:
            close_old_connections()
            try:
                row = self.turn()
            except Error:
                # The database is away or locked: the worker outlives that.
                logger.exception("worker cannot reach the database")
                row = None
                close_old_connections()
            if row is None and self.batch:
                return
            if row is None and self.running:
                time.sleep(self.interval)

    def turn(self) -> DBTaskResult[Any, Any] | None:
        """At most one tick and one job."""
        if time.monotonic() >= self.next_tick:
            self.next_tick = time.monotonic() + TICK_SECONDS
            tick(worker_id=self.worker_id)
        row = claim(self.waiting(), self.worker_id)
        if row is not None:
            self.run_task(row)
        return row

    def waiting(self) -> QuerySet[DBTaskResult[Any, Any]]:
        rows = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        return rows if self.process_all_queues else rows.filter(queue_name__in=self.queue_names)

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        self.running_task = True
        try:
            run(db_task_result)
        finally:
            self.running_task = False
