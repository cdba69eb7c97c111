from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from links import tasks

schedule("links.expire", tasks.expire_moves, every=timedelta(hours=1))
