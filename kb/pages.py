"""What the pages of the help centre need, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from kb.models import HELP_DEPTH, ArticlePage, SectionPage
from kb.tree import family

# Long columns that no list shows.
HEAVY = ("body", "body_html", "body_text", "contents", "search_description")
STEP = SectionPage.steplen
# Articles of a section that the tree shows; of more, those around the page.
LEAVES = 40


def root_of(language: str) -> SectionPage | None:
    """The help centre in this language, else in English."""
    rows = SectionPage.objects.filter(
        translation_key=family("help"), locale__language_code__in=[language, settings.LANGUAGE_CODE]
    )
    roots = {page.language: page for page in rows}
    return roots.get(language) or roots.get(settings.LANGUAGE_CODE)


def find(path: str, language: str, viewer: Any) -> Any | None:
    """The article or section at an address below /help/: of this language, else English, else any."""
    path = path.strip("/")
    if not path or "\0" in path:
        return None
    for model in (ArticlePage, SectionPage):
        rows = (
            model.objects.visible_to(viewer)
            .filter(slug=path.rpartition("/")[2], url_path__endswith=f"/help/{path}/")
            .select_related("product")
        )
        if model is ArticlePage:
            rows = rows.defer("body", "body_text")
        found = {row.language: row for row in rows if _path_of(row) == path}
        for code in (language, settings.LANGUAGE_CODE, *found):
            if code in found:
                return found[code]
    return None


def _path_of(page: Any) -> str:
    """The part of the address after /help/."""
    rest: str = page.url_path.split("/", 2)[2]
    return rest.removeprefix("help/").strip("/")


@dataclass
class Branch:
    """One line of the tree at the side."""

    title: str
    url: str
    is_here: bool = False
    is_open: bool = False
    is_section: bool = False
    children: list[Branch] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """Where a page stands: the way down to it, and the tree around it."""

    crumbs: list[tuple[str, str | None]]
    tree: list[Branch]


def surroundings(page: Any, viewer: Any) -> Surroundings:
    own = page.path if isinstance(page, SectionPage) else page.path[:-STEP]
    top = page.path[: (HELP_DEPTH + 1) * STEP]
    above = [page.path[:end] for end in range(HELP_DEPTH * STEP, len(page.path), STEP)]
    sections = list(
        SectionPage.objects.visible_to(viewer)
        .filter(Q(path__in=above) | Q(path__startswith=top))
        .order_by("path")
    )
    crumbs: list[tuple[str, str | None]] = [
        (_crumb(section), section.url) for section in sections if section.path in above
    ]
    inside = [section for section in sections if section.path.startswith(top)]
    return Surroundings([*crumbs, (page.title, None)], _tree(inside, page, own, viewer))


def _crumb(section: SectionPage) -> str:
    """The help centre's own name is the interface's: in the reader's language."""
    return _("Help centre") if section.depth == HELP_DEPTH else section.title


def _tree(sections: list[SectionPage], page: Any, own: str, viewer: Any) -> list[Branch]:
    """The top section the page is in, with all sections below it, opened at the page's own."""
    branches: dict[str, Branch] = {}
    roots: list[Branch] = []
    for section in sections:
        branch = Branch(
            section.title,
            section.url,
            is_here=section.pk == page.pk,
            is_open=own.startswith(section.path),
            is_section=True,
        )
        branches[section.path] = branch
        upper = branches.get(section.path[:-STEP])
        (upper.children if upper else roots).append(branch)
    here = next((section for section in sections if section.path == own), None)
    if here is not None:
        leaves = [
            Branch(row.title, row.url, is_here=row.pk == page.pk)
            for row in _leaves(here, page, viewer)
        ]
        branches[own].children = [*leaves, *branches[own].children]
    return roots


def _leaves(section: SectionPage, page: Any, viewer: Any) -> list[ArticlePage]:
    rows = articles_in(section, viewer).select_related(None).order_by("path")
    if isinstance(page, SectionPage) or section.article_count <= LEAVES:
        return list(rows[:LEAVES])
    # Half of the lines for what stands before the page.
    before = list(rows.filter(path__lt=page.path).order_by("-path")[: LEAVES // 2])
    return [*reversed(before), *rows.filter(path__gte=page.path)[: LEAVES - len(before)]]


def translations(page: Any, viewer: Any) -> dict[str, str]:
    """Address by language of every version the viewer may read, the page itself included."""
    rows = (
        type(page)
        .objects.visible_to(viewer)
        .filter(translation_key=page.translation_key)
        .only("pk", "url_path", "locale_id")
    )
    return {row.language: row.url for row in rows}


def sections_in(section: SectionPage, viewer: Any) -> list[SectionPage]:
    return list(
        SectionPage.objects.visible_to(viewer)
        .filter(path__startswith=section.path, depth=section.depth + 1)
        .order_by("path")
    )


def articles_in(section: SectionPage, viewer: Any) -> Any:
    return (
        ArticlePage.objects.visible_to(viewer)
        .filter(path__startswith=section.path, depth=section.depth + 1, is_archived=False)
        .select_related("product")
        .defer(*HEAVY)
    )


@dataclass(frozen=True)
class Language:
    """One version of a page."""

    code: str
    name: str
    url: str
    full_url: str
    is_current: bool


def languages(page: Any, found: dict[str, str]) -> list[Language]:
    """The switch: every language there is a readable version in, the site's order."""
    return [
        Language(
            code, name, found[code], f"{settings.BASE_URL}{found[code]}", code == page.language
        )
        for code, name in settings.LANGUAGES
        if code in found
    ]


def subsections(sections: list[SectionPage], viewer: Any) -> dict[str, list[SectionPage]]:
    """The sections one level below each of these, by the path of the upper one."""
    if not sections:
        return {}
    found: dict[str, list[SectionPage]] = {}
    rows = (
        SectionPage.objects.visible_to(viewer)
        .filter(path__startswith=sections[0].path[:-STEP], depth=sections[0].depth + 1)
        .order_by("path")
    )
    for row in rows:
        found.setdefault(row.path[:-STEP], []).append(row)
    return found
