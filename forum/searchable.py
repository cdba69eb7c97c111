"""How a question becomes a search entry: its text, then the solution, then the other answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common.markdown import plain_text
from forum.models import Answer, Question, State
from search.registry import Document, Source, register

# Beyond these an answer adds no words that people search for.
_MAX_ANSWERS = 40


@register
class QuestionSource(Source[Question]):
    kind = "question"
    model = Question
    label = _("Questions")
    words = ("questions", "forum")
    state_words: ClassVar = {
        "open": (State.UNANSWERED, State.NEEDS_INFO, State.ANSWERED),
        "answered": (State.ANSWERED, State.SOLVED),
    }

    def queryset(self) -> QuerySet[Question]:
        answers = Answer.objects.public().only("question_id", "body_html", "score")
        return (
            Question.objects.public()
            .select_related("product")
            .prefetch_related(
                "tags",
                Prefetch("answers", answers.order_by("-score", "created_at"), "public_answers"),
            )
        )

    def document(self, obj: Question) -> Document | None:
        # Entries keep the unprefixed address, whatever language the asker reads in.
        with override("en"):
            url = obj.get_absolute_url()
        return Document(
            kind=self.kind,
            object_id=str(obj.pk),
            title=obj.title,
            body=_text(obj),
            url=url,
            language=obj.language,
            tokens=frozenset({"public"}),
            product=obj.product.code if obj.product else "",
            tags=tuple(tag.slug for tag in obj.tags.all()),
            solved=obj.is_solved,
            state=obj.state,
            # An old solution is still a solution; old talk without one ranks below.
            demoted=obj.duplicate_of_id is not None or (obj.is_archived and not obj.is_solved),
            popularity=obj.me_too_count + obj.answer_count,
            created_at=obj.created_at,
            updated_at=obj.last_activity_at,
        )


def _text(question: Any) -> str:
    answers = sorted(
        question.public_answers[:_MAX_ANSWERS],
        key=lambda answer: answer.pk != question.accepted_answer_id,
    )
    return "\n\n".join(plain_text(post.body_html) for post in [question, *answers])
