"""Cases with messages, in all states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from home.loading.scale.site import Site, batches
from support.models import SUBJECT_LENGTH, Case, Message, Resolution, State

_CLOSED = 0.8
_FIRST_NUMBER = 10_401
_KINDS = (Message.Kind.CUSTOMER, Message.Kind.REPLY, Message.Kind.CUSTOMER, Message.Kind.NOTE)
_OPEN = (State.NEW, State.WITH_US, State.WAITS, State.SPECIALISTS)
_RESOLUTIONS = [code for code in Resolution.values if code != Resolution.NOT_A_FEATURE]


def load(site: Site, count: int, tick: Callable[[int], None]) -> None:
    last = Case.objects.aggregate(last=Max("number"))["last"] or _FIRST_NUMBER
    for size in batches(count):
        with transaction.atomic():
            _batch(site, last + 1, size)
        last += size
        tick(size)


def _batch(site: Site, first: int, size: int) -> None:
    cases = [_case(site, number) for number in range(first, first + size)]
    threads = [_messages(site, case) for case in cases]
    for case, messages in zip(cases, threads, strict=True):
        case.message_count = sum(message.kind != Message.Kind.NOTE for message in messages)
        case.last_activity_at = max(message.created_at for message in messages)
        replies = [row.created_at for row in messages if row.kind == Message.Kind.REPLY]
        case.first_replied_at = min(replies, default=None)
        case.closed_at = case.last_activity_at if case.is_closed else None
    Case.objects.bulk_create(cases)
    for case, messages in zip(cases, threads, strict=True):
        for message in messages:
            message.case_id = case.pk
    Message.objects.bulk_create(message for messages in threads for message in messages)


def _case(site: Site, number: int) -> Case:
    writer, opened = site.writer, site.moment()
    person, organisation = site.customers[int(writer.random.random() * len(site.customers))]
    closed = writer.random.random() < _CLOSED
    language, priority = writer.language(), 1 + writer.few(3, skew=0.6)
    closing = writer.text("answer", language, 2) if closed else None
    return Case(
        number=number,
        organisation_id=organisation,
        requester_id=person,
        subject=writer.title("title", language, SUBJECT_LENGTH),
        product_id=site.product(),
        language=language,
        affected="one",
        usable="partly",
        chosen_priority=priority,
        priority=priority,
        state=State.CLOSED if closed else writer.random.choice(_OPEN),
        assignee_id=site.agent,
        resolution=writer.random.choice(_RESOLUTIONS) if closed else "",
        resolution_text=closing.source if closing else "",
        resolution_html=closing.html if closing else "",
        opened_at=opened,
        first_reply_due_at=opened + timedelta(hours=8 * priority),
    )


def _messages(site: Site, case: Case) -> list[Message]:
    rows = []
    for position in range(1 + site.writer.few(7, skew=1.5)):
        kind = _KINDS[position % len(_KINDS)]
        by_customer = kind == Message.Kind.CUSTOMER
        text = site.writer.text(
            "question" if by_customer else "answer", case.language, 1 + site.writer.few(4)
        )
        rows.append(
            Message(
                kind=kind,
                is_internal=kind == Message.Kind.NOTE,
                author_id=case.requester_id if by_customer else site.agent,
                body_source=text.source,
                body_html=text.html,
                created_at=site.after(case.opened_at, 24 * (position + 1)),
            )
        )
    return rows
