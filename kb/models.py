"""The help centre: a tree of sections with articles, and what readers say about them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet

from accounts.access import is_customer, is_staff
from common.blocks import ArticleBlocks
from common.markdown import VERSION
from kb.rendering import render_article
from products.models import Product, Tag


class Visibility(models.TextChoices):
    """Who may read; the strictest of an article and its sections counts (KB-05)."""

    PUBLIC = "public", _("Everybody")
    CUSTOMERS = "customers", _("Customers and staff")
    STAFF = "staff", _("Staff only")


STRICTNESS = {Visibility.PUBLIC: 0, Visibility.CUSTOMERS: 1, Visibility.STAFF: 2}


def readable_by(user: Any) -> list[str]:
    """The visibilities this viewer may read."""
    if is_staff(user):
        return list(Visibility.values)
    if is_customer(user):
        return [Visibility.PUBLIC, Visibility.CUSTOMERS]
    return [Visibility.PUBLIC]


# Columns of an article that its revisions must not bring back.
DERIVED = ("helpful_revision", "helpful_count", "unhelpful_count", "effective_visibility")


class HelpQuerySet(PageQuerySet):  # type: ignore[misc]
    def visible_to(self, user: Any) -> Self:
        """Live pages whose effective visibility admits the viewer."""
        return self.filter(live=True, effective_visibility__in=readable_by(user))


HelpManager = PageManager.from_queryset(HelpQuerySet)


class HelpPage(Page):
    """What sections and articles share; kept abstract so that translation tools see plain pages."""

    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    visibility = models.CharField(
        _("who may read"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    # Derived: the strictest on the way from the root; recomputed on move and save.
    effective_visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC, editable=False
    )

    class Meta:
        abstract = True


class SectionPage(HelpPage):
    """A section of the help centre; sections nest."""

    lead = models.CharField(_("lead"), max_length=300, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    article_count = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = HelpManager()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "kb.SectionPage"]
    subpage_types: ClassVar[list[str]] = ["kb.SectionPage", "kb.ArticlePage"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("product"),
        FieldPanel("icon"),
        FieldPanel("visibility"),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = self.effective_visibility
        if kwargs.get("update_fields") is None:
            self.effective_visibility = self.strictest()
        super().save(*args, **kwargs)
        if self.effective_visibility != before:
            # The name of the cycle: visibility imports models.
            from kb.visibility import recompute

            recompute(self.path)

    def with_content_json(self, content: Any) -> Any:
        found = super().with_content_json(content)
        # A revision remembers old values of what is derived.
        found.article_count = self.article_count
        found.effective_visibility = self.effective_visibility
        return found


class ArticlePage(HelpPage):
    """An article; its rendered form is stored when it is published."""

    summary = models.CharField(_("summary"), max_length=250, blank=True)
    body = StreamField(ArticleBlocks(), verbose_name=_("body"), blank=True)
    tags = ParentalManyToManyField(Tag, blank=True, related_name="+", verbose_name=_("tags"))
    checked_at = models.DateField(_("last checked"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    # Derived from the body when it is saved.
    body_html = models.TextField(editable=False, blank=True)
    body_text = models.TextField(editable=False, blank=True)
    contents = models.JSONField(default=list, editable=False)  # [{"anchor", "text", "level"}]
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=VERSION, editable=False)
    # Of the published revision: a new text starts again at zero.
    helpful_revision = models.PositiveBigIntegerField(null=True, editable=False)
    helpful_count = models.PositiveIntegerField(default=0, editable=False)
    unhelpful_count = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = HelpManager()

    parent_page_types: ClassVar[list[str]] = ["kb.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("product"),
        FieldPanel("tags"),
        FieldPanel("visibility"),
        FieldPanel("checked_at"),
        FieldPanel("is_archived"),
        InlinePanel("related_links", label=_("Related articles"), max_num=5),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail saves single columns often; only a whole save can bring a new body.
        if kwargs.get("update_fields") is None:
            self.draw(self.locale.language_code)
            self.effective_visibility = self.strictest()
            if self.helpful_revision != self.live_revision_id:
                self.helpful_revision = self.live_revision_id
                self.helpful_count = self.unhelpful_count = 0
        super().save(*args, **kwargs)

    def with_content_json(self, content: Any) -> Any:
        found = super().with_content_json(content)
        # A revision remembers old values of what is derived.
        for name in DERIVED:
            setattr(found, name, getattr(self, name))
        return found

    def draw(self, language: str) -> None:
        """Fills the derived columns from the body."""
        rendered = render_article(self.body, language)
        self.body_html = rendered.html
        self.body_text = rendered.text
        self.contents = rendered.contents
        self.reading_minutes = rendered.minutes
        self.renderer_version = VERSION


class RelatedArticle(Orderable):
    """A hand-picked related article; it goes before the computed ones (KB-03)."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_links")
    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")

    panels: ClassVar[list[Any]] = [FieldPanel("article")]


class HelpfulVote(models.Model):
    """"Was this helpful?" about one published revision (KB-02); no identity beyond a cookie."""

    class Reason(models.TextChoices):
        ACCURATE = "accurate", _("It is accurate")
        EASY = "easy", _("It is easy to follow")
        SOLVED = "solved", _("It solved my problem")
        INACCURATE = "inaccurate", _("Something in it is wrong")
        CONFUSING = "confusing", _("It is hard to follow")
        MISSING = "missing", _("What I need is not in it")
        OUTDATED = "outdated", _("It no longer matches what I see")
        OTHER = "other", _("Something else")

    page = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")
    revision_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12)
    is_helpful = models.BooleanField()
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    text = models.CharField(max_length=600, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    # A visitor's 30-day cookie; empty for members.
    visitor = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["revision_id", "user"],
                condition=models.Q(user__isnull=False),
                name="helpful_once_member",
            ),
            models.UniqueConstraint(
                fields=["revision_id", "visitor"],
                condition=~models.Q(visitor=""),
                name="helpful_once_visitor",
            ),
        )

    def __str__(self) -> str:
        return f"{self.page_id} {'+' if self.is_helpful else '-'}"
