"""What every composer needs: files, drafts, and keys against double posts."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """128 random bits: whoever knows the address of a picture may see it, so nobody may guess it."""
    return secrets.token_urlsafe(16)


class IdempotencyKey(models.Model):
    """One creating form that was sent; written in the transaction of what it created."""

    # 0 for a visitor; no foreign key, the row lives for days only.
    owner = models.BigIntegerField(default=0)
    action = models.CharField(max_length=60)
    key = models.UUIDField()
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "owner", "action"], name="one_attempt"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class Upload(models.Model):
    """A file somebody sent: a public picture in a text, or a private file of a case."""

    class Purpose(models.TextChoices):
        IMAGE = "image", _("Picture in a text")
        CASE_FILE = "case_file", _("File of a case")

    id = models.CharField(primary_key=True, max_length=22, default=new_token, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    # The name in the storage; random too, and never shown.
    stored_as = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    target_type = models.ForeignKey(
        ContentType, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    target_id = models.BigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_type", "target_id")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["owner", "created_at"], name="upload_owner"),
            models.Index(fields=["target_type", "target_id"], name="upload_target"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class Draft(models.Model):
    """What somebody typed and has not sent, for the next device or day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="one_draft"),)

    def __str__(self) -> str:
        return self.key
