"""Links that are mailed to an address: how their tokens are made, and how often one may go out."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.access import Role, has_role
from accounts.models import Handover, Invitation, Organisation
from common.errors import Refused
from common.limits import parse, seconds_left

LIFE = timedelta(days=14)
# A stranger's mailbox: cancelling and inviting again is a mail each time (reliability class 14).
_OF_ONE_SENDER = parse("1/h,5/d")
# So many organisations may want one person on one day. The limits of one sender stay below it, so
# that no organisation alone can keep the others from inviting somebody, nor learns of them.
_OF_ALL = parse("10/d")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_address(address: str, *, by: Any, organisation: Organisation | None = None) -> None:
    """Refuses a mail too many to one address: of one organisation, of one agent, of all admins."""
    is_agent = has_role(by, Role.AGENT)
    if is_agent:
        sent = _stamps(address, invited_by=by)
    else:
        sent = _stamps(address, organisation=organisation)
    now = timezone.now().timestamp()
    wait = max(seconds_left(sent, rate, now) for rate in _OF_ONE_SENDER)
    if not wait and not is_agent:
        # Staff outdo what organisations have used up.
        wait = max(seconds_left(_stamps(address), rate, now) for rate in _OF_ALL)
    if wait:
        raise Refused(_sentence(wait), code="limited")


def _stamps(address: str, **sender: Any) -> list[float]:
    """When links went to ADDRESS in the last day."""
    stamps: list[float] = []
    since = timezone.now() - timedelta(days=1)
    for model in (Invitation,) if "organisation" in sender else (Invitation, Handover):
        found = model.objects.filter(email=address, created_at__gt=since, **sender)
        stamps += [moment.timestamp() for moment in found.values_list("created_at", flat=True)]
    return sorted(stamps)


def _sentence(wait: float) -> str:
    """The same words whoever sent the earlier ones: an invitation is nobody else's business."""
    minutes = max(1, math.ceil(wait / 60))
    if minutes < 90:
        return ngettext(
            "No link can go to this address now. Try again in %(count)s minute.",
            "No link can go to this address now. Try again in %(count)s minutes.",
            minutes,
        ) % {"count": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext(
        "No link can go to this address now. Try again in %(count)s hour.",
        "No link can go to this address now. Try again in %(count)s hours.",
        hours,
    ) % {"count": hours}
