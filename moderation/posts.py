"""What every text that people post has in common: source and HTML, author, hiding, deleting."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.access import Role, has_role
from common.markdown import VERSION, stored
from moderation.models import Moderated

# Also the condition of the lists' indexes.
SHOWN = Q(hidden_at__isnull=True, deleted_at__isnull=True)


P = TypeVar("P", bound=models.Model)


class PostQuerySet(models.QuerySet[P]):
    def public(self) -> Self:
        """Neither hidden by a moderator nor deleted by its author."""
        return self.filter(SHOWN)

    def visible_to(self, user: Any) -> Self:
        """What a person may open: moderators also what was hidden, to restore it.

        Lists, counts, feeds and search show `public()` to everybody alike.
        """
        if has_role(user, Role.MODERATOR):
            return self.filter(deleted_at__isnull=True)
        return self.public()


class Post(Moderated):
    """What somebody wrote: source and rendered HTML are stored together."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body_source = models.TextField()
    body_html = models.TextField(blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=VERSION)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.hidden_at is None and self.deleted_at is None

    @property
    def html(self) -> SafeString:
        return stored(self.body_html)
