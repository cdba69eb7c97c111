"""What a person read before opening a case, and what else might help them."""

from __future__ import annotations

from typing import Any

from common.text import clean_line
from forum.models import Question
from kb.models import ArticlePage
from search.query import similar

KINDS = ("article", "question", "idea", "case")
_MIN_LETTERS = 6
_SUGGESTED = 5
_DIGITS = 18


def read_before(token: str, query: str, viewer: Any) -> list[dict[str, Any]]:
    """`article:12` or `question:5` and the words searched for, as kept on the case (S-44)."""
    kind, _colon, key = token.partition(":")
    found: list[dict[str, Any]] = []
    if key.isascii() and key.isdigit() and len(key) <= _DIGITS:
        if kind == "article":
            page = ArticlePage.objects.visible_to(viewer).filter(pk=int(key)).first()
            if page is not None:
                found.append(_row(kind, page.pk, page.title, page.get_url() or ""))
        elif kind == "question":
            question = Question.objects.visible_to(viewer).filter(pk=int(key)).first()
            if question is not None:
                found.append(_row(kind, question.pk, question.title, question.get_absolute_url()))
    words = clean_line(query)[:120]
    if words:
        found.append(_row("search", 0, words, ""))
    return found


def _row(kind: str, key: int, title: str, url: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "title": title, "url": url}


def while_typing(subject: str, viewer: Any) -> list[Any]:
    """Articles, solved questions, ideas and the person's own cases."""
    subject = clean_line(subject)[:256]
    if len(subject) < _MIN_LETTERS:
        return []
    return list(similar(subject, viewer=viewer, kinds=list(KINDS), limit=_SUGGESTED))


def related(case: Any, viewer: Any, limit: int = 4) -> list[Any]:
    """For the desk: what looks like this case. Of cases only the same organisation's."""
    hits = similar(
        case.subject,
        viewer=viewer,
        kinds=list(KINDS),
        exclude=("case", str(case.pk)),
        limit=limit * 2,
        language=case.language,
    )
    model = type(case)
    ids = [int(hit.object_id) for hit in hits if hit.kind == "case"]
    own = set(
        model.objects.filter(pk__in=ids, organisation=case.organisation_id).values_list(
            "pk", flat=True
        )
        if ids
        else ()
    )
    kept = [hit for hit in hits if hit.kind != "case" or int(hit.object_id) in own]
    return kept[:limit]


def fitting_ideas(title: str, body: str, viewer: Any, limit: int = 6) -> list[Any]:
    return list(similar(title, body, viewer=viewer, kinds=["idea"], limit=limit))
