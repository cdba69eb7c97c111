"""What the log forgets."""

from __future__ import annotations

from datetime import timedelta

from common.jobs import job
from search.editing import log


@job(queue="bulk", lease=timedelta(hours=1))
def forget_old_searches() -> None:
    log.prune()
