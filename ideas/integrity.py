"""What must hold of stored counters; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from ideas.models import Idea, IdeaComment, Stage, StageChange


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "ideas: votes are counted", list(_votes())
    yield "ideas: comments are counted", list(_comments())
    yield "ideas: one stage for new ideas", list(_default_stage())
    yield "ideas: the stage is the last of its history", list(_stages())


def _votes() -> Iterator[str]:
    rows = Idea.objects.annotate(rows=F("base_votes") + Coalesce(Count("votes"), 0))
    for pk, stored, right in rows.exclude(vote_count=F("rows")).values_list(
        "pk", "vote_count", "rows"
    ):
        yield f"idea {pk}: {stored} votes stored, {right} counted"


def _comments() -> Iterator[str]:
    public = Q(comments__hidden_at=None, comments__deleted_at=None, comments__is_staff_note=False)
    rows = Idea.objects.annotate(rows=Count("comments", filter=public))
    for pk, stored, right in rows.exclude(comment_count=F("rows")).values_list(
        "pk", "comment_count", "rows"
    ):
        yield f"idea {pk}: {stored} comments stored, {right} counted"


def _default_stage() -> Iterator[str]:
    count = Stage.objects.filter(is_default=True).count()
    if Stage.objects.exists() and count != 1:
        yield f"{count} stages are marked for new ideas"


def _stages() -> Iterator[str]:
    history = StageChange.objects.order_by("at", "pk")
    newest: dict[int, int] = dict(history.values_list("idea", "stage"))
    for pk, stage in Idea.objects.filter(pk__in=newest).values_list("pk", "stage"):
        if newest[pk] != stage:
            yield f"idea {pk}: stage {stage}, but its history ends with {newest[pk]}"


def repair() -> int:
    """Writes the counters that were wrong anew."""
    wrong = 0
    votes = Idea.objects.annotate(rows=F("base_votes") + Coalesce(Count("votes"), 0))
    for pk, right in votes.exclude(vote_count=F("rows")).values_list("pk", "rows"):
        wrong += Idea.objects.filter(pk=pk).update(vote_count=right)
    for pk in Idea.objects.values_list("pk", flat=True).iterator():
        right = IdeaComment.objects.public().filter(idea=pk).count()
        wrong += Idea.objects.filter(pk=pk).exclude(comment_count=right).update(comment_count=right)
    return wrong
