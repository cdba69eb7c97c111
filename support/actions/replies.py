"""Messages on a case: the customer's, the desk's, and the desk's notes to itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.versions import Stale, version_of
from links import moves
from notifications.actions import subscribe
from posting.models import Upload
from support import policy
from support.actions import opening, record, tell, unsending
from support.models import Case, Message, State
from support.people import is_customer_of

KEEP, WAIT = "keep", "wait"


@transaction.atomic
def answer(
    case: Case, body: str, *, by: User, uploads: Iterable[Upload] = (), seen: str | None = None
) -> Case:
    """The customer writes: back to us; within four days reopened, later a follow-up.

    Returns the case that the message is on. SEEN is the ending on the page it was written on.
    """
    case = record.locked(case)
    if not is_customer_of(case, by):
        raise Refused(_("This case is not yours."), code="forbidden")
    _require_seen_ending(case, seen)
    if case.is_closed and not _may_reopen(case):
        return _follow_up(case, body, by=by, uploads=uploads)
    was_closed, was_waiting = case.is_closed, case.state == State.WAITS
    message = record.write(case, Message.Kind.CUSTOMER, body, by=by, uploads=uploads)
    subscribe(by, case, reason="requester" if by.pk == case.requester_id else "commented")
    fields: list[str] = []
    if was_closed:
        record.reopen(case, by=by)
        fields += record.REOPENED_FIELDS
    elif was_waiting:
        case.state = State.WITH_US
        fields.append("state")
    if was_closed or was_waiting:
        case.next_update_at = policy.next_update_due(timezone.now())
        fields.append("next_update_at")
    record.save(case, *fields)
    tell.desk(case, "case.reopened" if was_closed else "case.answered", by=by, about=message)
    return case


def _require_seen_ending(case: Case, seen: str | None) -> None:
    """Nobody opens a case again without knowing that it was closed, and why."""
    if seen is None or not case.is_closed or seen == version_of(case.ending):
        return
    if _may_reopen(case):
        message = _(
            "This case was closed after you opened the page, so nothing is sent yet. What you "
            "wrote is still here; sending it opens the case again."
        )
    else:
        message = _(
            "This case was closed after you opened the page, so nothing is sent yet. What you "
            "wrote is still here; sending it opens a new case that follows on from this one."
        )
    raise Stale(case.ending, message)


def _may_reopen(case: Case) -> bool:
    until = case.may_reopen_until
    return until is not None and timezone.now() <= until


def _follow_up(case: Case, body: str, *, by: User, uploads: Iterable[Upload]) -> Case:
    words = opening.Words(
        subject=case.subject,
        body=body,
        organisation=case.organisation,
        priority=case.chosen_priority,
        our_priority=case.priority,
        language=case.language,
        product=case.product,
        affected=case.affected,
        usable=case.usable,
        workaround=case.workaround,
        follow_up_of=case,
    )
    return opening.open_case(words, requester=by, by=by, uploads=uploads)


@transaction.atomic
def reply(
    case: Case, body: str, *, by: User, effect: str = KEEP, uploads: Iterable[Upload] = ()
) -> Message:
    """What the customer reads from us. EFFECT: keep the case, or wait for the customer.

    The first one stops the first-reply clock; nothing automatic does (S-17).
    """
    case = record.locked(case)
    record.require_desk(case, by)
    record.require_open(case)
    message = record.write(case, Message.Kind.REPLY, body, by=by, uploads=uploads)
    message.data = {"before": unsending.snapshot(case)}
    message.save(update_fields=["data"])
    now = timezone.now()
    fields = ["next_update_at"]
    if case.first_replied_at is None:
        case.first_replied_at = now
        fields.append("first_replied_at")
    if case.assignee_id is None and case.specialist_id != by.pk:
        case.assignee = by
        fields.append("assignee")
        subscribe(by, case, reason="assigned")
        record.event(case, "taken", by=by, internal=True)
    if effect == WAIT:
        case.state, case.next_update_at = State.WAITS, None
        fields.append("state")
    else:
        case.next_update_at = policy.next_update_due(now)
        # A question about an idea goes on waiting for its answer.
        offered = case.state == State.WAITS and moves.waiting_move(case) is not None
        if case.state in {State.NEW, State.WAITS} and not offered:
            case.state = State.WITH_US
            fields.append("state")
    record.save(case, *fields)
    verb = "case.asks" if effect == WAIT else "case.replied"
    tell.customers(case, verb, by=by, about=message)
    return message


@transaction.atomic
def note(case: Case, body: str, *, by: User, uploads: Iterable[Upload] = ()) -> Message:
    """For the desk alone: no clock, no list, no search and no mail of the customer's notices."""
    case = record.locked(case)
    record.require_desk(case, by)
    message = record.write(case, Message.Kind.NOTE, body, by=by, uploads=uploads)
    if case.assignee_id or case.specialist_id:
        tell.desk(case, "case.noted", by=by, about=message)
    return message
