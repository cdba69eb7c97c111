"""When the help centre's jobs run."""

from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from kb.tasks import publish_scheduled, renew_html

schedule("kb.publish_scheduled", publish_scheduled, every=timedelta(minutes=1))
schedule("kb.renew_html", renew_html, every=timedelta(days=1))
