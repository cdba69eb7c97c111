"""Votes: one concrete table a kind, one row a person, a stored counter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone


class Vote(models.Model):
    """Base of each vote table; the concrete class adds `target` and a unique constraint."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


def set_vote(
    votes: type[models.Model],
    target: models.Model,
    user: Any,
    *,
    on: bool,
    counter: str,
    extra: dict[str, Any] | None = None,
) -> bool:
    """Puts or takes back one vote; True if something changed.

    The row is inserted first and the counter moves by what the database accepted, so a
    retry or two racing requests never count twice (reliability class 18). VOTES has the
    foreign key `target`; EXTRA are further columns of a new row.
    """
    rows: models.Manager[Any] = votes._default_manager  # type: ignore[attr-defined]
    counters: models.Manager[Any] = type(target)._base_manager
    with transaction.atomic():
        if on:
            try:
                with transaction.atomic():
                    rows.create(target=target, user=user, **(extra or {}))
            except IntegrityError:
                return False
            change = 1
        else:
            change = -rows.filter(target=target, user=user).delete()[0]
            if not change:
                return False
        counters.filter(pk=target.pk).update(**{counter: F(counter) + change})
    target.refresh_from_db(fields=[counter])
    return True


def recount(votes: type[models.Model], targets: type[models.Model], counter: str, base: str) -> int:
    """Repairs stored counters (imported base + rows); returns how many were wrong."""
    rows: models.Manager[Any] = votes._default_manager  # type: ignore[attr-defined]
    counted = dict(
        rows.order_by()
        .values_list("target")
        .annotate(n=models.Count("pk"))
        .values_list("target", "n")
    )
    wrong = 0
    objects: models.Manager[Any] = targets._base_manager  # type: ignore[attr-defined]
    for pk, stored, start in objects.values_list("pk", counter, base).iterator():
        right = start + counted.get(pk, 0)
        if stored != right:
            wrong += 1
            objects.filter(pk=pk).update(**{counter: right})
    return wrong
