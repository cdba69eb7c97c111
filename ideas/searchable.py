"""How an idea is found: its text and the official answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common.markdown import plain_text
from ideas.models import Idea, Stage
from search.registry import Document, Source, register


@register
class IdeaSource(Source[Idea]):
    kind = "idea"
    model = Idea
    label = _("Ideas")
    words = ("ideas", "wishes")
    state_words: ClassVar = {
        "open": (Stage.Category.OPEN, Stage.Category.PLANNED, Stage.Category.STARTED),
        "closed": Stage.CLOSED,
    }

    def queryset(self) -> QuerySet[Idea]:
        return Idea.objects.public().select_related("stage", "product").prefetch_related("tags")

    def document(self, obj: Idea) -> Document | None:
        # The official answer stands first, so that it is the passage shown (ID-08).
        texts = [plain_text(html) for html in (obj.official_html, obj.body_html) if html]
        if obj.stage_reason:
            texts.insert(0, obj.stage_reason)
        # Entries keep the unprefixed address, whatever language the writer reads in.
        with override("en"):
            url = obj.get_absolute_url()
        return Document(
            kind=self.kind,
            object_id=str(obj.pk),
            title=obj.title,
            body="\n\n".join(texts),
            url=url,
            language=obj.language,
            tokens=frozenset({"public"}),
            product=obj.product.code if obj.product else "",
            tags=tuple(tag.slug for tag in obj.tags.all()),
            state=obj.state,
            demoted=obj.stage.category == Stage.Category.DECLINED,
            popularity=obj.vote_count,
            created_at=obj.created_at,
            updated_at=obj.last_activity_at,
        )

    def states(self, viewer: Any = None) -> dict[str, Any]:
        return dict(Stage.Category.choices)
