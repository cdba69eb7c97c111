"""Hiding, which any post can have, and the flags that lead to it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from common.markdown import plain_text


class Moderated(models.Model):
    """Base of everything a moderator may hide; hidden rows stay and can be restored."""

    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    hidden_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def moderation_key(self) -> str:
        """How the addresses of moderation name this kind: `forum.question`."""
        return self._meta.label_lower

    @property
    def moderation_title(self) -> str:
        """What moderators see in their list: the title, or a post's first words."""
        body = plain_text(getattr(self, "body_html", "")) or getattr(self, "body_source", "")
        words = getattr(self, "title", "") or body or str(self)
        return Truncator(" ".join(str(words).split())).chars(120)

    def moderation_changed(self) -> None:
        """Called in the transaction of hiding and restoring: refresh search and counters here."""


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self if has_role(user, Role.MODERATOR) else self.filter(by=user)

    def pending(self) -> Self:
        return self.filter(state=Flag.State.PENDING)


class Flag(models.Model):
    """One person says that something should not stand here."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam")
        ABUSE = "abuse", _("Abuse")
        OFF_TOPIC = "off-topic", _("Off topic")
        PRIVATE = "private", _("Private data")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = (
            models.UniqueConstraint(
                fields=["target_type", "target_id", "by"], name="one_flag_a_person"
            ),
        )
        indexes = (models.Index(fields=["state", "created_at", "id"], name="flag_queue"),)

    def __str__(self) -> str:
        return f"{self.reason}: {self.target_type_id}:{self.target_id}"


class HiddenItemQuerySet(models.QuerySet["HiddenItem"]):
    def visible_to(self, user: Any) -> Self:
        """Moderators all of them; an author their own, which is how they are told."""
        if not user.is_authenticated:
            return self.none()
        return self if has_role(user, Role.MODERATOR) else self.filter(author=user)


class HiddenItem(models.Model):
    """The list of what is hidden now, over all kinds, so that it can be paged."""

    target_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    hidden_at = models.DateTimeField(default=timezone.now)

    objects = HiddenItemQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["target_type", "target_id"], name="hidden_once"),
        )
        indexes = (models.Index(fields=["-hidden_at", "-id"], name="hidden_newest"),)

    def __str__(self) -> str:
        return f"{self.target_type_id}:{self.target_id}"
