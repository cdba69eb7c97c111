"""What else might help: while a title is typed, and beside a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.text import clean_line
from forum.models import Question
from search import near
from search.query import similar

KINDS = ("question", "article", "idea")
SUGGESTED = 5
MIN_LETTERS = 6
# What solved it for somebody goes before what is about as near and still open.
_HELPS = 1.3
_BESIDE = 4


def while_typing(title: str, viewer: Any, body: str = "") -> list[Any]:
    """Up to five things over all kinds like the title and the body, solved ones rather (FO-04)."""
    title = clean_line(title)[:256]
    if len(title) < MIN_LETTERS:
        return []
    hits = list(similar(title, body, viewer=viewer, kinds=list(KINDS), limit=SUGGESTED))
    return sorted(hits, key=_likeness, reverse=True)


def _likeness(hit: Any) -> float:
    helps = hit.kind == "article" or bool(hit.solved)
    return float(hit.score) * (_HELPS if helps else 1)


@dataclass(frozen=True)
class Near:
    """A neighbour as the component beside a page shows it."""

    kind: str
    title: str
    url: str
    fact: str
    language: str


def close_to(question: Question, viewer: Any) -> list[Near]:
    """Neighbours of a question: found for everybody once a version, asked for on every read."""
    version = int((question.edited_at or question.created_at).timestamp())
    keys = near.remembered(
        f"forum.near:{question.pk}:{version}:{get_language()}",
        question.title,
        viewer=None,
        kinds=KINDS,
        exclude=("question", str(question.pk)),
        limit=_BESIDE,
        language=question.language,
    )
    rows = near.entries(keys, viewer)
    return [Near(row.kind, row.title, row.url, _fact(row), row.language) for row in rows]


def _fact(hit: Any) -> str:
    """What the mark in front does not say already."""
    if hit.kind != "question":
        return ""
    return _("Solved") if hit.solved else _("Not solved yet")


def others(count: int) -> str:
    return ngettext(
        "worked for %(count)d more admin", "worked for %(count)d more admins", count
    ) % {"count": count}
