"""The help centre: a tree of sections with articles, and what readers say about them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet

from accounts.access import is_customer, is_staff
from common.blocks import ArticleBlocks
from common.markdown import VERSION
from kb.editing import ArticleForm, SectionForm
from kb.locales import language_of
from kb.rendering import render_article
from products.models import Product, Tag


class Visibility(models.TextChoices):
    """Who may read; the strictest of an article and its sections counts (KB-05)."""

    PUBLIC = "public", _("Everybody")
    CUSTOMERS = "customers", _("Customers and staff")
    STAFF = "staff", _("Staff only")


PRODUCT_HELP = _("Filters and the lists of a product go by it.")
VISIBILITY_HELP = _("A stricter section outdoes it.")
SLUG_HELP = _("The end of the address. Old addresses go on leading here.")
HELP_SLUG = "help"
# The help centre's own page: below the tree's root and the home page.
HELP_DEPTH = 3
STRICTNESS = {Visibility.PUBLIC: 0, Visibility.CUSTOMERS: 1, Visibility.STAFF: 2}


def readable_by(user: Any) -> list[str]:
    """The visibilities this viewer may read."""
    if is_staff(user):
        return list(Visibility.values)
    if is_customer(user):
        return [Visibility.PUBLIC, Visibility.CUSTOMERS]
    return [Visibility.PUBLIC]


# Derived columns: revisions neither keep them nor bring them back.
DERIVED = (
    "effective_visibility",
    "article_count",
    "body_html",
    "body_text",
    "contents",
    "reading_minutes",
    "renderer_version",
    "helpful_revision",
    "helpful_count",
    "unhelpful_count",
)


class HelpQuerySet(PageQuerySet):  # type: ignore[misc]
    def visible_to(self, user: Any) -> Self:
        """Live pages whose effective visibility admits the viewer."""
        found: Self = self.filter(live=True, effective_visibility__in=readable_by(user))
        return found


def address_of(url_path: str, language: str) -> str:
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    _empty, _home, rest = url_path.split("/", 2)
    return f"{prefix}/{rest}"


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

    # Wagtail's own page privacy is off: it would be a second rule beside visibility.
    private_page_options: ClassVar[list[str]] = []

    @property
    def language(self) -> str:
        return language_of(self.locale_id)

    def get_url(self, request: Any = None, current_site: Any = None) -> str:
        """The address without asking Wagtail's site cache: the tree has one home a language."""
        return address_of(self.url_path, self.language)

    url = property(get_url)

    def get_absolute_url(self) -> str:
        return self.get_url()

    def get_full_url(self, request: Any = None) -> str:
        return f"{settings.BASE_URL}{self.get_url()}"

    full_url = property(get_full_url)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """What Wagtail builds redirects and its own links from."""
        parts = super().get_url_parts(request)
        # A page outside of the site, for example in the course of being made, has no address.
        return (parts[0], settings.BASE_URL, self.get_url()) if parts else None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Readers come through kb.views.page, where visibility is asked."""
        raise Http404

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        # The name of the cycle: views import models.
        from kb.views import preview

        return preview(request, self)

    def serializable_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().serializable_data()
        return {name: value for name, value in data.items() if name not in DERIVED}

    def with_content_json(self, content: Any) -> Any:
        found = super().with_content_json(content)
        for name in DERIVED:
            if hasattr(self, name):
                setattr(found, name, getattr(self, name))
        return found

    def strictest(self) -> str:
        """Own visibility or the parent's stored one, whichever is stricter."""
        parent = None
        if self.depth and self.depth > 2:
            parent = SectionPage.objects.filter(path=self.path[: -self.steplen]).first()
        above = parent.effective_visibility if parent else Visibility.PUBLIC
        return max(self.visibility, above, key=lambda value: STRICTNESS[Visibility(value)])


