"""What check_integrity asks of the help centre."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from kb.counts import wrong_counts
from kb.files import wrong_files
from kb.models import ArticlePage, HelpfulVote
from kb.visibility import wrong_visibilities


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "articles per section", wrong_counts()
    yield "visibility of sections and articles", wrong_visibilities()
    yield "pictures and documents of articles", wrong_files()
    yield "helpful votes", _helpful()


def _helpful() -> list[str]:
    """Counters belong to the published revision only."""
    counted: dict[tuple[int, bool], int] = {
        (revision, helpful): n
        for revision, helpful, n in HelpfulVote.objects.values_list("revision_id", "is_helpful")
        .annotate(n=Count("pk"))
        .order_by()
    }
    problems = []
    rows = ArticlePage.objects.filter(live=True).values_list(
        "pk", "live_revision_id", "helpful_count", "unhelpful_count"
    )
    for pk, revision, helpful, unhelpful in rows.iterator():
        right = (counted.get((revision, True), 0), counted.get((revision, False), 0))
        if right != (helpful, unhelpful):
            problems.append(
                f"article {pk}: stored {helpful}/{unhelpful}, counted {right[0]}/{right[1]}"
            )
    return problems
