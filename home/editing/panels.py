"""What needs each role, on the first page of the editing area: counts that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from accounts.access import Role, has_role
from ideas.models import Idea
from kb.models import ArticlePage
from moderation.models import Flag
from search.editing import figures
from support.models import Case

_SHOWN = 5
_CHECK_AFTER = timedelta(days=365)
# Fewer voices say little about an article.
_VOICES = 3


@dataclass(frozen=True)
class Row:
    title: str
    url: str
    fact: str = ""
    language: str = ""


@dataclass(frozen=True)
class Block:
    """One thing to do: a sentence, the first rows, and where the rest is."""

    title: str
    rows: list[Row] = field(default_factory=list)
    url: str = ""
    link: str = ""
    # What it says when there is nothing to do.
    none: str = ""


def blocks_for(user: Any) -> list[Block]:
    """In the order of urgency; an administrator has them all."""
    parts: tuple[tuple[Role, Callable[[Any], list[Block]]], ...] = (
        (Role.AGENT, _desk),
        (Role.MODERATOR, _reports),
        (Role.EDITOR, _articles),
        (Role.PRODUCT_MANAGER, _ideas),
    )
    found = [block for role, part in parts if has_role(user, role) for block in part(user)]
    # What there is to do comes first, what is done stands below.
    return sorted(found, key=lambda block: not block.rows)


def _desk(user: Any) -> list[Block]:
    counts = (
        Case.objects.on_desk_of(user)
        .open()
        .aggregate(
            mine=Count("pk", filter=Q(assignee=user)), free=Count("pk", filter=Q(assignee=None))
        )
    )
    desk = reverse("support:desk")
    mine = ngettext("%(count)s case is yours", "%(count)s cases are yours", counts["mine"])
    free = ngettext(
        "%(count)s case belongs to nobody yet",
        "%(count)s cases belong to nobody yet",
        counts["free"],
    )
    rows = [
        Row(mine % {"count": counts["mine"]}, f"{desk}?view=mine"),
        Row(free % {"count": counts["free"]}, f"{desk}?view=unassigned"),
    ]
    return [Block(_("Cases"), rows, desk, _("Open the case desk"))]


def _reports(user: Any) -> list[Block]:
    count = Flag.objects.visible_to(user).pending().count()
    words = ngettext("%(count)s report waits", "%(count)s reports wait", count) % {"count": count}
    address = reverse("moderation:index")
    return [
        Block(
            _("Reported posts"),
            [Row(words, address)] if count else [],
            address,
            _("Open moderation"),
            _("No reports are waiting."),
        )
    ]


def _articles(user: Any) -> list[Block]:
    pages = ArticlePage.objects.select_related("locale")
    drafts = pages.filter(Q(live=False) | Q(has_unpublished_changes=True), is_archived=False)
    drafts = drafts.filter(Q(first_published_at=None) | Q(live=True))
    voices = F("helpful_count") + F("unhelpful_count")
    doubted = (
        pages.live()
        .annotate(voices=voices)
        .filter(voices__gte=_VOICES, unhelpful_count__gte=F("helpful_count"), is_archived=False)
        .order_by("-unhelpful_count", "pk")
    )
    due = timezone.localdate() - _CHECK_AFTER
    old = (
        pages.live()
        .filter(Q(checked_at__lt=due) | Q(checked_at=None), is_archived=False)
        .order_by(F("checked_at").asc(nulls_first=True), "pk")
    )
    return [
        _block(
            _("Drafts not published yet"),
            drafts.order_by("-latest_revision_created_at", "pk"),
            _("No draft waits."),
            url=f"{reverse('kb_draft')}?choose=1",
            link=_("Write an article"),
        ),
        _block(
            _("Readers say these do not help"),
            doubted,
            _("No article is doubted by its readers."),
            fact=_doubts,
        ),
        *_untranslated(),
        _block(
            _("Not checked for a year"),
            old,
            _("Every article was checked within a year."),
            fact=_last_checked,
        ),
        *_searches(user),
    ]


def _block(
    title: str,
    found: Any,
    none: str,
    *,
    fact: Callable[[Any], str] = lambda page: "",
    url: str = "",
    link: str = "",
) -> Block:
    """The first of FOUND with the way to edit each, and how many more there are."""
    pages = list(found[: _SHOWN + 1])
    rows = [
        Row(
            page.get_admin_display_title(),
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            " · ".join(filter(None, (_language(page), fact(page)))),
            page.language,
        )
        for page in pages[:_SHOWN]
    ]
    if len(pages) > _SHOWN:
        title = f"{title} ({found.count()})"
    return Block(title, rows, url, link, none)


def _language(page: ArticlePage) -> str:
    """Titles are often the same in two languages."""
    first = page.language == settings.LANGUAGE_CODE
    return "" if first else str(dict(settings.LANGUAGES).get(page.language, page.language))


def _doubts(page: ArticlePage) -> str:
    votes = page.helpful_count + page.unhelpful_count
    return _("%(no)s of %(all)s say no") % {"no": page.unhelpful_count, "all": votes}


def _last_checked(page: ArticlePage) -> str:
    return str(page.checked_at) if page.checked_at else _("never")


def _untranslated() -> list[Block]:
    """What stands in the site's first language alone, for each other language of the interface."""
    names = dict(settings.LANGUAGES)
    blocks = []
    for code in settings.INTERFACE_LANGUAGES:
        if code == settings.LANGUAGE_CODE:
            continue
        there = ArticlePage.objects.filter(
            translation_key=OuterRef("translation_key"), locale__language_code=code
        )
        found = (
            ArticlePage.objects.live()
            .select_related("locale")
            .filter(~Exists(there), locale__language_code=settings.LANGUAGE_CODE, is_archived=False)
            .order_by("-helpful_count", "pk")
        )
        words = {"language": names[code]}
        blocks.append(
            _block(
                _("Not in %(language)s yet") % words,
                found,
                _("Everything is there in %(language)s.") % words,
            )
        )
    return blocks


def _searches(user: Any) -> list[Block]:
    if not user.has_perm("search.view_querycount"):
        return []
    rows = figures.rows_of(figures.queries(figures.EMPTY, 30)[:_SHOWN])
    address = reverse("search_report")
    found = [Row(row.text, address, str(row.empty), row.language) for row in rows]
    return [
        Block(
            _("Searched for and not found, 30 days"),
            found,
            address,
            _("Open the report"),
            _("Every search found something."),
        )
    ]


def _ideas(user: Any) -> list[Block]:
    ideas = (
        Idea.objects.visible_to(user)
        .live()
        .filter(official_at=None, stage__is_default=True)
        .order_by("-vote_count", "-pk")[:_SHOWN]
    )
    rows = [
        Row(
            idea.title,
            idea.get_absolute_url(),
            ngettext("%(count)s vote", "%(count)s votes", idea.vote_count)
            % {"count": idea.vote_count},
            idea.language,
        )
        for idea in ideas
    ]
    return [
        Block(
            _("New ideas without an answer from you, most wanted first"),
            rows,
            reverse("ideas:list"),
            _("All ideas"),
            _("Every new idea has an answer."),
        )
    ]


class NeedsYou(Component):  # type: ignore[misc]
    """First on the page, for whoever opens the editing area."""

    name = "needs_you"
    template_name = "home/editing/needs_you.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"blocks": blocks_for(parent_context["request"].user)}
