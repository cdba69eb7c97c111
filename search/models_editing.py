"""What editors do for search: synonyms, pinned results; and what people typed, counted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.editing.phrases import MAX_PHRASE, MAX_PHRASE_WORDS, MAX_PHRASES, phrases_in, same_words

QUERY_LENGTH = 200


def languages() -> list[tuple[str, Any]]:
    return [("", _("All languages")), *settings.LANGUAGES]


class EditingState(models.Model):
    """One row whose token every change of synonyms and pins replaces; processes look at it."""

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token


class SynonymGroup(models.Model):
    """Words and phrases that mean the same: who types one also finds the others (SE-04)."""

    words = models.TextField(
        _("words that mean the same"),
        help_text=_("One word or phrase on each line, for example: sign in, log in, login."),
    )
    language = models.CharField(_("language"), max_length=35, blank=True, choices=languages)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("synonym group")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return ", ".join(self.phrases)

    @property
    def phrases(self) -> list[str]:
        return phrases_in(self.words)

    def clean(self) -> None:
        phrases = self.phrases
        _check_phrases("words", phrases)
        if len(phrases) < 2 or len(same_words(phrases, self.language)) < 2:
            raise ValidationError(
                {"words": _("Enter at least two different words or phrases, one on each line.")}
            )
        self.words = "\n".join(phrases)


class Pin(models.Model):
    """A thing that stands first for certain queries (SE-13)."""

    queries = models.TextField(
        _("for these searches"),
        help_text=_(
            "One search on each line. The words count in any order and form; small words do not."
        ),
    )
    language = models.CharField(_("for readers in"), max_length=35, blank=True, choices=languages)
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, help_text=_("Where several are pinned, 1 comes first.")
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("pinned result")
        verbose_name_plural = _("pinned results")

    def __str__(self) -> str:
        return ", ".join(self.phrases)

    @property
    def phrases(self) -> list[str]:
        return phrases_in(self.queries)

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.object_id

    def clean(self) -> None:
        phrases = self.phrases
        if not phrases:
            raise ValidationError({"queries": _("Enter at least one search.")})
        _check_phrases("queries", phrases)
        self.queries = "\n".join(phrases)
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must come after the start.")})

    def is_running(self) -> bool:
        now = timezone.now()
        return (
            self.is_active
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
        )


def _check_phrases(field: str, phrases: list[str]) -> None:
    if len(phrases) > MAX_PHRASES:
        raise ValidationError(
            {field: _("At most %(count)s lines fit here.") % {"count": MAX_PHRASES}}
        )
    for phrase in phrases:
        if not any(letter.isalnum() for letter in phrase):
            problem = _("“%(phrase)s” holds no word.")
        elif len(phrase) > MAX_PHRASE or len(phrase.split()) > MAX_PHRASE_WORDS:
            problem = _("“%(phrase)s” is too long: at most %(count)s words.")
        else:
            continue
        shown = phrase if len(phrase) <= MAX_PHRASE else f"{phrase[:MAX_PHRASE]}…"
        raise ValidationError({field: problem % {"phrase": shown, "count": MAX_PHRASE_WORDS}})


class QueryCount(models.Model):
    """How often something was searched for on a day: nothing says by whom (SE-11)."""

    day = models.DateField()
    language = models.CharField(max_length=35)
    # Normalised and masked; see search/editing/masking.py.
    text = models.CharField(max_length=QUERY_LENGTH)
    searches = models.PositiveIntegerField(default=0)
    # Of these, with filters, without any result, and followed by at least one click.
    filtered = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    # All clicks.
    clicks = models.PositiveIntegerField(default=0)
    # How many results there were the last time.
    results = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "language", "text"], name="search_querycount_once"
            ),
        ]
        verbose_name = _("search")
        verbose_name_plural = _("searches")

    def __str__(self) -> str:
        return f"{self.day} {self.text}"


class QueryClick(models.Model):
    """What people opened after a search; public things only."""

    count = models.ForeignKey(QueryCount, models.CASCADE, related_name="clicked")
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=64)
    clicks = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["count", "kind", "object_id"], name="search_queryclick_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