class SectionPage(HelpPage):
    """A section of the help centre; sections nest."""

    lead = models.CharField(_("lead"), max_length=300, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    article_count = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = HelpManager()

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "kb.SectionPage"]
    subpage_types: ClassVar[list[str]] = ["kb.SectionPage", "kb.ArticlePage"]
    base_form_class = SectionForm
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("lead", help_text=_("One sentence below the title: what stands in here.")),
        FieldPanel("product", help_text=PRODUCT_HELP),
        FieldPanel("icon"),
        FieldPanel("visibility", help_text=VISIBILITY_HELP),
    ]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug", help_text=SLUG_HELP)]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_admin_default_ordering(self) -> str:
        """As readers see them: a list of sections in the order of the tree."""
        is_branch = SectionPage.objects.child_of(self).exists()
        return "ord" if is_branch else str(super().get_admin_default_ordering())

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """A language has one help centre; all other sections stand in it."""
        if not super().can_create_at(parent):
            return False
        return parent.specific_class is SectionPage or not parent.get_children().exists()

    def clean(self) -> None:
        super().clean()
        # Every address of the help centre begins with it, see kb.urls.
        if self.depth == HELP_DEPTH and self.slug != HELP_SLUG:
            raise ValidationError({"slug": _("The help centre itself stays at “help”.")})

    def can_move_to(self, parent: Any) -> bool:
        return super().can_move_to(parent) and parent.specific_class is SectionPage

    def save(self, *args: Any, **kwargs: Any) -> None:
        whole = kwargs.get("update_fields") is None
        if whole:
            self.effective_visibility = self.strictest()
        super().save(*args, **kwargs)
        if whole and self.numchild:
            # The name of the cycle: visibility imports models.
            from kb.visibility import recompute

            recompute(self.path)


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

    base_form_class = ArticleForm
    parent_page_types: ClassVar[list[str]] = ["kb.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary", help_text=_("One or two sentences; lists and search show them.")),
        FieldPanel(
            "body",
            help_text=_(
                "Texts are Markdown: ## heading, **bold**, `code`, - list, [link](address)."
                " Headings become the contents of the page."
            ),
        ),
        FieldPanel("product", help_text=PRODUCT_HELP),
        FieldPanel("tags"),
        FieldPanel("visibility", help_text=VISIBILITY_HELP),
        FieldPanel(
            "checked_at",
            help_text=_("The day on which somebody last went through the steps. Readers see it."),
        ),
        FieldPanel(
            "is_archived",
            help_text=_("About something that no longer exists: found below all others."),
        ),
        InlinePanel(
            "related_links",
            label=_("Related article"),
            heading=_("Related articles"),
            max_num=5,
            help_text=_("Picked by hand, they come first; others follow by themselves."),
        ),
    ]
    # Nothing reads Wagtail's title tag, description and menus.
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug", help_text=SLUG_HELP)]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail saves single columns often; only a whole save can bring a new body.
        if kwargs.get("update_fields") is None:
            self.draw(self.language)
            self.effective_visibility = self.strictest()
            if self.helpful_revision != self.live_revision_id:
                self.count_helpful()
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            # The name of the cycle: files imports models.
            from kb.files import remember

            remember(self)

    def count_helpful(self) -> None:
        """The counters of the published revision: a new one begins at zero, an old one comes back."""
        self.helpful_revision = self.live_revision_id
        votes = HelpfulVote.objects.filter(page_id=self.pk, revision_id=self.live_revision_id)
        counts = dict(votes.values_list("is_helpful").annotate(n=Count("pk")).order_by())
        self.helpful_count, self.unhelpful_count = counts.get(True, 0), counts.get(False, 0)

    def draw(self, language: str) -> None:
        """Fills the derived columns from the body."""
        # Gives new blocks their ids now: anchors are made from them.
        self.body.get_prep_value()
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


class ArticleFile(models.Model):
    """A picture or document that an article's stored text shows or links; kb.files asks it."""

    article = models.ForeignKey(ArticlePage, models.CASCADE, related_name="files")
    # The address without its leading slash: "media/images/…", "documents/7/…".
    name = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "name"], name="file_once"),)

    def __str__(self) -> str:
        return self.name


class HelpfulVote(models.Model):
    """ "Was this helpful?" about one published revision (KB-02); no identity beyond a cookie."""

    class Reason(models.TextChoices):
        ACCURATE = "accurate", _("It is accurate")
        EASY = "easy", _("It is easy to follow")
        SOLVED = "solved", _("It solved my problem")
        VISUALS = "visuals", _("The pictures help")
        INFORMATIVE = "informative", _("It tells me what I need to know")
        INACCURATE = "inaccurate", _("Something in it is wrong")
        CONFUSING = "confusing", _("It is hard to follow")
        NO_VISUALS = "no_visuals", _("Pictures are missing, or do not help")
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
