"""Questions that admins ask each other, their answers, comments, votes and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from common.addresses import numbered
from common.text import fit_address, slugify
from common.votes import Vote
from moderation.posts import SHOWN, Post, PostQuerySet
from products.models import Product, Tag

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TITLE_LENGTH = 160
# Imported titles may be longer than what people type here.
COLUMN_LENGTH = 250


class State(models.TextChoices):
    """Where a question stands; stored, so that lists filter by an index (FO-10)."""

    UNANSWERED = "unanswered", _("Unanswered")
    NEEDS_INFO = "needs_info", _("Needs details")
    ANSWERED = "answered", _("Answered")
    SOLVED = "solved", _("Solved")
    ARCHIVED = "archived", _("Archived")


class QuestionQuerySet(PostQuerySet[Any]):
    def unanswered(self) -> Self:
        """Nobody has answered yet; what was asked before is answered elsewhere."""
        return self.public().filter(
            state__in=[State.UNANSWERED, State.NEEDS_INFO],
            answer_count=0,
            duplicate_of__isnull=True,
        )

    def solved(self) -> Self:
        return self.public().filter(solved_at__isnull=False)


class AnswerQuerySet(PostQuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """An answer is as visible as its question."""
        rows = super().visible_to(user).filter(question__deleted_at__isnull=True)
        if has_role(user, Role.MODERATOR):
            return rows
        return rows.filter(question__hidden_at__isnull=True)


class CommentQuerySet(AnswerQuerySet):
    def visible_to(self, user: Any) -> Self:
        rows = super().visible_to(user).filter(answer__deleted_at__isnull=True)
        if has_role(user, Role.MODERATOR):
            return rows
        return rows.filter(answer__hidden_at__isnull=True)


class ImportablePost(Post):
    """A post that may have come from another place."""

    is_imported = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Question(ImportablePost):
    """A problem somebody has; `me_too_count` are the others who have it too (FO-02)."""

    title = models.CharField(_("title"), max_length=COLUMN_LENGTH)
    slug = models.CharField(max_length=80)
    language = models.CharField(_("language"), max_length=12, default="en")
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    tags = models.ManyToManyField(Tag, related_name="+", blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNANSWERED)
    me_too_count = models.PositiveIntegerField(default=0)
    base_me_too = models.PositiveIntegerField(default=0)
    answer_count = models.PositiveIntegerField(default=0)
    first_answer_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField(default=timezone.now)
    accepted_answer = models.ForeignKey(
        "Answer", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    # Empty again while the accepted answer is hidden; accepted_answer itself is kept.
    solved_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Articles seen before asking: [{"key", "title", "url"}] (FO-05).
    read_before = models.JSONField(default=list, blank=True)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="question_newest", condition=SHOWN),
            models.Index(
                fields=["-me_too_count", "-id"], name="question_most_had", condition=SHOWN
            ),
            models.Index(
                fields=["state", "-created_at", "-id"], name="question_state", condition=SHOWN
            ),
            models.Index(
                fields=["product", "-created_at", "-id"], name="question_product", condition=SHOWN
            ),
            models.Index(fields=["author", "-created_at"], name="question_author"),
            # "Solved lately" on the home page.
            models.Index(
                fields=["-solved_at", "-id"],
                name="question_solved",
                condition=SHOWN & Q(solved_at__isnull=False),
            ),
            # The daily archiving looks for the oldest activity only.
            models.Index(fields=["last_activity_at"], name="question_activity"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = slug_of(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return numbered("forum:question", self.pk, self.slug)

    @property
    def is_solved(self) -> bool:
        return self.solved_at is not None

    @property
    def is_archived(self) -> bool:
        return self.state == State.ARCHIVED

    @property
    def waiting_count(self) -> int:
        """Asking counts as having it: the asker and everybody who pressed."""
        return self.me_too_count + 1

    def moderation_changed(self) -> None:
        # The name of the cycle: actions import models.
        from forum.actions.states import question_moderated

        question_moderated(self)


def slug_of(title: str) -> str:
    return fit_address(slugify(title, "question")[:80]) or "question"


class Answer(ImportablePost):
    """One answer; its score is stored, so that answers are paged by key."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    helpful_count = models.PositiveIntegerField(default=0)
    unhelpful_count = models.PositiveIntegerField(default=0)
    base_helpful = models.PositiveIntegerField(default=0)
    base_unhelpful = models.PositiveIntegerField(default=0)
    score = models.IntegerField(default=0)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = (
            models.Index(fields=["question", "-score", "created_at", "id"], name="answer_order"),
            models.Index(fields=["author", "-created_at"], name="answer_author"),
        )

    def __str__(self) -> str:
        return Truncator(self.body_source).chars(80)

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}?answer={self.pk}#answer-{self.pk}"

    def moderation_changed(self) -> None:
        from forum.actions.states import answer_moderated

        answer_moderated(self)


