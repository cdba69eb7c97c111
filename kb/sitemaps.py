"""Addresses of public articles and sections, each with its other languages (ML-06)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q

from kb.models import ArticlePage, SectionPage, Visibility


class HelpSitemap(Sitemap):  # type: ignore[type-arg]
    """Asks no site for its host: BASE_URL says where we are."""

    limit = 1000
    model: Any = ArticlePage

    def items(self) -> Any:
        public = Q(live=True, effective_visibility=Visibility.PUBLIC)
        return (
            self.model.objects.filter(public)
            .only("pk", "url_path", "locale_id", "translation_key", "last_published_at")
            .order_by("pk")
        )

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        rows = list(self.paginator.page(page).object_list)
        families: dict[Any, list[Any]] = {}
        keys = {row.translation_key for row in rows}
        for row in self.items().filter(translation_key__in=keys):
            families.setdefault(row.translation_key, []).append(row)
        return [_entry(row, families[row.translation_key]) for row in rows]


class SectionSitemap(HelpSitemap):
    model = SectionPage


def _entry(row: Any, family: list[Any]) -> dict[str, Any]:
    alternates = []
    if len(family) > 1:
        alternates = [{"location": each.full_url, "lang_code": each.language} for each in family]
        alternates += [
            {"location": each.full_url, "lang_code": "x-default"}
            for each in family
            if each.language == settings.LANGUAGE_CODE
        ]
    return {
        "item": row,
        "location": row.full_url,
        "lastmod": row.last_published_at,
        "changefreq": "",
        "priority": "",
        "alternates": alternates,
    }
