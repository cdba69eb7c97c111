"""Related articles: hand-picked ones first, then the most similar ones (KB-03, S-42)."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import get_language

from common.languages import interface_code
from kb.models import ArticlePage, RelatedArticle
from kb.pages import HEAVY
from search.query import similar

RELATED = 3
_KEPT_SECONDS = 6 * 3600


def related(page: ArticlePage, viewer: Any) -> list[ArticlePage]:
    """Live, readable by this viewer, in the reader's language or that of the article."""
    found = _picked(page, viewer)
    if len(found) < RELATED:
        known = {row.pk for row in found}
        wanted = [pk for pk in _similar(page) if pk not in known and pk != page.pk]
        rows = {row.pk: row for row in _readable(page, viewer).filter(pk__in=wanted)}
        found += [rows[pk] for pk in wanted if pk in rows]
    return _translated(found[:RELATED], page, viewer)


def _translated(found: list[ArticlePage], page: ArticlePage, viewer: Any) -> list[ArticlePage]:
    """Who reads a foreign article for want of their own goes on in their own where there is one."""
    reader = interface_code(get_language() or "en")
    if not found or page.language == reader:
        return found
    rows = (
        ArticlePage.objects.visible_to(viewer)
        .filter(translation_key__in=[row.translation_key for row in found])
        .filter(locale__language_code=reader, is_archived=False)
        .defer(*HEAVY)
    )
    own = {row.translation_key: row for row in rows}
    return [own.get(row.translation_key, row) for row in found]


def _readable(page: ArticlePage, viewer: Any) -> QuerySet[ArticlePage]:
    rows: QuerySet[ArticlePage] = (
        ArticlePage.objects.visible_to(viewer)
        .filter(locale_id=page.locale_id, is_archived=False)
        .exclude(pk=page.pk)
        .defer(*HEAVY)
    )
    return rows


def _picked(page: ArticlePage, viewer: Any) -> list[ArticlePage]:
    """In the page's own language: a translation's list may still name the originals."""
    if page.pk is None:
        return []
    keys = list(
        RelatedArticle.objects.filter(page=page)
        .order_by("sort_order", "pk")
        .values_list("article__translation_key", flat=True)
    )
    if not keys:
        return []
    rows = {
        row.translation_key: row for row in _readable(page, viewer).filter(translation_key__in=keys)
    }
    return [rows[key] for key in dict.fromkeys(keys) if key in rows]


def _similar(page: ArticlePage) -> list[int]:
    """What a visitor would be shown; kept per revision, and re-checked for each viewer."""
    name = f"kb.related.{page.pk}.{page.live_revision_id}"
    found: list[int] | None = cache.get(name)
    if found is None:
        hits = similar(
            page.title,
            page.body_text[:2000],
            viewer=None,
            kinds=["article"],
            exclude=("article", str(page.pk)),
            limit=RELATED + 3,
            language=page.language,
        )
        found = [int(hit.object_id) for hit in hits if hit.language == page.language]
        cache.set(name, found, _KEPT_SECONDS)
    return found
