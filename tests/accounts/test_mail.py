"""The queued back end: in the transaction, once, never poisoned (reliability class 12 and 4.9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from accounts import mail as queued
from accounts.models import OutgoingMail
from jobs.testing import drain

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
