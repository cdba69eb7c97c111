"""The site's e-mail back end: every mail is a row first, and a job sends it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMail
from common.jobs import job

logger = logging.getLogger("peerdesk.mail")

RETRIES = 8
KEPT = timedelta(days=30)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def clean_header(value: str) -> str:
    """Without control characters: a line break would start a header of the writer's choice."""
    return _CONTROL.sub(" ", value).strip()


class QueuedBackend(BaseEmailBackend):
    """Stores mails in the caller's transaction: what rolls back is not sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(_store(message) for message in email_messages)


def _store(message: EmailMessage) -> int:
    if not message.recipients():
        return 0
    _clean(message)
    row = OutgoingMail(
        to=", ".join(message.recipients())[:320], subject=str(message.subject)[:500]
    )
    try:
        row.message = message.message().as_bytes(linesep="\r\n")
        parseaddr(message.from_email)
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, it can never be sent
        # Parked, not raised: the action that wanted to tell somebody must not fail for it.
        row.message, row.state = b"", OutgoingMail.State.FAILED
        row.reason = f"cannot be built: {error!r}"[:300]
        row.save()
        logger.error("mail %s cannot be built: %r", row.pk, error)
        return 0
    with transaction.atomic():
        row.save()
        send_mail.enqueue(row.pk)
    return 1


def _clean(message: EmailMessage) -> None:
    message.subject = clean_header(str(message.subject))
    message.from_email = clean_header(message.from_email or "")
    for name in ("to", "cc", "bcc", "reply_to"):
        setattr(message, name, [clean_header(str(value)) for value in getattr(message, name)])
    message.extra_headers = {
        clean_header(name): clean_header(str(value))
        for name, value in message.extra_headers.items()
    }


class StoredMessage(EmailMessage):
    """A mail as it was built; any Django back end can send it."""

    def __init__(self, row: OutgoingMail) -> None:
        self.parsed: Any = message_from_bytes(bytes(row.message), policy=policy.SMTP)
        super().__init__(
            subject=row.subject,
            from_email=str(self.parsed["From"] or settings.DEFAULT_FROM_EMAIL),
            to=[address for _, address in getaddresses([row.to])],
        )

    def message(self) -> Any:
        return self.parsed


@job(queue="mail", retries=RETRIES)
def send_mail(pk: int) -> str:
    """Sends one stored mail; a second run finds it sent and does nothing."""
    with transaction.atomic():
        row = OutgoingMail.objects.select_for_update().filter(pk=pk).first()
        if row is None or row.state != OutgoingMail.State.QUEUED:
            return "nothing to do"
        row.attempts += 1
        error = _hand_over(row)
        if error is None:
            row.state, row.sent_at, row.reason = OutgoingMail.State.SENT, timezone.now(), ""
        else:
            row.reason = repr(error)[:300]
            if row.attempts > RETRIES:
                row.state = OutgoingMail.State.FAILED
        row.save(update_fields=["state", "sent_at", "reason", "attempts"])
    if error is not None:
        raise error
    return row.state


def _hand_over(row: OutgoingMail) -> Exception | None:
    """The network's word is kept as a value: the attempt is to be recorded, then raised."""
    try:
        get_connection(settings.MAIL_BACKEND).send_messages([StoredMessage(row)])
    except Exception as error:  # noqa: BLE001  SMTP, DNS, TLS, a provider's HTTP: all mean "later"
        return error
    return None


@job(queue="bulk")
def prune_mail() -> int:
    """Sent mails are forgotten after KEPT: they hold people's words and codes."""
    old = OutgoingMail.objects.filter(
        state=OutgoingMail.State.SENT, sent_at__lt=timezone.now() - KEPT
    )
    return old.delete()[0]
