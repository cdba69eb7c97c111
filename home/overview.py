"""What the home page shows, each part in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, memberships_of
from common.addresses import numbered
from forum.models import Question, State, Tally
from ideas.models import Idea, IdeaVote
from kb.models import ArticlePage, SectionPage, address_of
from support.models import Case
from support.models import State as CaseState

LINKS_A_PRODUCT = 3
LATEST = 4
# Root, home page, help centre, top section.
TOP_DEPTH = 4


@dataclass(frozen=True)
class Station:
    """One of the ways on: mark, name, what it is, one live figure, where it leads."""

    kind: str
    name: str
    text: str
    figure: str
    url: str


def stations() -> list[Station]:
    articles = _article_figure()
    solved, asked = _question_figures()
    ideas = Idea.objects.public().aggregate(
        all=Count("pk"), building=Count("pk", filter=Q(stage__category="started"))
    )
    share = _("%(share)s %% solved") % {"share": round(100 * solved / asked)} if solved else ""
    wishes = ngettext("%(count)s idea", "%(count)s ideas", ideas["all"]) % {"count": ideas["all"]}
    if not ideas["all"]:
        wishes = ""
    if ideas["building"]:
        building = ngettext("%(count)s being built", "%(count)s being built", ideas["building"])
        wishes = f"{wishes}, {building % {'count': ideas['building']}}"
    return [
        Station("article", _("Read"), _("Step-by-step articles, checked by the people who build it"),
                articles, reverse("kb:index")),
        Station("question", _("Ask"), _("Other admins answer, experts and staff join in"),
                share, reverse("forum:list")),
        Station("case", _("Open a case"), _("For organisation admins, sorted by what is broken"),
                _("First reply within one business day"), reverse("support:contact")),
        Station("idea", _("Wish"), _("What we don’t do yet, weighed by votes"),
                wishes, reverse("ideas:list")),
    ]  # fmt: skip


def _article_figure() -> str:
    month = timezone.now().date() - timedelta(days=30)
    figures = (
        ArticlePage.objects.filter(
            live=True, effective_visibility="public", locale__language_code=_content_language()
        ).aggregate(all=Count("pk"), checked=Count("pk", filter=Q(checked_at__gte=month)))
    )  # fmt: skip
    if not figures["all"]:
        return ""
    count = ngettext("%(count)s article", "%(count)s articles", figures["all"]) % {
        "count": figures["all"]
    }
    if not figures["checked"]:
        return count
    checked = _("%(count)s checked this month") % {"count": figures["checked"]}
    return f"{count}, {checked}"


def _question_figures() -> tuple[int, int]:
    rows = Tally.objects.values_list("state").annotate(n=Sum("count"))
    by_state = dict(rows)
    return by_state.get(State.SOLVED, 0), sum(by_state.values())


def _content_language() -> str:
    """The active language where the help centre speaks it, else English."""
    return (get_language() or "en").lower()


def solved_lately(limit: int = 4, among: int = 24) -> list[Any]:
    """The newest; of the last few dozen those in the reader's language come first."""
    rows = list(
        Question.objects.public()
        .filter(solved_at__isnull=False)
        .select_related("product", "author")
        .defer("body_source", "body_html")
        .order_by("-solved_at")[:among]
    )
    language = _content_language()
    return sorted(rows, key=lambda question: question.language != language)[:limit]


def often_asked(limit: int = 3) -> list[Any]:
    """Real words of real people: the questions most others had of late."""
    since = timezone.now() - timedelta(days=120)
    return list(
        Question.objects.public()
        .filter(created_at__gte=since, language=_content_language())
        .only("pk", "title", "slug", "language")
        .order_by("-me_too_count", "-pk")[:limit]
    )


def most_wanted(viewer: Any, limit: int = 3) -> list[dict[str, Any]]:
    ideas = list(
        Idea.objects.public()
        .live()
        .select_related("stage", "product")
        .defer("body_source", "body_html", "official_source", "official_html")
        .order_by("-vote_count", "-pk")[:limit]
    )
    mine: set[int] = set()
    if viewer.is_authenticated and ideas:
        mine = set(
            IdeaVote.objects.filter(user=viewer, target__in=ideas).values_list("target", flat=True)
        )
    return [
        {"idea": idea, "is_on": idea.pk in mine, "vote_url": numbered("ideas:vote", idea.pk)}
        for idea in ideas
    ]


