"""Taking a reply back in the minute before its mail goes out (SU-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.models import User
from common.errors import Refused
from notifications.actions import withdraw
from support.actions import record
from support.models import Case, Message
from support.notices import UNSEND_WITHIN


def snapshot(case: Case) -> dict[str, Any]:
    """What a reply may change, kept with it so that it can be put back."""
    return {
        "state": case.state,
        "next_update_at": case.next_update_at.isoformat() if case.next_update_at else "",
        "was_first": case.first_replied_at is None,
    }


def until(message: Message, viewer: Any) -> datetime | None:
    """How long VIEWER may take the message back; None when it is not theirs, or has gone out."""
    if message.kind != Message.Kind.REPLY or message.author_id != viewer.pk:
        return None
    if "before" not in message.data:
        return None
    end = message.created_at + UNSEND_WITHIN
    return end if timezone.now() < end else None


@transaction.atomic
def unsend(message: Message, *, by: User) -> Message:
    """The reply becomes an internal note: nothing typed is lost, and no mail goes out."""
    case = record.locked(message.case)
    record.require_desk(case, by)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if until(message, by) is None:
        raise Refused(_("It has gone out and cannot be taken back."), code="late")
    record.require_open(case)
    newer = Message.objects.filter(case=case, pk__gt=message.pk, is_internal=False)
    if newer.exists():
        raise Refused(_("Something was written after it. It stays."), code="answered")
    before = message.data.pop("before")
    message.kind, message.is_internal = Message.Kind.NOTE, True
    message.save(update_fields=["kind", "is_internal", "data"])
    Case.objects.filter(pk=case.pk).update(message_count=F("message_count") - 1)
    withdraw(message)
    record.event(case, "unsent", by=by, internal=True)
    case.state = before["state"]
    due = before["next_update_at"]
    case.next_update_at = datetime.fromisoformat(due) if due else None
    if before["was_first"]:
        case.first_replied_at = None
    record.save(case, "state", "next_update_at", "first_replied_at", quiet=True)
    log(instance=case, action="support.case.unsend", user=by)
    return message
