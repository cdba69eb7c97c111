"""The site's e-mail back end: every mail is a row first, and a job sends it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr
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
    """One row a recipient: a bad address or a full box delays nobody else."""
    recipients = message.recipients()
    if not recipients:
        return 0
    _clean(message)
    subject = str(message.subject)[:500]
    try:
        _check_addresses(recipients)
        built: Any = message.message()
        content = built.as_bytes(linesep="\r\n")
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, it can never be sent
        # Parked, not raised: the action that wanted to tell somebody must not fail for it.
        row = OutgoingMail.objects.create(
            to=clean_header(", ".join(recipients))[:320],
            subject=subject,
            message=b"",
            state=OutgoingMail.State.FAILED,
            reason=f"cannot be built: {error!r}"[:300],
        )
        logger.error("mail %s cannot be built: %r", row.pk, error)
        return 0
    with transaction.atomic():
        for address in recipients:
            row = OutgoingMail.objects.create(to=address, subject=subject, message=content)
            send_mail.enqueue(row.pk)
    return 1


def _check_addresses(recipients: Sequence[str]) -> None:
    """An address is refused, not mended: mending could make somebody else's of it."""
    for value in recipients:
        _, address = parseaddr(value)
        if _CONTROL.search(value) or " " in address or "@" not in address or len(value) > 320:
            raise ValueError(f"bad address {value!r}")


def _clean(message: EmailMessage) -> None:
    message.subject = clean_header(str(message.subject))
    message.from_email = clean_header(message.from_email or "")
    message.reply_to = [clean_header(str(value)) for value in message.reply_to]
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
            to=[row.to],
        )

    def message(self, **options: Any) -> Any:
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
