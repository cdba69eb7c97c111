from __future__ import annotations

from datetime import timedelta

from accounts.mail import prune_mail
from common.jobs import schedule

schedule("accounts.prune_mail", prune_mail, every=timedelta(hours=12))
