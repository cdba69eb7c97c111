"""When each scheduled job was last put in the queue."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Schedule(models.Model):
    """One row a scheduled job; the row is the lock that keeps two workers from doubling it."""

    name = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
