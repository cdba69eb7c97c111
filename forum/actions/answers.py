"""Answering, editing and deleting answers, and accepting one as the solution."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

import search
from common import markdown
from common.errors import Refused
from common.versions import require_seen
from forum.actions.mentions import tell_mentioned
from forum.actions.questions import may_edit, require_reason, tell_of_edit, withhold_older
from forum.actions.states import (
    is_helper,
    is_moderator,
    lock,
    require_open,
    resume,
    settle,
    touch,
)
from forum.models import Answer, Event, Question, Revision
from links.models import type_of
from notifications.actions import forget_words, notify, subscribe, withdraw
from notifications.models import Notification


@transaction.atomic
def answer(question: Question, body: str, *, by: Any) -> Answer:
    """A new answer; whoever follows the question hears of it."""
    question = lock(question)
    require_open(question)
    post = Answer.objects.create(
        question=question, author=by, body_source=body, body_html=markdown.render(body)
    )
    if question.author_id == by.pk:
        resume(question, by=by)
    settle(question)
    touch(question)
    subscribe(by, question, reason="answered")
    notify(
        question,
        "forum.answered",
        actor=by,
        title=question.title,
        url=post.get_absolute_url(),
        exclude=[by],
        data={"excerpt": markdown.excerpt(post.body_html, 200)},
        about=post,
    )
    tell_mentioned(question, post, by=by)
    search.refresh(question)
    return post


@transaction.atomic
def edit_answer(
    post: Answer,
    body: str,
    *,
    by: Any,
    reason: str = "",
    withhold: bool = False,
    seen: str | None = None,
) -> Answer:
    question = lock(post.question)
    post = Answer.objects.select_for_update().select_related("author").get(pk=post.pk)
    post.question = question
    if not may_edit(post, by):
        raise Refused(_("This is not yours to edit."), code="forbidden")
    if not is_moderator(by):
        require_open(question)
    require_reason(post, by, reason)
    require_seen(seen, {"body": post.body_source}, {"body": body})
    if body == post.body_source:
        return post
    Revision.objects.create(
        question=question,
        answer=post,
        body_source=post.body_source,
        editor=by,
        reason=reason,
        is_withheld=withhold,
    )
    if withhold:
        withhold_older(question, post)
        forget_words(post)
    post.body_source, post.body_html = body, markdown.render(body)
    post.renderer_version, post.edited_at = markdown.VERSION, timezone.now()
    post.save(update_fields=["body_source", "body_html", "renderer_version", "edited_at"])
    if post.author_id != by.pk:
        tell_of_edit(question, post, by, reason)
    search.refresh(question)
    return post


@transaction.atomic
def delete_answer(post: Answer, *, by: Any) -> None:
    """The author takes an answer back, unless it solved the question or was discussed."""
    question = lock(post.question)
    post = Answer.objects.select_for_update().get(pk=post.pk)
    if post.author_id != by.pk or not post.is_public:
        raise Refused(_("This is not yours to delete."), code="forbidden")
    require_open(question)
    if question.accepted_answer_id == post.pk:
        raise Refused(
            _("This is the accepted solution, so it stays for those who look for it."),
            code="dependants",
        )
    if post.comments.public().exclude(author=by).exists():
        raise Refused(
            _("Others have commented on this answer, so it stays. You can still edit it."),
            code="dependants",
        )
    post.deleted_at = timezone.now()
    post.save(update_fields=["deleted_at"])
    withdraw(post)
    settle(question)
    search.refresh(question)
    log(instance=post, action="forum.delete", user=by)


def may_accept(question: Question, user: Any) -> bool:
    """The person who asked, and staff of any role (FO-01)."""
    return bool(user.is_authenticated and (question.author_id == user.pk or is_helper(user)))


@transaction.atomic
def accept(post: Answer, *, by: Any) -> Question:
    """Makes this answer the solution; another one chosen before gives way."""
    question = lock(post.question)
    require_open(question)
    if not may_accept(question, by):
        raise Refused(_("Only the person who asked, or staff, can accept an answer."))
    post = Answer.objects.select_for_update().select_related("author").get(pk=post.pk)
    if post.question_id != question.pk or not post.is_public:
        raise Refused(_("This answer is no longer here."), code="gone")
    if question.accepted_answer_id == post.pk and question.is_solved:
        return question
    question.accepted_answer, question.accepted_by = post, by
    question.accepted_at = timezone.now()
    question.save(update_fields=["accepted_answer", "accepted_by", "accepted_at"])
    settle(question)
    touch(question)
    Event.objects.create(question=question, verb=Event.Verb.ACCEPTED, by=by)
    _tell_accepted(question, post, by)
    log(instance=question, action="forum.accept", user=by, data={"answer": post.pk})
    search.refresh(question)
    return question


def _tell_accepted(question: Question, post: Answer, by: Any) -> None:
    """Once an answer: taking it back and forth must not send mail each time."""
    told = Notification.objects.filter(
        verb="forum.accepted", about_type=type_of(post), about_id=post.pk
    )
    if told.exists():
        return
    notify(
        question,
        "forum.accepted",
        actor=by,
        title=question.title,
        url=question.get_absolute_url(),
        exclude=[by],
        about=post,
    )


@transaction.atomic
def unaccept(question: Question, *, by: Any) -> Question:
    """Takes the solution back: it did not hold after all."""
    question = lock(question)
    require_open(question)
    if not may_accept(question, by):
        raise Refused(_("Only the person who asked, or staff, can take a solution back."))
    if question.accepted_answer_id is None:
        return question
    question.accepted_answer = question.accepted_by = question.accepted_at = None
    question.save(update_fields=["accepted_answer", "accepted_by", "accepted_at"])
    settle(question)
    touch(question)
    Event.objects.create(question=question, verb=Event.Verb.UNACCEPTED, by=by)
    log(instance=question, action="forum.unaccept", user=by)
    search.refresh(question)
    return question
