"""Loads the sample cases in all states."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Organisation
from common.markdown import render
from home.loading.base import Book, read
from support.clock import business_day_later, standard
from support.models import Case, Message, State

FIRST_NUMBER = 10401


def load(book: Book) -> None:
    rows = [row for row in read("cases") if not book.has("case", row["key"])]
    last = Case.objects.order_by("-number").values_list("number", flat=True).first()
    number = (last or FIRST_NUMBER) + 1
    # The oldest case has the lowest number.
    for offset, row in enumerate(sorted(rows, key=lambda row: -row["days_ago"])):
        _load_case(book, row, number + offset)


def _load_case(book: Book, row: dict[str, Any], number: int) -> None:
    opened = book.clock.ago(row["days_ago"])
    organisation = Organisation.objects.get(pk=book.pk("organisation", row["organisation"]))
    text = row.get("resolution_text") or ""
    case = Case.objects.create(
        number=number,
        organisation=organisation,
        requester=book.person(row["requester"]),
        subject=row["subject"],
        product=book.product(row["product"]),
        language=row["language"],
        channel=row["channel"],
        affected=row["affected"],
        usable=row["usable"],
        workaround=row.get("workaround") or "",
        chosen_priority=row["priority"],
        priority=row["priority"],
        state=row["state"],
        assignee=book.person(row["assignee"]) if row.get("assignee") else None,
        specialist=book.person(row["specialist"]) if row.get("specialist") else None,
        resolution=row.get("resolution") or "",
        resolution_text=text,
        resolution_html=render(text) if text else "",
        resolution_data={"extra": row["resolution_extra"]} if row.get("resolution_extra") else {},
        opened_at=opened,
        last_activity_at=opened,
        first_reply_due_at=business_day_later(standard("Europe/Warsaw"), opened),
        message_count=sum(1 for message in row["messages"] if message["kind"] != "note"),
    )
    moments = [_load_message(book, case, message) for message in row["messages"]]
    _settle(case, book, max(moments, default=opened))
    book.keep("case", row["key"], case)


def _load_message(book: Book, case: Case, row: dict[str, Any]) -> datetime:
    at = book.clock.after(case.opened_at, row["hours_after"])
    Message.objects.create(
        case=case,
        kind=row["kind"],
        author=book.person(row["author"]),
        body_source=row["body"],
        body_html=render(row["body"], staff=row["kind"] != "customer"),
        created_at=at,
    )
    if row["kind"] == "reply" and case.first_replied_at is None:
        case.first_replied_at = at
    return at


def _settle(case: Case, book: Book, last: datetime) -> None:
    case.last_activity_at = last
    if case.state == State.CLOSED:
        case.closed_at = book.clock.after(last, 0.1)
    else:
        case.next_update_at = max(last, book.clock.now) + timedelta(hours=4 * case.priority)
    case.save()
