from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from posting.tasks import prune

schedule("posting.prune", prune, every=timedelta(hours=6))
