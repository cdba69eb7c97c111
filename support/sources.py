"""What a person read before opening a case, and what else might help them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.utils.translation import get_language

from common.text import clean_line
from forum.models import Question
from kb.models import ArticlePage
from search.query import similar
from search.registry import source
from support.models import Case

KINDS = ("article", "question", "idea", "case")
_MIN_LETTERS = 6
_SUGGESTED = 5
_RELATED = 4
_KEEP_SECONDS = 600
_DIGITS = 18


def read_before(token: str, query: str, viewer: Any) -> list[dict[str, Any]]:
    """`article:12` or `question:5` and the words searched for, as kept on the case (S-44)."""
    kind, _colon, key = token.partition(":")
    found: list[dict[str, Any]] = []
    if key.isascii() and key.isdigit() and len(key) <= _DIGITS:
        if kind == "article":
            page = ArticlePage.objects.visible_to(viewer).filter(pk=int(key)).first()
            if page is not None:
                found.append(_row(kind, page.pk, page.title, page.get_url() or "", page.language))
        elif kind == "question":
            question = Question.objects.visible_to(viewer).filter(pk=int(key)).first()
            if question is not None:
                url = question.get_absolute_url()
                found.append(_row(kind, question.pk, question.title, url, question.language))
    words = clean_line(query)[:120]
    if words:
        found.append(_row("search", 0, words, ""))
    return found


def _row(kind: str, key: int, title: str, url: str, language: str = "") -> dict[str, Any]:
    return {"kind": kind, "key": key, "title": title, "url": url, "language": language}


def while_typing(subject: str, viewer: Any, body: str = "") -> list[Any]:
    """Articles, solved questions, ideas and the person's own cases."""
    subject = clean_line(subject)[:256]
    if len(subject) < _MIN_LETTERS:
        return []
    return list(similar(subject, body, viewer=viewer, kinds=list(KINDS), limit=_SUGGESTED))


@dataclass(frozen=True)
class Near:
    """One remembered neighbour: plain values, so that it can be cached."""

    kind: str
    object_id: str
    title: str
    url: str
    language: str


def related(case: Case, viewer: Any) -> list[Near]:
    """For the desk: what looks like this case, of other cases only the same organisation's.

    Looked up once for a subject and a viewer, because agents open a case again and again;
    what they may no longer see drops out on every read.
    """
    key = f"support.related:{case.pk}:{viewer.pk}:{get_language()}:{hash(case.subject)}"
    cache = caches["memory"]
    near = cache.get(key)
    if near is None:
        hits = similar(
            case.subject,
            viewer=viewer,
            kinds=list(KINDS),
            exclude=("case", str(case.pk)),
            limit=2 * _RELATED,
            language=case.language,
        )
        near = [Near(hit.kind, hit.object_id, hit.title, hit.url, hit.language) for hit in hits]
        cache.set(key, near, _KEEP_SECONDS)
    return _still_there(near, case, viewer)[:_RELATED]


def _still_there(near: list[Near], case: Case, viewer: Any) -> list[Near]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for row in near:
        wanted[row.kind].append(row.object_id)
    seen: set[tuple[str, str]] = set()
    for kind, ids in wanted.items():
        kept = source(kind)
        if kept is None:
            continue
        rows: Any = kept.visible_to(viewer).filter(pk__in=ids)
        if kind == "case":
            rows = rows.filter(organisation=case.organisation_id)
        seen |= {(kind, str(pk)) for pk in rows.values_list("pk", flat=True)}
    return [row for row in near if (row.kind, row.object_id) in seen]


def fitting_ideas(title: str, body: str, viewer: Any, limit: int = 6) -> list[Any]:
    return list(similar(title, body, viewer=viewer, kinds=["idea"], limit=limit))
