"""Loads the sample links between questions, ideas and cases."""

from __future__ import annotations

from typing import Any

from forum.models import Question
from home.loading.base import Book, read
from ideas.models import Idea
from links.actions import connect
from support.models import Case

MODELS: dict[str, Any] = {"question": Question, "idea": Idea, "case": Case}


def load(book: Book) -> None:
    by = book.person("hanna")
    for row in read("links"):
        ends = [_end(book, row[side]) for side in ("from", "to")]
        connect(ends[0], ends[1], row["kind"], by=by)
        if row["kind"] == "duplicate_of":
            Question.objects.filter(pk=ends[0].pk).update(duplicate_of=ends[1])


def _end(book: Book, name: str) -> Any:
    kind, _colon, key = name.partition(":")
    return MODELS[kind].objects.get(pk=book.pk(kind, key))