class Comment(ImportablePost):
    """A short remark on a question or on one of its answers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="comments")
    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="comments"
    )

    objects: ClassVar[Any] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=["question", "created_at", "id"], name="comment_order"),)

    def __str__(self) -> str:
        return Truncator(self.body_source).chars(80)

    def get_absolute_url(self) -> str:
        page = f"?answer={self.answer_id}" if self.answer_id else ""
        return f"{self.question.get_absolute_url()}{page}#comment-{self.pk}"

    def moderation_changed(self) -> None:
        from forum.actions.states import comment_moderated

        comment_moderated(self)


class MeToo(Vote):
    """ "I have this too" (FO-02)."""

    target = models.ForeignKey(Question, models.CASCADE, related_name="me_toos")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["target", "user"], name="one_me_too"),)

    def __str__(self) -> str:
        return f"{self.user_id} → {self.target_id}"


class AnswerVote(Vote):
    """Helpful (+1) or unhelpful (-1)."""

    target = models.ForeignKey(Answer, models.CASCADE, related_name="votes")
    value = models.SmallIntegerField(choices=[(1, _("Helpful")), (-1, _("Unhelpful"))])

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["target", "user"], name="one_answer_vote"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="answer_vote_value"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} → {self.target_id}: {self.value:+d}"


class Revision(models.Model):
    """What a post said before an edit; everybody may read it (FO-08)."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="revisions")
    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    title = models.CharField(max_length=COLUMN_LENGTH, blank=True)
    body_source = models.TextField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    # Private data was taken out: the old text is for moderators only.
    is_withheld = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.question_id} {self.created_at:%Y-%m-%d %H:%M}"


class Event(models.Model):
    """Something that happened to a question, shown as a single line between the answers.

    It names no other thing: the pointer and the trail do, and check who may see it.
    """

    class Verb(models.TextChoices):
        ACCEPTED = "accepted", _("accepted an answer")
        UNACCEPTED = "unaccepted", _("took the solution back")
        NEEDS_INFO = "needs_info", _("asked for details")
        PROVIDED = "provided", _("added the details")
        DUPLICATE = "duplicate", _("marked this as asked before")
        NOT_DUPLICATE = "not_duplicate", _("opened this again as its own question")
        LINKED = "linked", _("linked this")
        MOVED = "moved", _("moved this to the ideas")
        MOVED_BACK = "moved_back", _("took this back from the ideas")
        ARCHIVED = "archived", _("Archived after half a year without news")

    question = models.ForeignKey(Question, models.CASCADE, related_name="events")
    verb = models.CharField(max_length=16, choices=Verb.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> str | _StrPromise:
        return self.Verb(self.verb).label

    @property
    def kind(self) -> str:
        return {"moved": "idea", "linked": "idea", "moved_back": "idea"}.get(self.verb, "question")


class Tally(models.Model):
    """How many public questions there are of each product, state and language."""

    # 0 stands for "no product": a null would not take part in the unique constraint.
    product_key = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["product_key", "state", "language"], name="one_forum_tally"
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_key}/{self.state}/{self.language}: {self.count}"


class TagTally(models.Model):
    """How many public questions carry a tag."""

    tag = models.OneToOneField(Tag, models.CASCADE, related_name="+")
    count = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["-count"], name="forum_tag_tally"),)

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.count}"
