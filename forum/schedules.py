"""When the forum's jobs run."""

from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from forum.tasks import archive, renew_html

schedule("forum.archive", archive, every=timedelta(days=1))
schedule("forum.renew_html", renew_html, every=timedelta(days=1))
