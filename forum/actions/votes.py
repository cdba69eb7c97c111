"""Votes: intent is sent as on or off, so that a retry never turns a vote round."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import search
from common.errors import Refused
from common.votes import set_vote
from forum.actions.states import require_open
from forum.models import Answer, AnswerVote, MeToo, Question
from links.models import type_of
from notifications.actions import subscribe
from notifications.models import Subscription

_COUNTERS = {1: "helpful_count", -1: "unhelpful_count"}


@transaction.atomic
def me_too(question: Question, *, by: Any, on: bool) -> Question:
    """ "I have this too": also follows the question, and off stops that again (FO-02)."""
    require_open(question)
    if question.author_id == by.pk:
        raise Refused(_("You asked this, so you are counted already."), code="own")
    changed = set_vote(MeToo, question, by, on=on, counter="me_too_count")
    if changed and on:
        subscribe(by, question, reason="me_too")
    elif changed:
        # Only what pressing the button began; a follow of one's own choice stays.
        Subscription.objects.filter(
            user=by, target_type=type_of(question), target_id=question.pk, reason="me_too"
        ).delete()
    if changed:
        search.refresh(question)
    return question


@transaction.atomic
def vote_answer(answer: Answer, *, by: Any, value: int) -> Answer:
    """Helpful (1), unhelpful (-1) or no vote (0); never on one's own answer."""
    if value not in {1, 0, -1}:
        raise Refused(_("Choose helpful or not helpful."))
    require_open(answer.question)
    if not answer.is_public:
        raise Refused(_("This answer is no longer here."), code="gone")
    if answer.author_id == by.pk:
        raise Refused(_("This is your own answer."), code="own")
    for other in {1, -1} - {value}:
        removed = AnswerVote.objects.filter(target=answer, user=by, value=other).delete()[0]
        if removed:
            _count(answer, other, -removed)
    if value:
        try:
            with transaction.atomic():
                AnswerVote.objects.create(target=answer, user=by, value=value)
        except IntegrityError:
            pass  # voted so before: answered as success
        else:
            _count(answer, value, 1)
    answer.refresh_from_db(fields=["helpful_count", "unhelpful_count", "score"])
    return answer


def _count(answer: Answer, value: int, by: int) -> None:
    counter = _COUNTERS[value]
    Answer.objects.filter(pk=answer.pk).update(
        **{counter: F(counter) + by, "score": F("score") + value * by}
    )
