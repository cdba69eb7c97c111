"""Tells people in chunks: the inbox row, then the mail."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from jobs import job
from notifications import mails, notices
from notifications.models import Notification

CHUNK = 100
logger = logging.getLogger("peerdesk.notifications")


def tell(event: dict[str, Any], people: list[int]) -> None:
    """Writes one inbox row a person and enqueues the mails; twice is harmless."""
    if not people:
        return
    notice = notices.get(event["verb"])
    state = Notification.Mail.PENDING if notice.mail else Notification.Mail.SKIPPED
    rows = [Notification(user_id=pk, mail_state=state, **event) for pk in people]
    Notification.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    if notice.mail:
        for start in range(0, len(people), CHUNK):
            send_mails.later(notice.delay).enqueue(event["event"], people[start : start + CHUNK])


@job(queue="bulk", retries=8)
def fan_out(event: dict[str, Any], people: list[int]) -> None:
    with transaction.atomic():
        tell(event, people)


@job(queue="mail", retries=8)
def send_mails(event: str, people: list[int]) -> int:
    """Mails one event to some people; each in a transaction of its own, so a restart goes on."""
    pending = Notification.objects.filter(
        event=event, user_id__in=people, mail_state=Notification.Mail.PENDING
    )
    sent, broken = 0, None
    for pk in list(pending.order_by("pk").values_list("pk", flat=True)):
        try:
            sent += mails.send(pk)
        except Exception as error:  # noqa: BLE001  one person's mail must not keep the others'
            logger.warning("the mail of notification %s cannot be made: %r", pk, error)
            broken = error
    if broken is not None:
        raise broken
    return sent
