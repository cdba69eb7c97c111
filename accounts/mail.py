"""The site's e-mail back end: every mail is a row first, and a job sends it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as BytesMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
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


class _Built(BytesMessage):
    """The stored bytes, as they are: serialising again would fold headers anew and differently."""

    source: bytes

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n", **options: Any) -> bytes:  # type: ignore[override]
        return self.source.replace(b"\r\n", linesep.encode())


_OWN = {"from", "to", "cc", "subject", "reply-to", "mime-version"}


class StoredMessage(EmailMultiAlternatives):
    """A stored mail as Django's back ends want it: as bytes, and as parts for HTTP providers."""

    def __init__(self, row: OutgoingMail) -> None:
        source = bytes(row.message)
        built: Any = message_from_bytes(source, _class=_Built, policy=policy.SMTP)
        built.source = source
        self.built = built
        plain, html = (self.built.get_body((kind,)) for kind in ("plain", "html"))
        super().__init__(
            subject=row.subject,
            body=plain.get_content() if plain else "",
            from_email=str(self.built["From"] or settings.DEFAULT_FROM_EMAIL),
            to=[row.to],
            reply_to=self.built.get_all("Reply-To", []),
            headers={
                name: str(value)
                for name, value in self.built.items()
                if name.lower() not in _OWN and not name.lower().startswith("content-")
            },
        )
        if html:
            self.attach_alternative(html.get_content(), "text/html")
        for part in self.built.iter_attachments():
            self.attach(part.get_filename(), part.get_content(), part.get_content_type())

    def message(self, **options: Any) -> Any:
        return self.built


@job(queue="mail", retries=RETRIES)
def send_mail(pk: int) -> str:
    """Sends one stored mail; a second run finds it sent and does nothing.

    The network is asked outside of any transaction: on SQLite a slow mail server would
    hold up everybody who writes. The counted attempt is the claim, so of two runs at the
    same moment one goes away.
    """
    rows = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.QUEUED)
    row = rows.first()
    if row is None or not rows.filter(attempts=row.attempts).update(attempts=row.attempts + 1):
        return "nothing to do"
    error = _hand_over(row)
    if error is None:
        rows.update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), reason="")
        return "sent"
    is_over = row.attempts + 1 > RETRIES
    rows.update(
        reason=repr(error)[:300],
        state=OutgoingMail.State.FAILED if is_over else OutgoingMail.State.QUEUED,
    )
    raise error


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
