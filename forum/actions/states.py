"""The stored state of a question follows from what is public of it (FO-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import search
from accounts.access import Role, has_role, is_staff
from common.errors import Refused
from forum.actions import tallies
from forum.models import Answer, Comment, Event, Question, State
from notifications.actions import notify, reinstate, withdraw

ARCHIVE_AFTER = timedelta(days=180)


def lock(question: Question) -> Question:
    """The row as it is now, kept for this transaction (SQLite: IMMEDIATE does it)."""
    found: Question = Question.objects.select_for_update().get(pk=question.pk)
    return found


def is_helper(user: Any) -> bool:
    """Staff of any role; they keep the forum in order."""
    return is_staff(user)


def is_moderator(user: Any) -> bool:
    return has_role(user, Role.MODERATOR)


def require_open(question: Question) -> None:
    """Nothing is written to what is hidden, deleted or archived."""
    if not question.is_public:
        raise Refused(_("This question is no longer here."), code="gone")
    if question.is_archived:
        raise Refused(
            _("This question is archived. Ask anew, and link to it if it helps."), code="archived"
        )


def set_state(question: Question, state: str) -> None:
    """Stores a new state and moves the tally; the caller holds the lock."""
    old = question.state
    if old == state:
        return
    question.state = state
    question.save(update_fields=["state"])
    if question.is_public:
        tallies.move_state(question, old, state)


def settle(question: Question) -> None:
    """Recomputes what is stored about the answers; the caller holds the lock."""
    answers = Answer.objects.public().filter(question=question)
    moments = list(answers.order_by("created_at").values_list("created_at", flat=True))
    question.answer_count = len(moments)
    question.first_answer_at = moments[0] if moments else None
    accepted = question.accepted_answer_id
    holds = bool(accepted) and answers.filter(pk=accepted).exists()
    question.solved_at = question.accepted_at if holds else None
    question.save(update_fields=["answer_count", "first_answer_at", "solved_at"])
    set_state(question, _state_of(question))


def _state_of(question: Question) -> str:
    if question.is_archived:
        return State.ARCHIVED
    if question.solved_at:
        return State.SOLVED
    if question.state == State.NEEDS_INFO:
        return State.NEEDS_INFO
    return State.ANSWERED if question.answer_count else State.UNANSWERED


def touch(question: Question) -> None:
    """Activity now: keeps the archive away."""
    question.last_activity_at = timezone.now()
    question.save(update_fields=["last_activity_at"])


@transaction.atomic
def ask_for_info(question: Question, *, by: Any) -> Question:
    """Somebody who wants to help needs details from the asker; everybody but the asker may."""
    question = lock(question)
    require_open(question)
    if question.author_id == by.pk:
        raise Refused(_("Add the details by editing your question."))
    if question.is_solved:
        raise Refused(_("This question is solved already."))
    if question.state == State.NEEDS_INFO:
        return question
    set_state(question, State.NEEDS_INFO)
    touch(question)
    Event.objects.create(question=question, verb=Event.Verb.NEEDS_INFO, by=by)
    notify(
        question,
        "forum.needs_info",
        actor=by,
        title=question.title,
        url=question.get_absolute_url(),
        recipients=[question.author],
        exclude=[by],
    )
    search.refresh(question)
    return question


@transaction.atomic
def provide_info(question: Question, *, by: Any) -> Question:
    """The asker (or staff) says the details are there now."""
    question = lock(question)
    require_open(question)
    if question.author_id != by.pk and not is_helper(by):
        raise Refused(_("Only the person who asked can say this."))
    resume(question, by=by)
    search.refresh(question)
    return question


def resume(question: Question, *, by: Any) -> None:
    """Leaves "needs details" behind; the caller holds the lock."""
    if question.state != State.NEEDS_INFO:
        return
    set_state(question, State.ANSWERED if question.answer_count else State.UNANSWERED)
    Event.objects.create(question=question, verb=Event.Verb.PROVIDED, by=by)


@transaction.atomic
def archive_old(*, limit: int = 500) -> int:
    """Archives what nobody touched for 180 days; returns how many, so that a job repeats."""
    before = timezone.now() - ARCHIVE_AFTER
    old = (
        Question.objects.select_for_update()
        .filter(last_activity_at__lt=before)
        .exclude(state=State.ARCHIVED)
        .order_by("last_activity_at")[:limit]
    )
    questions = list(old)
    for question in questions:
        set_state(question, State.ARCHIVED)
    Event.objects.bulk_create(
        Event(question=question, verb=Event.Verb.ARCHIVED) for question in questions
    )
    search.refresh(*questions)
    return len(questions)


@transaction.atomic
def question_moderated(question: Question) -> None:
    """Hidden or restored: gone from, or back in, counts and search (MO-04)."""
    if question.deleted_at is None:
        tallies.count_out(question) if question.hidden_at else tallies.count_in(question)
    search.refresh(question)


@transaction.atomic
def answer_moderated(answer: Answer) -> None:
    question = lock(answer.question)
    settle(question)
    for comment in answer.comments.all():
        withdraw(comment) if answer.hidden_at else reinstate(comment)
    search.refresh(question)


@transaction.atomic
def comment_moderated(comment: Comment) -> None:
    """Comments are counted nowhere and not searched; nothing else changes."""
