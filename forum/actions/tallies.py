"""Stored counts behind the filters of the list: no page ever counts questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F

from forum.models import Question, TagTally, Tally


def count_in(question: Question) -> None:
    _change(question, +1)


def count_out(question: Question) -> None:
    _change(question, -1)


def _change(question: Question, by: int) -> None:
    _bump(
        Tally,
        {
            "product_key": question.product_id or 0,
            "state": question.state,
            "language": question.language,
        },
        by,
    )
    for tag in question.tags.values_list("pk", flat=True):
        _bump(TagTally, {"tag_id": tag}, by)


def move_state(question: Question, old: str, new: str) -> None:
    """One public question passed from state OLD to NEW."""
    key = {"product_key": question.product_id or 0, "language": question.language}
    _bump(Tally, {**key, "state": old}, -1)
    _bump(Tally, {**key, "state": new}, +1)


def _bump(model: type[Any], key: dict[str, Any], by: int) -> None:
    rows = model.objects.filter(**key)
    if rows.update(count=F("count") + by):
        return
    try:
        with transaction.atomic():
            model.objects.create(**key, count=by)
    except IntegrityError:
        # Another writer made the row between the two statements.
        rows.update(count=F("count") + by)


@transaction.atomic
def recount() -> int:
    """Counts everything anew; returns how many rows were wrong."""
    public = Question.objects.public().order_by()
    cube = public.values_list("product_id", "state", "language").annotate(n=Count("pk"))
    right = {(product or 0, state, language): n for product, state, language, n in cube}
    stored = {
        (row.product_key, row.state, row.language): row.count
        for row in Tally.objects.select_for_update()
    }
    wrong = _differences(stored, right)
    if wrong:
        Tally.objects.all().delete()
        Tally.objects.bulk_create(
            Tally(product_key=product, state=state, language=language, count=n)
            for (product, state, language), n in right.items()
        )
    return wrong + _recount_tags(public)


def _recount_tags(public: Any) -> int:
    through = Question.tags.through.objects.filter(question__in=public).order_by()
    right: dict[int, int] = dict(through.values_list("tag_id").annotate(Count("pk")))
    stored = dict(TagTally.objects.select_for_update().values_list("tag_id", "count"))
    wrong = _differences(stored, right)
    if wrong:
        TagTally.objects.all().delete()
        TagTally.objects.bulk_create(TagTally(tag_id=tag, count=n) for tag, n in right.items())
    return wrong


def _differences(stored: dict[Any, int], right: dict[Any, int]) -> int:
    keys: Iterable[Any] = stored.keys() | right.keys()
    return sum(1 for key in keys if stored.get(key, 0) != right.get(key, 0))
