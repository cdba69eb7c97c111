"""What the forum tells about a person on their profile."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from forum.models import Answer, Comment, Question

LATEST = 5


def facts(person: Any) -> list[tuple[str, int]]:
    """Figures that help others to judge an answer; zeros are left out."""
    answers = Answer.objects.public().filter(author=person, question__in=Question.objects.public())
    figures = [
        (_("Solutions"), Question.objects.public().filter(accepted_answer__author=person).count()),
        (_("Answers"), answers.count()),
        (_("Questions"), Question.objects.public().filter(author=person).count()),
    ]
    return [(label, count) for label, count in figures if count]


def lists(person: Any) -> list[tuple[str, list[Any]]]:
    """Questions of others that this person solved, or answered otherwise; newest first."""
    rows = (
        Question.objects.public()
        .exclude(author=person)
        .select_related("product", "author")
        .defer("body_source", "body_html")
    )
    solved = rows.filter(accepted_answer__author=person, solved_at__isnull=False)
    shown = list(solved.order_by("-solved_at")[:LATEST])
    answers = Answer.objects.public().filter(author=person).values("question")
    answered = rows.filter(pk__in=answers).exclude(
        accepted_answer__author=person, solved_at__isnull=False
    )
    return [
        (_("Solved for others"), shown),
        (_("Answers"), list(answered.order_by("-last_activity_at", "-pk")[:LATEST])),
    ]


def has_public(person: Any) -> bool:
    """Whether everybody may read something that stands under the person's name."""
    visitor = AnonymousUser()
    return any(
        model.objects.visible_to(visitor).filter(author=person).exists()
        for model in (Question, Answer, Comment)
    )
