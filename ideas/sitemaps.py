"""Addresses of public ideas for search engines."""

from __future__ import annotations

from typing import Any

from common.sitemaps import PostSitemap
from ideas.models import Idea


class IdeaSitemap(PostSitemap):
    def items(self) -> Any:
        return Idea.objects.public().only("pk", "slug", "last_activity_at").order_by("pk")
