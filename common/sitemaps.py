"""Addresses of what people wrote: one each, without a language prefix (AP-04)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils.translation import override


class PostSitemap(Sitemap):  # type: ignore[type-arg]
    """Asks no site for its host: BASE_URL says where we are."""

    limit = 5_000

    def lastmod(self, item: Any) -> datetime.datetime:
        moment: datetime.datetime = item.last_activity_at
        return moment

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        with override(settings.LANGUAGE_CODE):
            return [self._entry(row) for row in self.paginator.page(page).object_list]

    def _entry(self, row: Any) -> dict[str, Any]:
        return {
            "item": row,
            "location": f"{settings.BASE_URL}{row.get_absolute_url()}",
            "lastmod": self.lastmod(row),
            "changefreq": "",
            "priority": "",
            "alternates": [],
        }
