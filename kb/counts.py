"""Stored numbers of articles per section."""

from __future__ import annotations

from collections import Counter

from kb.models import ArticlePage, SectionPage, Visibility


def _wrong() -> dict[int, tuple[int, int]]:
    """Stored and right number of public live articles in and below each section that is off."""
    counts: Counter[str] = Counter()
    paths = ArticlePage.objects.filter(
        live=True, is_archived=False, effective_visibility=Visibility.PUBLIC
    ).values_list("path", flat=True)
    for path in paths.iterator():
        for end in range(len(path) - SectionPage.steplen, 0, -SectionPage.steplen):
            counts[path[:end]] += 1
    rows = SectionPage.objects.values_list("pk", "path", "article_count")
    return {pk: (stored, counts[path]) for pk, path, stored in rows if stored != counts[path]}


def recount_above(path: str) -> None:
    """Stores the right numbers of the sections on the way to one page."""
    step = SectionPage.steplen
    prefixes = [path[:end] for end in range(step, len(path) + 1, step)]
    public = ArticlePage.objects.filter(
        live=True, is_archived=False, effective_visibility=Visibility.PUBLIC
    )
    for section in SectionPage.objects.filter(path__in=prefixes).only(
        "pk", "path", "article_count"
    ):
        right = public.filter(path__startswith=section.path).count()
        if right != section.article_count:
            SectionPage.objects.filter(pk=section.pk).update(article_count=right)


def recount_sections() -> int:
    """Stores the right numbers; returns how many were wrong."""
    wrong = _wrong()
    for pk, (_stored, right) in wrong.items():
        SectionPage.objects.filter(pk=pk).update(article_count=right)
    return len(wrong)


def wrong_counts() -> list[str]:
    return [
        f"section {pk}: stored {stored}, counted {right}"
        for pk, (stored, right) in _wrong().items()
    ]
