"""Stored numbers of articles per section."""

from __future__ import annotations

from collections import Counter

from kb.models import ArticlePage, SectionPage, Visibility


def recount_sections() -> int:
    """Counts the public live articles in and below each section; returns how many were wrong."""
    counts: Counter[str] = Counter()
    paths = ArticlePage.objects.filter(
        live=True, is_archived=False, effective_visibility=Visibility.PUBLIC
    ).values_list("path", flat=True)
    for path in paths.iterator():
        for end in range(len(path) - SectionPage.steplen, 0, -SectionPage.steplen):
            counts[path[:end]] += 1
    wrong = 0
    for section in SectionPage.objects.only("pk", "path", "article_count"):
        right = counts.get(section.path, 0)
        if section.article_count != right:
            wrong += 1
            SectionPage.objects.filter(pk=section.pk).update(article_count=right)
    return wrong
