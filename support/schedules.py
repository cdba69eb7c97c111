"""When support's jobs run."""

from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from support.tasks import renew_html, warn_of_late

schedule("support.warn_of_late", warn_of_late, every=timedelta(minutes=1))
schedule("support.renew_html", renew_html, every=timedelta(days=1))
