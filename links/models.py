"""How things belong together: typed links, moves from one kind to another, imported keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def type_of(thing: models.Model | type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(thing)


class Link(models.Model):
    """SOURCE is KIND (of) TARGET; who may see an end is the business of that end alone."""

    class Kind(models.TextChoices):
        PROMOTED_TO = "promoted_to", _("became")
        ANSWERED_BY = "answered_by", _("answered by")
        DUPLICATE_OF = "duplicate_of", _("same as")
        CAUSED_BY = "caused_by", _("caused by")
        FIXED_BY = "fixed_by", _("fixed by")
        DOCUMENTED_IN = "documented_in", _("described in")
        EVIDENCE_FOR = "evidence_for", _("counts for")

    source_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source_type", "source_id", "target_type", "target_id", "kind"],
                name="link_once",
            ),
        )
        # The unique constraint serves the source's side; this one the way back.
        indexes = (models.Index(fields=["target_type", "target_id"], name="link_target"),)

    def __str__(self) -> str:
        return f"{self.source_type_id}/{self.source_id} {self.kind} {self.target_type_id}/{self.target_id}"


class ImportedKey(models.Model):
    """Which object an outside system's key became, so that a second import adds only what is new."""

    system = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey("content_type", "object_id")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["system", "kind", "key"], name="imported_key_once"),
        )
        indexes = (models.Index(fields=["content_type", "object_id"], name="imported_object"),)

    def __str__(self) -> str:
        return f"{self.system}:{self.kind}:{self.key}"


class MoveQuerySet(models.QuerySet["Move"]):
    def of(self, source: models.Model) -> MoveQuerySet:
        return self.filter(source_type=type_of(source), source_id=source.pk)

    def waiting(self) -> MoveQuerySet:
        return self.filter(state=Move.State.PROPOSED)

    def due(self, now: datetime) -> MoveQuerySet:
        return self.waiting().filter(expires_at__lte=now)


class Move(models.Model):
    """A thing that may become another thing: proposed, decided, and undone for a while."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        UNDONE = "undone", _("Undone")

    source_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    source_id = models.PositiveBigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    destination = models.CharField(max_length=20)
    target_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    target_id = models.PositiveBigIntegerField(null=True)
    target = GenericForeignKey("target_type", "target_id")
    # {"existing": id} or the draft's own words; never a copy of messages or files.
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undo_data = models.JSONField(default=dict)
    undo_until = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        constraints = (
            # A thing waits for one answer at a time.
            models.UniqueConstraint(
                fields=["source_type", "source_id"],
                condition=Q(state="proposed"),
                name="move_one_open",
            ),
        )
        indexes = (
            models.Index(fields=["source_type", "source_id"], name="move_source"),
            models.Index(fields=["target_type", "target_id"], name="move_target"),
            models.Index(fields=["expires_at"], condition=Q(state="proposed"), name="move_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.source_type_id}/{self.source_id} → {self.destination} ({self.state})"

    @property
    def existing_id(self) -> int | None:
        """The thing to join, or None when a new one is drafted."""
        found: Any = self.payload.get("existing")
        return int(found) if found else None

    def can_be_undone(self, now: datetime | None = None) -> bool:
        return (
            self.state == self.State.CONFIRMED
            and self.undo_until is not None
            and (now or timezone.now()) < self.undo_until
        )
