"""Questions and answers for tests, made through the actions people use."""

from __future__ import annotations

from typing import Any

from forum.actions.answers import answer
from forum.actions.questions import Words, ask
from forum.models import Answer, Question
from products.models import Product


def make_question(
    by: Any, title: str = "Shared calendar disappears after a move", **words: Any
) -> Question:
    body = words.pop("body", "I moved **eleven** people and the calendar is gone.")
    return ask(Words(title, body, **words), by=by)


def make_answer(question: Question, by: Any, body: str = "Share it with the *group*.") -> Answer:
    return answer(question, body, by=by)


def make_product(code: str = "calendar", name: str = "Calendar") -> Product:
    return Product.objects.get_or_create(code=code, defaults={"names": {"en": name}})[0]
