"""@Name reaches people who already take part in the question (FO-19)."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from forum.models import Question
from notifications.actions import notify

_MAX_PEOPLE = 200


def tell_mentioned(question: Question, post: Any, *, by: Any) -> None:
    """Names are not unique on the site, so only people of this thread can be meant."""
    if "@" not in post.body_source:
        return
    text = post.body_source.casefold()
    people = [
        person
        for person in _participants(question)
        if person.pk != by.pk and f"@{person.display_name.casefold()}" in text
    ]
    if not people:
        return
    notify(
        question,
        "forum.mentioned",
        actor=by,
        title=question.title,
        url=post.get_absolute_url(),
        recipients=people,
        exclude=[by],
        about=post,
    )


def _participants(question: Question) -> list[User]:
    ids = {question.author_id}
    for posts in (question.answers, question.comments):
        ids |= set(posts.public().values_list("author_id", flat=True).distinct()[:_MAX_PEOPLE])
    return list(User.objects.filter(pk__in=ids, is_active=True).exclude(display_name=""))
