"""What a person read before opening a case, and what else might help them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from common.text import clean_line
from forum.models import Question
from kb.models import ArticlePage
from search import near
from search.models import Entry
from search.query import similar
from support.models import Case

KINDS = ("article", "question", "idea", "case")
_MIN_LETTERS = 6
_SUGGESTED = 5
_RELATED = 4
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


def related(case: Case, viewer: Any) -> list[Entry]:
    """For the desk: what looks like this case, of other cases only the same organisation's.

    Looked up once for a subject and a viewer, because agents open a case again and again;
    what they may no longer see drops out on every read.
    """
    keys = near.remembered(
        f"support.related:{case.pk}:{viewer.pk}:{get_language()}:{hash(case.subject)}",
        case.subject,
        viewer=viewer,
        kinds=KINDS,
        exclude=("case", str(case.pk)),
        limit=2 * _RELATED,
        language=case.language,
    )
    cases = [key for kind, key in keys if kind == "case"]
    own: set[str] = set()
    if cases:
        rows = Case.objects.filter(pk__in=cases, organisation=case.organisation_id)
        own = {str(pk) for pk in rows.values_list("pk", flat=True)}
    wanted = [(kind, key) for kind, key in keys if kind != "case" or key in own]
    return near.entries(wanted, viewer)[:_RELATED]


def fitting_ideas(title: str, body: str, viewer: Any, limit: int = 6) -> list[Any]:
    return list(similar(title, body, viewer=viewer, kinds=["idea"], limit=limit))
