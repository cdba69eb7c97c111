"""How an article becomes a document of the search."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kb.models import ArticlePage, Visibility
from kb.rendering import passages
from search.registry import Document, Passage, Source, register

TOKENS = {
    Visibility.PUBLIC: frozenset({"public"}),
    Visibility.CUSTOMERS: frozenset({"customers", "staff"}),
    Visibility.STAFF: frozenset({"staff"}),
}


@register
class ArticleSource(Source[ArticlePage]):
    kind = "article"
    model = ArticlePage
    label = _("Articles")
    words = ("articles", "help", "kb")

    def queryset(self) -> QuerySet[ArticlePage]:
        rows: QuerySet[ArticlePage] = (
            ArticlePage.objects.filter(live=True).select_related("product").prefetch_related("tags")
        )
        return rows

    def document(self, obj: ArticlePage) -> Document | None:
        parts = passages(obj)
        summary = obj.summary
        return Document(
            kind=self.kind,
            object_id=str(obj.pk),
            title=obj.title,
            url=obj.get_url(),
            language=obj.language,
            tokens=TOKENS[Visibility(obj.effective_visibility)],
            product=obj.product.code if obj.product else "",
            tags=tuple(tag.slug for tag in obj.tags.all()),
            state="archived" if obj.is_archived else "",
            demoted=obj.is_archived,
            popularity=obj.helpful_count - obj.unhelpful_count,
            created_at=obj.first_published_at,
            updated_at=obj.last_published_at,
            family=f"article:{obj.translation_key}",
            passages=tuple(
                Passage(anchor=anchor, heading=heading, text=text)
                for anchor, heading, text in _with_summary(parts, summary)
            ),
        )

    def visible_to(self, viewer: Any) -> QuerySet[ArticlePage]:
        rows: QuerySet[ArticlePage] = ArticlePage.objects.visible_to(viewer)
        return rows


def _with_summary(parts: list[tuple[str, str, str]], summary: str) -> list[tuple[str, str, str]]:
    return [("", "", summary), *parts] if summary else parts
