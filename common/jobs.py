"""How any app declares work for the background: `@job` and `schedule`.

They stand in common because accounts and posting lie below the app `jobs`, which runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")

# A person waits for a mail; nobody waits for a bulk run.
PRIORITIES = {"mail": 20, "default": 0, "index": 0, "bulk": -20}
LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task[P, T]):
    """A django-tasks task that is tried again, and given to another worker when one dies.

    It may run twice: after a crash nobody knows how far it came.
    """

    retries: int = 5
    lease: timedelta = LEASE

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.func(*args, **kwargs)

    def later(self, delay: timedelta) -> Job[P, T]:
        return self.using(run_after=timezone.now() + delay)


def job(
    *,
    queue: str = "default",
    retries: int = 5,
    priority: int | None = None,
    lease: timedelta = LEASE,
) -> Callable[[Callable[P, T]], Job[P, T]]:
    """Makes a module-level function with JSON arguments a job: `.enqueue(…)`, in the transaction."""

    def wrap(function: Callable[P, T]) -> Job[P, T]:
        return Job(
            func=function,
            queue_name=queue,
            priority=PRIORITIES[queue] if priority is None else priority,
            retries=retries,
            lease=lease,
        )

    return wrap


@dataclass(frozen=True)
class Planned:
    """A job that the tick enqueues each time its interval has passed."""

    name: str
    job: Job[Any, Any]
    every: timedelta


planned: dict[str, Planned] = {}


def schedule(name: str, job: Job[[], Any], *, every: timedelta) -> None:
    """Called in `<app>/schedules.py`; the job takes no arguments."""
    planned[name] = Planned(name, job, every)