@dataclass(frozen=True)
class HelpOverview:
    """The help centre on the home page, in the reader's language or else in English."""

    by_product: list[dict[str, Any]]
    latest: list[Any]


def help_overview(viewer: Any) -> HelpOverview:
    sections = _top_sections(viewer)
    if not sections:
        return HelpOverview([], [])
    locale = sections[0].locale_id
    articles = ArticlePage.objects.visible_to(viewer).filter(locale=locale, is_archived=False)
    links: dict[str, list[int]] = {section.path: [] for section in sections}
    steps = TOP_DEPTH * SectionPage.steplen
    # Keys alone: two hundred pages as objects cost more than all the rest of this page.
    for path, pk in articles.order_by("-checked_at", "-pk").values_list("path", "pk")[:200]:
        found = links.get(path[:steps])
        if found is not None and len(found) < LINKS_A_PRODUCT:
            found.append(pk)
    latest = list(
        articles.order_by("-last_published_at", "-pk").values_list("pk", flat=True)[:LATEST]
    )
    shown = _articles(latest + [pk for pks in links.values() for pk in pks], sections[0].language)
    return HelpOverview(
        [
            {"section": section, "articles": [shown[pk] for pk in links[section.path]]}
            for section in sections
        ],
        [shown[pk] for pk in latest],
    )


@dataclass(frozen=True)
class Article:
    """What components/row_article.html reads."""

    title: str
    url: str
    summary: str
    checked_at: Any
    language: str


def _articles(pks: list[int], language: str) -> dict[int, Article]:
    columns = ("pk", "title", "url_path", "summary", "checked_at")
    rows = ArticlePage.objects.filter(pk__in=pks).values_list(*columns)
    return {
        pk: Article(title, address_of(path, language), summary, checked, language)
        for pk, title, path, summary, checked in rows
    }


def _top_sections(viewer: Any) -> list[SectionPage]:
    """One query for both languages: the reader's, and English where that has no sections."""
    code = _content_language()
    found: dict[str, list[SectionPage]] = {}
    rows = (
        SectionPage.objects.visible_to(viewer)
        .filter(depth=TOP_DEPTH, locale__language_code__in={code, "en"})
        .select_related("locale")
        .order_by("path")
    )
    for row in rows:
        found.setdefault(row.locale.language_code, []).append(row)
    return found.get(code) or found.get("en") or []


def needs_you(viewer: Any) -> list[dict[str, Any]]:
    """What waits for this person: cases, and own questions with answers none of which is accepted."""
    rows = [_case_row(case) for case in _cases_that_wait(viewer)]
    open_questions = (
        Question.objects.public()
        .filter(author=viewer, state__in=[State.ANSWERED, State.NEEDS_INFO])
        .only("pk", "title", "slug", "state", "answer_count", "language")
        .order_by("-last_activity_at")[: max(0, 4 - len(rows))]
    )
    return rows + [_question_row(question) for question in open_questions]


def _cases_that_wait(viewer: Any) -> list[Case]:
    cases = Case.objects.visible_to(viewer)
    if has_role(viewer, Role.AGENT):
        cases = cases.filter(assignee=viewer, state__in=[CaseState.NEW, CaseState.WITH_US])
    elif has_role(viewer, Role.SPECIALIST):
        cases = cases.filter(specialist=viewer, state=CaseState.SPECIALISTS)
    elif memberships_of(viewer):
        cases = cases.filter(state=CaseState.WAITS)
    else:
        return []
    return list(cases.in_queue_order()[:3])


def _case_row(case: Case) -> dict[str, Any]:
    why = _("We wait for your answer") if case.state == CaseState.WAITS else _("Waits for you")
    return {
        "kind": "case",
        "title": case.subject,
        "language": case.language,
        "url": case.get_absolute_url(),
        "why": why,
        "priority": case.priority,
    }


def _question_row(question: Question) -> dict[str, Any]:
    if question.state == State.NEEDS_INFO:
        why = _("Somebody asked you for details")
    else:
        why = ngettext(
            "%(count)s answer, not accepted yet",
            "%(count)s answers, none accepted yet",
            question.answer_count,
        ) % {"count": question.answer_count}
    return {
        "kind": "question",
        "title": question.title,
        "language": question.language,
        "url": question.get_absolute_url(),
        "why": why,
        "priority": 0,
    }
