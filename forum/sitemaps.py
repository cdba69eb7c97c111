"""Addresses of public questions for search engines."""

from __future__ import annotations

from typing import Any

from common.sitemaps import PostSitemap
from forum.models import Question, State


class QuestionSitemap(PostSitemap):
    def items(self) -> Any:
        """Without what nobody answered in half a year: it would only be in the way (AP-04)."""
        return (
            Question.objects.public()
            .exclude(state=State.ARCHIVED, answer_count=0)
            .only("pk", "slug", "last_activity_at")
            .order_by("pk")
        )
