"""The strictest visibility on the way from the root counts; it is stored on every page."""

from __future__ import annotations

from django.db import transaction

import search
from kb.counts import recount_sections
from kb.models import STRICTNESS, ArticlePage, SectionPage, Visibility

_BATCH = 200


def _strictest(one: str, other: str) -> str:
    return max(one, other, key=lambda value: STRICTNESS[Visibility(value)])


def _computed(prefix: str) -> dict[int, tuple[str, str, bool]]:
    """(stored, right, is an article) of every page at or below a tree path, top down."""
    right: dict[str, str] = {}
    found: dict[int, tuple[str, str, bool]] = {}
    rows = [
        *((*row, False) for row in _rows(SectionPage, prefix)),
        *((*row, True) for row in _rows(ArticlePage, prefix)),
    ]
    if prefix:
        _add_ancestors(prefix, right)
    for pk, path, own, stored, is_article in sorted(rows, key=lambda row: row[1]):
        parent = right.get(path[: -SectionPage.steplen], Visibility.PUBLIC)
        right[path] = _strictest(own, parent)
        found[pk] = (stored, right[path], is_article)
    return found


def _rows(
    model: type[SectionPage] | type[ArticlePage], prefix: str
) -> list[tuple[int, str, str, str]]:
    return list(
        model.objects.filter(path__startswith=prefix).values_list(
            "pk", "path", "visibility", "effective_visibility"
        )
    )


def _add_ancestors(prefix: str, right: dict[str, str]) -> None:
    step = SectionPage.steplen
    paths = [prefix[:end] for end in range(step, len(prefix), step)]
    known = SectionPage.objects.filter(path__in=paths).values_list("path", "effective_visibility")
    right.update(dict(known))


@transaction.atomic
def recompute(prefix: str = "") -> int:
    """Stores what is right at and below a tree path, and tells search; returns how many changed."""
    changed = {pk: row for pk, row in _computed(prefix).items() if row[0] != row[1]}
    for value in Visibility.values:
        pks = [pk for pk, row in changed.items() if row[1] == value]
        for begin in range(0, len(pks), _BATCH):
            for model in (SectionPage, ArticlePage):
                some = model.objects.filter(pk__in=pks[begin : begin + _BATCH])
                some.update(effective_visibility=value)
    articles = [pk for pk, row in changed.items() if row[2]]
    for begin in range(0, len(articles), _BATCH):
        search.refresh(*ArticlePage.objects.filter(pk__in=articles[begin : begin + _BATCH]))
    if articles:
        recount_sections()
    return len(changed)


@transaction.atomic
def tighten(prefix: str, least: str) -> None:
    """Nothing at and below a tree path stays more open than LEAST."""
    looser = [value for value in Visibility.values if _strictest(value, least) != value]
    for model in (SectionPage, ArticlePage):
        model.objects.filter(path__startswith=prefix, effective_visibility__in=looser).update(
            effective_visibility=least
        )


def wrong_visibilities() -> list[str]:
    return [
        f"page {pk}: stored {stored}, should be {right}"
        for pk, (stored, right, _article) in _computed("").items()
        if stored != right
    ]
