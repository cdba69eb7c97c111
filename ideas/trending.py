"""How much an idea is wanted now: votes and comments of 30 days against its age (ID-14)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from ideas.models import Idea, IdeaComment, IdeaVote

WINDOW = timedelta(days=30)
_BATCH = 500


def trend(votes: int, comments: int, age: timedelta) -> float:
    hours = max(age.total_seconds(), 0) / 3600
    return float((5 * votes + 3 * comments - 1) / (hours + 2) ** 1.4)


def recalculate(now: datetime | None = None) -> int:
    """Writes every idea's trend anew; returns how many changed."""
    now = now or timezone.now()
    since = now - WINDOW
    votes = dict(
        IdeaVote.objects.filter(created_at__gte=since)
        .values_list("target")
        .annotate(n=Count("pk"))
        .values_list("target", "n")
    )
    comments = dict(
        IdeaComment.objects.public()
        .filter(created_at__gte=since)
        .values_list("idea")
        .annotate(n=Count("pk"))
        .values_list("idea", "n")
    )
    changed: list[Idea] = []
    total = 0
    rows = Idea.objects.public().only("pk", "created_at", "trend").order_by("pk")
    for idea in rows.iterator(chunk_size=_BATCH):
        value = trend(votes.get(idea.pk, 0), comments.get(idea.pk, 0), now - idea.created_at)
        if value != idea.trend:
            idea.trend = value
            changed.append(idea)
        if len(changed) == _BATCH:
            total += Idea.objects.bulk_update(changed, ["trend"])
            changed = []
    return total + (Idea.objects.bulk_update(changed, ["trend"]) if changed else 0)
