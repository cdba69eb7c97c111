"""Work beside the requests: warnings of late replies, and text rendered anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common.markdown import VERSION, render
from jobs import job
from support.actions import tell
from support.models import Case, Message, State

_BATCH = 200


@job(queue="default")
def warn_of_late() -> None:
    """Once for each due time, also when the worker was down at that moment (S-28)."""
    now = timezone.now()
    late = (
        Case.objects.open()
        .exclude(state=State.WAITS)
        .filter(
            Q(first_replied_at=None) & _due("first_reply_due_at", now)
            | Q(first_replied_at__isnull=False) & _due("next_update_at", now)
        )
    )
    for pk in late.order_by("priority", "opened_at").values_list("pk", flat=True)[:_BATCH]:
        _warn(pk)


def _due(name: str, now: datetime) -> Q:
    """Over, and not warned of yet."""
    fresh = Q(warned_for=None) | ~Q(warned_for=F(name))
    return Q(**{f"{name}__lte": now}) & fresh


@transaction.atomic
def _warn(pk: int) -> None:
    case = Case.objects.select_for_update().get(pk=pk)
    due = case.due_at
    if due is None or due > timezone.now() or case.warned_for == due:
        return
    case.warned_for = due
    case.save(update_fields=["warned_for"])
    tell.desk(case, "case.overdue")


@job(queue="bulk")
def renew_html() -> None:
    """What an older renderer made is made anew, never while somebody reads."""
    old = Message.objects.written().filter(renderer_version__lt=VERSION)
    for message in old.order_by("pk")[:_BATCH]:
        staff = message.kind != Message.Kind.CUSTOMER
        _save(message, body_html=render(message.body_source, staff=staff))
    closed = Case.objects.filter(renderer_version__lt=VERSION).exclude(resolution_text="")
    for case in closed.order_by("pk")[:_BATCH]:
        _save(case, resolution_html=render(case.resolution_text, staff=True))


def _save(row: Any, **html: str) -> None:
    type(row).objects.filter(pk=row.pk, renderer_version=F("renderer_version")).update(
        **html, renderer_version=VERSION
    )
