"""Figures about the queue, for /readyz and for people on call."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from jobs.models import Schedule


def figures() -> dict[str, Any]:
    """Jobs waiting, running and failed, and how long the oldest due one has waited (seconds)."""
    now = timezone.now()
    due = DBTaskResult.objects.filter(status="READY").filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=now)
    )
    oldest = due.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    last = Schedule.objects.order_by("-last_at").exclude(last_at=None).first()
    return {
        "waiting": due.count(),
        "oldest_seconds": round((now - oldest).total_seconds()) if oldest else 0,
        "running": DBTaskResult.objects.filter(status="RUNNING").count(),
        "failed": DBTaskResult.objects.filter(status="FAILED").count(),
        "last_tick": last.last_at.isoformat() if last and last.last_at else None,
    }
