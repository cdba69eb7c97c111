"""What a person brings along: the article read before asking, the words to quote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from common.markdown import plain_text
from forum.models import Answer, Question
from kb.models import ArticlePage

_QUOTE_LETTERS = 600
_DIGITS = 18


def article_from(token: str, viewer: Any) -> list[dict[str, Any]]:
    """`article:12` as what is stored with the question; nothing if the viewer cannot read it."""
    kind, _colon, key = token.partition(":")
    if kind != "article" or not _is_number(key):
        return []
    page = ArticlePage.objects.visible_to(viewer).filter(pk=int(key)).first()
    if page is None:
        return []
    url = page.get_url() or ""
    return [{"key": page.pk, "title": page.title, "url": url, "language": page.language}]


def read_before(question: Question, viewer: Any) -> list[dict[str, Any]]:
    """The stations of what was read before asking, as far as the viewer may read it."""
    keys = [row["key"] for row in question.read_before if isinstance(row.get("key"), int)]
    if not keys:
        return []
    pages = ArticlePage.objects.visible_to(viewer).filter(pk__in=keys)
    return [
        {
            "kind": "article",
            "label": _("Read before asking"),
            "title": page.title,
            "url": page.get_url() or "",
            "state": "past",
            "language": page.language,
        }
        for page in pages[:1]
    ]


def quoted(question: Question, which: str) -> str:
    """`question` or the number of an answer as a Markdown quote to begin an answer with."""
    if which == "question":
        post: Any = question
    elif _is_number(which):
        post = Answer.objects.public().filter(question=question, pk=int(which)).first()
    else:
        return ""
    if post is None:
        return ""
    text = plain_text(post.body_html)[:_QUOTE_LETTERS]
    lines = [f"> {line}".rstrip() for line in text.splitlines()]
    return "\n".join([*lines, "", ""])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
