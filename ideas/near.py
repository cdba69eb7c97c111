"""Ideas and articles close to a title, and beside an idea."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext

from common.text import clean_line
from ideas.models import Idea
from search.near import remembered
from search.query import similar

KINDS = ("idea", "article")
SUGGESTED = 5
MIN_LETTERS = 6
_BESIDE = 3


def while_typing(title: str, viewer: Any, body: str = "") -> list[Any]:
    """Up to five (ID-04): ideas to vote for, and articles where it can be done already."""
    title = clean_line(title)[:256]
    if len(title) < MIN_LETTERS:
        return []
    return list(similar(title, body, viewer=viewer, kinds=list(KINDS), limit=SUGGESTED))


def close_to(idea: Idea, viewer: Any) -> list[dict[str, str]]:
    """Other ideas like this one: looked up once a version, checked on every read."""
    version = int((idea.edited_at or idea.created_at).timestamp())
    keys = remembered(
        f"ideas.near:{idea.pk}:{version}:{get_language()}",
        idea.title,
        viewer=None,
        kinds=["idea"],
        exclude=("idea", str(idea.pk)),
        limit=_BESIDE,
        language=idea.language,
    )
    ids = [int(key) for _kind, key in keys]
    if not ids:
        return []
    found = {
        row.pk: row for row in Idea.objects.public().select_related("stage").filter(pk__in=ids)
    }
    return [_row(found[pk]) for pk in ids if pk in found]


def _row(idea: Idea) -> dict[str, str]:
    fact = idea.stage.name
    if idea.vote_count:
        fact = ngettext(
            "%(stage)s, %(count)s vote", "%(stage)s, %(count)s votes", idea.vote_count
        ) % {"stage": fact, "count": idea.vote_count}
    return {
        "kind": "idea",
        "title": idea.title,
        "url": idea.get_absolute_url(),
        "fact": fact,
        "language": idea.language,
    }
