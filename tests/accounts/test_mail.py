"""The queued back end: in the transaction, once, never poisoned (reliability class 12 and 4.9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends import smtp
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from accounts import mail as queued
from accounts.models import OutgoingMail
from jobs.testing import drain, failures

pytestmark = pytest.mark.django_db
NASTY = [
    "\r\nBcc: x@evil.example",
    "\nBcc: x@evil.example",
    "\x0bBcc: x@evil.example",
    "\x85Bcc: x",
    "\u2028Bcc: x",
    "\x00",
]


@pytest.fixture(autouse=True)
def queue(settings: Any) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.QueuedBackend"
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


def message(**changes: Any) -> EmailMultiAlternatives:
    values = {"subject": "Hello", "body": "Text", "to": ["bob@people.example"], **changes}
    found = EmailMultiAlternatives(**values)
    found.attach_alternative("<p>Text</p>", "text/html")
    return found


def test_a_mail_is_a_row_first_and_leaves_by_a_job() -> None:
    message().send()
    row = OutgoingMail.objects.get()
    assert (row.state, row.to, row.subject) == ("queued", "bob@people.example", "Hello")
    assert mail.outbox == []
    drain()
    row.refresh_from_db()
    assert row.state == "sent"
    sent = mail.outbox[0]
    assert sent.recipients() == ["bob@people.example"]
    assert b"multipart/alternative" in sent.message().as_bytes()


def test_a_mail_of_a_rolled_back_transaction_is_never_sent() -> None:
    with transaction.atomic():
        message().send()
        transaction.set_rollback(True)
    drain()
    assert mail.outbox == []


def test_a_mail_is_sent_once_though_its_job_runs_twice() -> None:
    message().send()
    drain()
    assert queued.send_mail(OutgoingMail.objects.get().pk) == "nothing to do"
    assert len(mail.outbox) == 1


def test_blind_copies_reach_their_people_and_stay_blind() -> None:
    message(cc=["cc@people.example"], bcc=["blind@people.example"]).send()
    drain()
    reached = {address for sent in mail.outbox for address in sent.recipients()}
    assert reached == {"bob@people.example", "cc@people.example", "blind@people.example"}
    assert all(b"blind@people.example" not in sent.message().as_bytes() for sent in mail.outbox)


def test_other_alphabets_and_long_lines_survive() -> None:
    message(
        subject="Zażółć gęślą jaźń – 日本語", body="ż" * 3000, to=["Żółw <bob@people.example>"]
    ).send()
    drain()
    parsed = mail.outbox[0].message()
    assert str(parsed["Subject"]) == "Zażółć gęślą jaźń – 日本語"
    assert "ż" * 3000 in parsed.get_body(("plain",)).get_content().replace("\n", "")


@pytest.mark.parametrize("bad", NASTY)
def test_control_characters_never_start_a_header(bad: str) -> None:
    message(
        subject=f"Hello{bad}",
        reply_to=[f"a@people.example{bad}"],
        headers={"X-Kind": f"value{bad}"},
    ).send()
    row = OutgoingMail.objects.get()
    head = bytes(row.message).split(b"\r\n\r\n")[0].lower()
    assert b"\nbcc:" not in head
    assert row.state in {"queued", "failed"}


@pytest.mark.parametrize("bad", NASTY)
def test_an_address_with_control_characters_brings_no_second_recipient(bad: str) -> None:
    message(to=[f"bob@people.example{bad}"]).send()
    drain()
    assert mail.outbox == []
    assert OutgoingMail.objects.get().state == "failed"


def test_a_mail_that_cannot_be_built_is_parked_and_not_tried_again(monkeypatch: Any) -> None:
    broken = message()

    def fail() -> None:
        raise ValueError("broken header")

    monkeypatch.setattr(broken, "message", fail)
    broken.send()
    row = OutgoingMail.objects.get()
    assert row.state == "failed"
    assert "broken header" in row.reason
    assert drain() == 0


class Dead(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")


def test_a_mail_server_that_is_away_is_tried_again_until_it_is_back(settings: Any) -> None:
    settings.MAIL_BACKEND = f"{__name__}.Dead"
    message().send()
    drain()
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == ("queued", 1)
    assert "no mail server" in row.reason
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    drain(retries=True)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.reason) == ("sent", 2, "")


def test_a_mail_that_never_gets_through_is_failed_and_visible(settings: Any) -> None:
    settings.MAIL_BACKEND = f"{__name__}.Dead"
    message().send()
    drain(retries=True)
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == ("failed", queued.RETRIES + 1)


class Watching(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        # Autocommit: the test's own transaction is the only one open.
        assert len(connection.savepoint_ids) == 0
        return super().send_messages(messages)


def test_no_transaction_is_open_while_the_mail_server_is_asked(settings: Any) -> None:
    settings.MAIL_BACKEND = f"{__name__}.Watching"
    message().send()
    drain()
    assert (failures(), len(mail.outbox)) == ([], 1)


def test_a_mail_without_recipients_leaves_no_row() -> None:
    EmailMessage(subject="Nobody", body="", to=[]).send()
    assert not OutgoingMail.objects.exists()


def test_plain_send_mail_works() -> None:
    assert send_mail("Hi", "Text", None, ["bob@people.example"]) == 1


def test_sent_mails_are_forgotten_after_a_month() -> None:
    message().send()
    drain()
    OutgoingMail.objects.update(sent_at=timezone.now() - queued.KEPT * 2)
    assert queued.prune_mail() == 1


class Wire:
    """Stands in for smtplib: what goes over the wire."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str], bytes]] = []

    def sendmail(self, sender: str, recipients: list[str], content: bytes) -> None:
        self.sent.append((sender, recipients, content))


def test_what_goes_over_the_wire_is_what_was_built(monkeypatch: Any, settings: Any) -> None:
    wire = Wire()
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(
        smtp.EmailBackend, "open", lambda self: setattr(self, "connection", wire) or True
    )
    monkeypatch.setattr(smtp.EmailBackend, "close", lambda self: None)
    long = "<https://help.example/inbox/unsubscribe/" + "a1:B-_" * 40 + ">"
    message(headers={"List-Unsubscribe": long}, from_email="Peerdesk <desk@help.example>").send()
    drain()
    assert failures() == []
    sender, recipients, content = wire.sent[0]
    assert (sender, recipients) == ("Peerdesk <desk@help.example>", ["bob@people.example"])
    # A provider reads the address between < and >: it may be folded, never encoded.
    assert b"=?" not in content
    assert long.encode() in content.replace(b"\r\n ", b"")
    assert content == bytes(OutgoingMail.objects.get().message)


def test_providers_with_an_api_get_the_parts(settings: Any) -> None:
    built = message(reply_to=["desk@help.example"], headers={"Auto-Submitted": "auto-generated"})
    built.attach("note.txt", "hello", "text/plain")
    built.send()
    stored = queued.StoredMessage(OutgoingMail.objects.get())
    assert stored.body.strip() == "Text"
    assert stored.alternatives[0][0].strip() == "<p>Text</p>"
    assert [str(value) for value in stored.reply_to] == ["desk@help.example"]
    assert stored.extra_headers["Auto-Submitted"] == "auto-generated"
    assert [part[0] for part in stored.attachments] == ["note.txt"]


def test_mails_of_the_demo_land_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    message().send()
    drain()
    assert b"Subject: Hello" in next(tmp_path.iterdir()).read_bytes()
