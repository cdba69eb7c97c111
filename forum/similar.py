"""What else might help: while a title is typed, and beside a question."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.text import clean_line
from forum.models import Question
from search.query import similar
from search.registry import source

KINDS = ("question", "article", "idea")
SUGGESTED = 5
MIN_LETTERS = 6
_BESIDE = 4
_KEEP_SECONDS = 600


def while_typing(title: str, viewer: Any, body: str = "") -> list[Any]:
    """Up to five things over all kinds like the title and the body, solved ones first (FO-04)."""
    title = clean_line(title)[:256]
    if len(title) < MIN_LETTERS:
        return []
    hits = list(similar(title, body, viewer=viewer, kinds=list(KINDS), limit=SUGGESTED))
    return sorted(hits, key=lambda hit: hit.kind == "question" and not hit.solved)


@dataclass(frozen=True)
class Near:
    """One remembered neighbour: plain values, so that it can be cached."""

    kind: str
    object_id: str
    title: str
    url: str
    fact: str
    language: str


def close_to(question: Question, viewer: Any) -> list[Near]:
    """Neighbours of a question: looked up once a version, checked on every read.

    Only what everybody may see is remembered; what was hidden since then drops out.
    """
    version = int((question.edited_at or question.created_at).timestamp())
    key = f"forum.near:{question.pk}:{version}:{get_language()}"
    cache = caches["memory"]
    near = cache.get(key)
    if near is None:
        hits = similar(
            question.title,
            viewer=None,
            kinds=list(KINDS),
            exclude=("question", str(question.pk)),
            limit=_BESIDE,
            language=question.language,
        )
        near = [Near(h.kind, h.object_id, h.title, h.url, _fact(h), h.language) for h in hits]
        cache.set(key, near, _KEEP_SECONDS)
    return _still_there(near, viewer)


def _still_there(near: list[Near], viewer: Any) -> list[Near]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for row in near:
        wanted[row.kind].append(row.object_id)
    seen: set[tuple[str, str]] = set()
    for kind, ids in wanted.items():
        known = source(kind)
        if known is not None:
            pks = known.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)
            seen |= {(kind, str(pk)) for pk in pks}
    return [row for row in near if (row.kind, row.object_id) in seen]


def _fact(hit: Any) -> str:
    """What the mark in front does not say already."""
    if hit.kind != "question":
        return ""
    return _("Solved") if hit.solved else _("Not solved yet")


def others(count: int) -> str:
    return ngettext(
        "worked for %(count)d more admin", "worked for %(count)d more admins", count
    ) % {"count": count}
