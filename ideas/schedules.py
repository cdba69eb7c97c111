from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from ideas import tasks

schedule("ideas.trends", tasks.recalculate_trends, every=timedelta(hours=1))
schedule("ideas.html", tasks.renew_html, every=timedelta(days=1))
