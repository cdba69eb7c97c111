"""What must hold of stored counters and states; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from forum.actions import tallies
from forum.actions.states import lock, settle
from forum.models import Answer, AnswerVote, MeToo, Question


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "forum: me-toos are counted", list(_me_too_faults())
    yield "forum: votes on answers are counted", list(_vote_faults())
    yield "forum: answers are counted", list(_answer_faults())
    yield "forum: solutions belong to their question", list(_solution_faults())
    yield "forum: filters are counted", list(_tally_faults())


def repair() -> int:
    """Writes anew what was wrong; returns how many rows."""
    wrong = _me_toos().update(me_too_count=_me_too_sum())
    wrong += _votes().update(
        helpful_count=_vote_sum(1, "base_helpful"),
        unhelpful_count=_vote_sum(-1, "base_unhelpful"),
        score=_vote_sum(1, "base_helpful") - _vote_sum(-1, "base_unhelpful"),
    )
    for question in list(_answers()):
        with transaction.atomic():
            settle(lock(question))
        wrong += 1
    return wrong + tallies.recount()


def _rows(model: type[MeToo] | type[AnswerVote], **wanted: int) -> Coalesce:
    counted = (
        model.objects.filter(target=OuterRef("pk"), **wanted)
        .order_by()
        .values("target")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _me_too_sum() -> Combinable:
    return F("base_me_too") + _rows(MeToo)


def _vote_sum(value: int, base: str) -> Combinable:
    return F(base) + _rows(AnswerVote, value=value)


def _me_toos() -> QuerySet[Question]:
    rows: QuerySet[Question] = Question.objects.exclude(me_too_count=_me_too_sum())
    return rows


def _votes() -> QuerySet[Answer]:
    return Answer.objects.exclude(
        helpful_count=_vote_sum(1, "base_helpful"),
        unhelpful_count=_vote_sum(-1, "base_unhelpful"),
        score=F("helpful_count") - F("unhelpful_count"),
    )


def _answers() -> QuerySet[Question]:
    public = Q(answers__hidden_at=None, answers__deleted_at=None)
    counted = Question.objects.annotate(right=Count("answers", filter=public))
    rows: QuerySet[Question] = counted.exclude(answer_count=F("right"))
    return rows


def _me_too_faults() -> Iterator[str]:
    for pk, stored in _me_toos().values_list("pk", "me_too_count"):
        yield f"question {pk}: {stored} me-toos stored"


def _vote_faults() -> Iterator[str]:
    for pk, helpful, unhelpful in _votes().values_list("pk", "helpful_count", "unhelpful_count"):
        yield f"answer {pk}: {helpful} helpful and {unhelpful} unhelpful stored"


def _answer_faults() -> Iterator[str]:
    for question in _answers():
        yield f"question {question.pk}: {question.answer_count} answers stored"


def _solution_faults() -> Iterator[str]:
    wrong = Question.objects.filter(accepted_answer__isnull=False).exclude(
        accepted_answer__question=F("pk")
    )
    for pk in wrong.values_list("pk", flat=True):
        yield f"question {pk}: its solution belongs to another question"


def _tally_faults() -> Iterator[str]:
    with transaction.atomic():
        wrong = tallies.recount()
        transaction.set_rollback(True)
    if wrong:
        yield f"{wrong} counts of filters are wrong"
