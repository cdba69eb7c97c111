"""What the pages of the help centre need, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from kb.models import ArticlePage, RelatedArticle, SectionPage
from kb.tree import family
from search.query import similar

HEAVY = ("body", "body_html", "body_text", "contents")
RELATED = 3
_RELATED_SECONDS = 6 * 3600


def locale_of(language: str) -> Locale | None:
    return Locale.objects.filter(language_code=language).first()


def root_of(language: str) -> SectionPage | None:
    """The help centre in this language, else in English."""
    roots = {
        page.locale.language_code: page
        for page in SectionPage.objects.filter(
            translation_key=family("help"), locale__language_code__in=[language, "en"]
        ).select_related("locale")
    }
    return roots.get(language) or roots.get("en")


def find(path: str, language: str, viewer: Any) -> Any | None:
    """The article or section at an address below /help/, in this language or else in English.

    A path of the English tree under another language's prefix is found too: there the page
    says that it exists in English only.
    """
    path = path.strip("/")
    languages = list(dict.fromkeys([language, settings.LANGUAGE_CODE]))
    endings = Q(url_path__endswith=f"/help/{path}/")
    for model in (ArticlePage, SectionPage):
        rows = model.objects.visible_to(viewer).filter(
            endings, locale__language_code__in=languages
        )
        found = {
            row.locale.language_code: row
            for row in rows.select_related("locale", "product")
            if row.url_path.split("/", 2)[2] == f"help/{path}/"
        }
        for code in languages:
            if code in found:
                return found[code]
    return None


def crumbs(page: Any) -> list[tuple[str, str | None]]:
    """Sections from the help centre down to the page itself, which has no address."""
    step = page.steplen
    paths = [page.path[:end] for end in range(3 * step, len(page.path), step)]
    sections = SectionPage.objects.filter(path__in=paths).select_related("locale").order_by("path")
    return [(section.title, section.url) for section in sections] + [(page.title, None)]


@dataclass(frozen=True)
class Branch:
    """One line of the tree at the side."""

    title: str
    url: str
    is_here: bool
    children: list[Branch]


def tree(page: Any, viewer: Any) -> list[Branch]:
    """The top section the page is in, opened down to the page."""
    step = page.steplen
    top = page.path[: 4 * step]
    own = page.path if isinstance(page, SectionPage) else page.path[:-step]
    if len(page.path) < 4 * step:
        top = page.path
    sections = list(
        SectionPage.objects.visible_to(viewer)
        .filter(path__startswith=top)
        .select_related("locale")
        .order_by("path")
    )
    articles = list(
        ArticlePage.objects.visible_to(viewer)
        .filter(path__startswith=own, depth=len(own) // step + 1, is_archived=False)
        .select_related("locale")
        .defer(*HEAVY)
        .order_by("path")[:60]
    )
    return _branches(sections, articles, page, own)


def _branches(
    sections: list[SectionPage], articles: list[ArticlePage], page: Any, own: str
) -> list[Branch]:
    leaves = [Branch(row.title, row.url, row.pk == page.pk, []) for row in articles]
    lines: list[Branch] = []
    for section in sections:
        children = leaves if section.path == own else []
        lines.append(Branch(section.title, section.url, section.pk == page.pk, children))
    return lines


def translations(page: Any, viewer: Any) -> dict[str, str]:
    """Address by language of every version the viewer may read, the page itself included."""
    rows = (
        type(page)
        .objects.visible_to(viewer)
        .filter(translation_key=page.translation_key)
        .select_related("locale")
        .only("pk", "url_path", "locale__language_code")
    )
    return {row.locale.language_code: row.url for row in rows}


def related(page: ArticlePage, viewer: Any) -> list[ArticlePage]:
    """Hand-picked articles first, then the most similar ones; readable, live, same language."""
    picked = list(
        RelatedArticle.objects.filter(page=page)
        .order_by("sort_order")
        .values_list("article", flat=True)
    )
    wanted = picked[:RELATED]
    if len(wanted) < RELATED:
        wanted += [pk for pk in _similar(page) if pk not in wanted and pk != page.pk]
    rows = {
        row.pk: row
        for row in ArticlePage.objects.visible_to(viewer)
        .filter(pk__in=wanted, locale_id=page.locale_id, is_archived=False)
        .select_related("locale", "product")
        .defer(*HEAVY)
    }
    return [rows[pk] for pk in wanted if pk in rows][:RELATED]


def _similar(page: ArticlePage) -> list[int]:
    """What a visitor would be shown; kept per revision, and re-checked for each viewer."""
    name = f"kb.related.{page.pk}.{page.live_revision_id}"
    found: list[int] | None = cache.get(name)
    if found is None:
        language = page.locale.language_code
        hits = similar(
            page.title,
            page.body_text[:2000],
            viewer=None,
            kinds=["article"],
            exclude=("article", str(page.pk)),
            limit=RELATED + 3,
            language=language,
        )
        found = [int(hit.object_id) for hit in hits if hit.language == language]
        cache.set(name, found, _RELATED_SECONDS)
    return found


def sections_in(section: SectionPage, viewer: Any) -> list[SectionPage]:
    return list(
        SectionPage.objects.visible_to(viewer)
        .filter(path__startswith=section.path, depth=section.depth + 1)
        .select_related("locale")
        .order_by("path")
    )


def articles_in(section: SectionPage, viewer: Any) -> Any:
    return (
        ArticlePage.objects.visible_to(viewer)
        .filter(path__startswith=section.path, depth=section.depth + 1, is_archived=False)
        .select_related("locale", "product")
        .defer(*HEAVY)
    )


def language_links(page: Any, viewer: Any) -> list[dict[str, Any]]:
    """The switch: each interface language, with a mark where the article is missing in it."""
    names = dict(settings.LANGUAGES)
    found = translations(page, viewer)
    own = page.locale.language_code
    links = []
    for code in dict.fromkeys([*settings.INTERFACE_LANGUAGES, *found]):
        url = found.get(code)
        if url is None:
            with translation.override(code):
                rest = page.url_path.split("/", 2)[2].removeprefix("help/")
                url = reverse("kb:page", args=[rest])
        links.append(
            {
                "code": code,
                "name": names.get(code, code),
                "url": url,
                "exists": code in found,
                "is_current": code == own,
            }
        )
    return links


def subsections(sections: list[SectionPage], viewer: Any) -> dict[str, list[SectionPage]]:
    """The sections one level below each of these, by the path of the upper one."""
    if not sections:
        return {}
    depth = sections[0].depth + 1
    parent = sections[0].path[: -SectionPage.steplen]
    found: dict[str, list[SectionPage]] = {}
    rows = (
        SectionPage.objects.visible_to(viewer)
        .filter(path__startswith=parent, depth=depth)
        .select_related("locale")
        .order_by("path")
    )
    for row in rows:
        found.setdefault(row.path[: -row.steplen], []).append(row)
    return found
