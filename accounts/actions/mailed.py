"""Links that are mailed to an address: how their tokens are made, and how often one may go out."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Handover, Invitation
from common.errors import Refused

LIFE = timedelta(days=14)
# A stranger's mailbox: cancelling and inviting again is a mail each time (reliability class 14).
MAILS = ((timedelta(hours=1), 1), (timedelta(days=1), 5))


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_address(address: str) -> None:
    """Refuses a mail too many to one address, whoever sent the earlier ones."""
    now = timezone.now()
    since = now - max(window for window, _amount in MAILS)
    sent: list[timedelta] = []
    for model in (Invitation, Handover):
        found = model.objects.filter(email=address, created_at__gt=since)
        sent += [now - created_at for created_at in found.values_list("created_at", flat=True)]
    sent.sort()
    for window, amount in MAILS:
        if sum(age < window for age in sent) >= amount:
            raise Refused(_sentence(window - sent[amount - 1]), code="limited")


def _sentence(wait: timedelta) -> str:
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    if minutes < 90:
        return ngettext(
            "This address has just got a link. Send the next one in %(count)s minute.",
            "This address has just got a link. Send the next one in %(count)s minutes.",
            minutes,
        ) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext(
        "This address has got enough links today. Send the next one in %(count)s hour.",
        "This address has got enough links today. Send the next one in %(count)s hours.",
        hours,
    ) % {"count": hours}
