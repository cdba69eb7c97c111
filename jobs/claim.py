"""Takes one job for this worker and for no other."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult


def claim(rows: QuerySet[DBTaskResult[Any, Any]], worker_id: str) -> DBTaskResult[Any, Any] | None:
    # A plain look first: on SQLite a transaction takes the one write lock, each second, for nothing.
    if not rows.exists():
        return None
    with transaction.atomic():
        row: DBTaskResult[Any, Any] | None = rows.get_locked()  # type: ignore[attr-defined]
        if row is not None:
            row.claim(worker_id)
    return row
