"""Short remarks on questions and answers."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from common import markdown
from common.errors import Refused
from common.versions import require_seen
from forum.actions.mentions import tell_mentioned
from forum.actions.questions import may_edit, require_reason, tell_of_edit
from forum.actions.states import is_moderator, lock, require_open, resume, touch
from forum.models import Answer, Comment, Question
from notifications.actions import forget_words, notify, withdraw

# A page shows all comments of its answers, so each post holds only so many.
MAX_COMMENTS = 100
MAX_LENGTH = 2_000


@transaction.atomic
def comment(question: Question, body: str, *, by: Any, answer: Answer | None = None) -> Comment:
    question = lock(question)
    require_open(question)
    if answer is not None and (answer.question_id != question.pk or not answer.is_public):
        raise Refused(_("This answer is no longer here."), code="gone")
    if question.comments.public().filter(answer=answer).count() >= MAX_COMMENTS:
        raise Refused(_("There are very many comments here. Write an answer instead."))
    post = Comment.objects.create(
        question=question,
        answer=answer,
        author=by,
        body_source=body,
        body_html=markdown.render(body),
    )
    if question.author_id == by.pk:
        resume(question, by=by)
    touch(question)
    notify(
        question,
        "forum.commented",
        actor=by,
        title=question.title,
        url=post.get_absolute_url(),
        recipients=[answer.author if answer else question.author],
        exclude=[by],
        data={"excerpt": markdown.excerpt(post.body_html, 200)},
        about=post,
    )
    tell_mentioned(question, post, by=by)
    return post


@transaction.atomic
def edit_comment(
    post: Comment,
    body: str,
    *,
    by: Any,
    reason: str = "",
    withhold: bool = False,
    seen: str | None = None,
) -> Comment:
    """Comments keep no old text; WITHHOLD takes it out of the news that were told of it."""
    question = lock(post.question)
    rows: Any = Comment.objects.select_for_update()
    post = rows.select_related("author").get(pk=post.pk)
    post.question = question
    if not may_edit(post, by):
        raise Refused(_("This is not yours to edit."), code="forbidden")
    if not is_moderator(by):
        require_open(question)
    require_reason(post, by, reason)
    require_seen(seen, {"body": post.body_source}, {"body": body})
    if body == post.body_source:
        return post
    post.body_source, post.body_html = body, markdown.render(body)
    post.renderer_version, post.edited_at = markdown.VERSION, timezone.now()
    post.save(update_fields=["body_source", "body_html", "renderer_version", "edited_at"])
    if withhold:
        forget_words(post)
    if post.author_id != by.pk:
        tell_of_edit(question, post, by, reason)
    return post


@transaction.atomic
def delete_comment(post: Comment, *, by: Any) -> None:
    rows: Any = Comment.objects.select_for_update()
    post = rows.get(pk=post.pk)
    if post.author_id != by.pk or not post.is_public:
        raise Refused(_("This is not yours to delete."), code="forbidden")
    require_open(post.question)
    post.deleted_at = timezone.now()
    post.save(update_fields=["deleted_at"])
    withdraw(post)
    log(instance=post, action="forum.delete", user=by)
