"""What stands beside a thing: which things is remembered, what they are called never is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import caches
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from search import registry
from search.models import Entry
from search.query import similar

Key = tuple[str, str]
_SECONDS = 600
_SHOWN = ("kind", "object_id", "title", "url", "language", "solved")


def remembered(
    name: str,
    title: str,
    *,
    viewer: Any,
    kinds: Iterable[str],
    exclude: Key,
    limit: int,
    language: str,
) -> list[Key]:
    """The neighbours of a title, looked up once in ten minutes for NAME, as VIEWER finds them."""
    cache = caches["memory"]
    keys: list[Key] | None = cache.get(name)
    if keys is None:
        hits = similar(
            title, viewer=viewer, kinds=list(kinds), exclude=exclude, limit=limit, language=language
        )
        keys = [(hit.kind, hit.object_id) for hit in hits]
        cache.set(name, keys, _SECONDS)
    return keys


def entries(keys: list[Key], viewer: Any) -> list[Entry]:
    """Those that VIEWER may see now, in the order of KEYS, with the title and address of now.

    A title may have lost somebody's private words since the search. One query asks the rows of
    every kind, because this stands beside pages that have their own to ask for.
    """
    by_kind: dict[str, list[str]] = {}
    for kind, object_id in keys:
        by_kind.setdefault(kind, []).append(object_id)
    wanted = Q()
    for kind, ids in by_kind.items():
        known = registry.source(kind)
        if known is not None:
            rows = known.visible_to(viewer).filter(pk__in=ids).order_by()
            seen = rows.annotate(seen_id=Cast("pk", CharField())).values("seen_id")
            wanted |= Q(kind=kind, object_id__in=seen)
    shown = Entry.objects.filter(wanted).only(*_SHOWN) if wanted else ()
    found = {(row.kind, row.object_id): row for row in shown}
    return [found[key] for key in keys if key in found]
