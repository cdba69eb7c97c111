"""What people wish for, how many wish it, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import search
from accounts.access import Role, has_role, is_staff
from common.addresses import numbered
from common.fields import WordsField
from common.languages import local
from common.text import fit_address, slugify
from common.votes import Vote
from links.models import Move
from moderation.posts import SHOWN, Post, PostQuerySet
from products.models import Product, Tag

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TITLE_LENGTH = 120
SUMMARY_LENGTH = 200
REASON_LENGTH = 500
# People vote for a text; after a day its author no longer changes what they voted for.
EDIT_WINDOW = timedelta(hours=24)


class Stage(models.Model):
    """A stage that the vendor names; what it means to the site is its category (ID-02)."""

    class Category(models.TextChoices):
        OPEN = "open", _("Open")
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Being built")
        SHIPPED = "shipped", _("Shipped")
        DECLINED = "declined", _("Declined")

    CLOSED = (Category.SHIPPED, Category.DECLINED)

    code = models.SlugField(_("code"), unique=True, max_length=40)
    names = WordsField(_("names"))
    descriptions = WordsField(_("descriptions"), blank=True)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_default = models.BooleanField(_("new ideas start here"), default=False)

    class Meta:
        ordering = ("position", "code")
        verbose_name = _("stage of ideas")
        verbose_name_plural = _("stages of ideas")
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_stage",
                violation_error_message=_(
                    "New ideas start in another stage; take the mark away there first."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            before = Stage.objects.filter(pk=self.pk).values_list("category", flat=True).first()
            super().save(*args, **kwargs)
            if before not in {None, self.category}:
                # The name of the cycle: tasks import models.
                from ideas.tasks import refresh_stage

                refresh_stage.enqueue(self.pk, 0)

    @property
    def name(self) -> str:
        return local(self.names) or self.code

    @property
    def description(self) -> str:
        return local(self.descriptions)

    @property
    def is_closed(self) -> bool:
        return self.category in self.CLOSED

    @property
    def needs_reason(self) -> bool:
        return self.category == self.Category.DECLINED


class IdeaQuerySet(PostQuerySet["Idea"]):
    def live(self) -> Self:
        """Still to be decided or built."""
        return self.exclude(stage__category__in=Stage.CLOSED)

    def with_parts(self) -> Self:
        return self.select_related("stage", "product", "author", "official_by")


class Idea(Post):
    """One wish, with its votes and the vendor's answer."""

    class ShownAs(models.TextChoices):
        PERSON = "person", _("The author")
        SUPPORT = "support", _("Support, for a customer")

    language = models.CharField(max_length=35, default="en")
    shown_as = models.CharField(max_length=10, choices=ShownAs.choices, default=ShownAs.PERSON)
    title = models.CharField(max_length=TITLE_LENGTH)
    slug = models.CharField(max_length=80)
    summary = models.CharField(max_length=SUMMARY_LENGTH, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    stage_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    stage_changed_at = models.DateTimeField(null=True, blank=True)
    vote_count = models.PositiveIntegerField(default=0)
    # Votes that came with an import, which has no rows for them.
    base_votes = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    trend = models.FloatField(default=0)
    official_source = models.TextField(blank=True)
    official_html = models.TextField(blank=True)
    official_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    official_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField(default=timezone.now)
    imported = models.BooleanField(default=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        # One index for each sort of the list; every page starts from shown rows.
        indexes = (
            models.Index(F("trend").desc(), F("id").desc(), condition=SHOWN, name="idea_trend"),
            models.Index(
                F("vote_count").desc(), F("id").desc(), condition=SHOWN, name="idea_wanted"
            ),
            models.Index(
                F("created_at").desc(), F("id").desc(), condition=SHOWN, name="idea_newest"
            ),
            models.Index(
                F("last_activity_at").desc(), F("id").desc(), condition=SHOWN, name="idea_changed"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return numbered("ideas:idea", self.pk, self.slug)

    def make_slug(self) -> str:
        return fit_address(slugify(self.title, "idea")[:80]) or "idea"

    # The names that rows and states of every kind share.
    @property
    def state(self) -> str:
        return self.stage.category

    def get_state_display(self) -> str | _StrPromise:
        return self.stage.name

    @property
    def is_open(self) -> bool:
        """Whether votes still count."""
        return self.is_public and not self.stage.is_closed

    @property
    def is_by_support(self) -> bool:
        return self.shown_as == self.ShownAs.SUPPORT

    def moderation_changed(self) -> None:
        search.refresh(self)

    def may_edit(self, user: Any) -> bool:
        if not user.is_authenticated or not self.is_public:
            return False
        own = self.author_id == user.pk and timezone.now() - self.created_at < EDIT_WINDOW
        return own or has_role(user, Role.PRODUCT_MANAGER)


class IdeaVote(Vote):
    """One person's vote; `move` is set when a confirmed move cast it (ID-06)."""

    class Source(models.TextChoices):
        SELF = "self", _("Voted here")
        CASE = "case", _("From a case")
        QUESTION = "question", _("From a question")

    target = models.ForeignKey(Idea, models.CASCADE, related_name="votes")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.SELF)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    move = models.ForeignKey(Move, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["target", "user"], name="idea_vote_once"),)
        indexes = (models.Index(fields=["user", "target"], name="idea_vote_user"),)

    def __str__(self) -> str:
        return f"{self.user_id} → {self.target_id}"


class CommentQuerySet(PostQuerySet["IdeaComment"]):
    def public(self) -> Self:
        """What everybody may read and what is counted."""
        return super().public().filter(is_staff_note=False)

    def visible_to(self, user: Any) -> Self:
        """A comment is as visible as its idea; a note only for staff (ID-12)."""
        rows = self.filter(deleted_at=None, idea__deleted_at=None)
        if not has_role(user, Role.MODERATOR):
            rows = rows.filter(hidden_at=None, idea__hidden_at=None)
        return rows if is_staff(user) else rows.filter(is_staff_note=False)


class IdeaComment(Post):
    """A word on an idea, or a note that only staff read."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="comments")
    language = models.CharField(max_length=35, default="en")
    is_staff_note = models.BooleanField(default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on an idea")
        verbose_name_plural = _("comments on ideas")
        indexes = (models.Index(fields=["idea", "created_at", "id"], name="idea_comments"),)

    def __str__(self) -> str:
        return f"{self.idea_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.idea.get_absolute_url()}#comment-{self.pk}"

    def moderation_changed(self) -> None:
        count = IdeaComment.objects.public().filter(idea=self.idea_id).count()
        Idea.objects.filter(pk=self.idea_id).update(comment_count=count)
        search.refresh(self.idea)

    def may_edit(self, user: Any) -> bool:
        return (
            user.is_authenticated
            and self.author_id == user.pk
            and self.is_public
            and timezone.now() - self.created_at < EDIT_WINDOW
        )


class StageChange(models.Model):
    """When an idea changed its stage, and why."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="stage_changes")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["idea", "at"], name="idea_stages"),)

    def __str__(self) -> str:
        return f"{self.idea_id}: {self.stage_id}"
