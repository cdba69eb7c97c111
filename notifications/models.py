"""Who follows what, and what each person was told."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Subscription(models.Model):
    """How much a person wants to hear about one thing; `none` is a choice that is kept."""

    class Level(models.TextChoices):
        ALL = "all", _("Everything")
        SOLUTION = "solution", _("Only the solution")
        STATUS = "status", _("Only changes of state")
        NONE = "none", _("Nothing")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.ALL)
    reason = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["target_type", "target_id", "user"], name="one_subscription"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} → {self.target_type_id}:{self.target_id} ({self.level})"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: Any) -> NotificationQuerySet:
        return self.filter(user=user, withdrawn_at=None)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One event as one person was told of it: plain values, so any app can notify."""

    class Mail(models.TextChoices):
        PENDING = "pending", _("To be sent")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Not sent")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # One id an event: a fan-out that runs twice tells nobody twice.
    event = models.UUIDField(default=uuid.uuid4)
    verb = models.CharField(max_length=60)
    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    # The post that the event is about, where it is not the target: an answer, a comment.
    about_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    about_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=500)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)
    needs_you = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # Set while a moderator hides the target.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=10, choices=Mail.choices, default=Mail.PENDING)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=["event", "user"], name="told_once"),)
        indexes = (
            models.Index(fields=["user", "-created_at", "-id"], name="inbox"),
            models.Index(
                fields=["user"],
                condition=models.Q(read_at=None, withdrawn_at=None),
                name="inbox_unread",
            ),
            models.Index(fields=["target_type", "target_id"], name="notification_target"),
            models.Index(fields=["about_type", "about_id"], name="notification_about"),
        )

    def __str__(self) -> str:
        return f"{self.verb}: {self.title}"
