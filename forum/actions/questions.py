"""Asking, editing, deleting a question; marking it as asked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

import search
from common import markdown
from common.errors import Refused
from common.versions import require_seen
from forum.actions import tallies
from forum.actions.states import is_moderator, lock, require_open, resume
from forum.models import Event, Question, Revision, slug_of
from links.actions import connect, disconnect, retarget
from links.models import Link, Move
from links.moves import latest_move
from notifications.actions import notify, subscribe, withdraw
from products.models import tags_from
from products.words import Words, fields_of


@transaction.atomic
def ask(words: Words, *, by: Any, read_before: Sequence[dict[str, Any]] = ()) -> Question:
    """A new question; whoever asks follows it."""
    now = timezone.now()
    question = Question.objects.create(
        author=by,
        title=words.title,
        slug=slug_of(words.title),
        language=words.language,
        product=words.product,
        body_source=words.body,
        body_html=markdown.render(words.body),
        read_before=list(read_before)[:5],
        created_at=now,
        last_activity_at=now,
    )
    question.tags.set(tags_from(list(words.tags)))
    tallies.count_in(question)
    subscribe(by, question, reason="author")
    search.refresh(question)
    return question


def may_edit(post: Any, user: Any) -> bool:
    """One's own posts, and every post for moderators; hidden ones only for them."""
    if not user.is_authenticated or post.deleted_at is not None:
        return False
    if is_moderator(user):
        return True
    return bool(post.author_id == user.pk and post.hidden_at is None)


@transaction.atomic
def edit(
    question: Question,
    words: Words,
    *,
    by: Any,
    reason: str = "",
    withhold: bool = False,
    seen: str | None = None,
) -> Question:
    """Keeps the old text in the visible history (FO-08); SEEN is what the form was opened with."""
    question = lock(question)
    _require_editor(question, by, reason)
    require_seen(seen, fields_of(question), words.fields)
    counted = question.is_public
    if counted:
        tallies.count_out(question)
    if (words.title, words.body) != (question.title, question.body_source):
        _remember(question, by, reason, withhold)
        question.title, question.slug = words.title, slug_of(words.title)
        question.body_source = words.body
        question.body_html = markdown.render(words.body)
        question.renderer_version = markdown.VERSION
        question.edited_at = timezone.now()
    question.language, question.product = words.language, words.product
    question.save(
        update_fields=[
            *("title", "slug", "body_source", "body_html", "renderer_version", "edited_at"),
            *("language", "product"),
        ]
    )
    question.tags.set(tags_from(list(words.tags)))
    if counted:
        tallies.count_in(question)
    if question.author_id == by.pk:
        resume(question, by=by)
    else:
        tell_of_edit(question, question, by, reason)
    search.refresh(question)
    return question


def _require_editor(question: Question, by: Any, reason: str) -> None:
    if not may_edit(question, by):
        raise Refused(_("This is not yours to edit."), code="forbidden")
    if question.is_archived and not is_moderator(by):
        require_open(question)
    require_reason(question, by, reason)


def require_reason(post: Any, by: Any, reason: str) -> None:
    if post.author_id != by.pk and not reason.strip():
        raise Refused(_("Say why you change what somebody else wrote."), code="reason")


def _remember(question: Question, by: Any, reason: str, withhold: bool) -> None:
    Revision.objects.create(
        question=question,
        title=question.title,
        body_source=question.body_source,
        editor=by,
        reason=reason,
        is_withheld=withhold,
    )
    if withhold:
        withhold_older(question, None)


def withhold_older(question: Question, answer: Any) -> None:
    """What was private in the last text mostly stood in those before it, too."""
    Revision.objects.filter(question=question, answer=answer).update(is_withheld=True)


def tell_of_edit(question: Question, post: Any, by: Any, reason: str) -> None:
    """The author hears when staff changed their words, and why."""
    notify(
        question,
        "forum.edited",
        actor=by,
        title=question.title,
        url=post.get_absolute_url(),
        recipients=[post.author],
        exclude=[by],
        data={"text": reason},
    )
    log(instance=post, action="forum.edit", user=by, data={"reason": reason})


@transaction.atomic
def delete_own(question: Question, *, by: Any) -> None:
    """The author takes a question back as long as nobody has built on it (FO-09)."""
    question = lock(question)
    if question.author_id != by.pk or question.deleted_at is not None:
        raise Refused(_("This is not yours to delete."), code="forbidden")
    latest = latest_move(question)
    if latest is not None and latest.state == Move.State.CONFIRMED:
        raise Refused(
            _("This question has become an idea and is part of its story, so it stays."),
            code="moved",
        )
    if _has_dependants(question):
        raise Refused(
            _(
                "Others have answered or have the same problem, so the question stays for them. "
                "You can still edit it, or ask a moderator to hide it."
            ),
            code="dependants",
        )
    if question.is_public:
        tallies.count_out(question)
    question.deleted_at = timezone.now()
    question.save(update_fields=["deleted_at"])
    withdraw(question)
    search.refresh(question)
    log(instance=question, action="forum.delete", user=by)


def _has_dependants(question: Question) -> bool:
    # Hidden answers do not count, the asker's own words neither.
    others = {"author": question.author_id}
    return bool(
        question.me_too_count
        or Question.objects.public().filter(duplicate_of=question).exists()
        or question.answers.public().exclude(**others).exists()
        or question.comments.public().exclude(**others).exists()
    )


@transaction.atomic
def mark_duplicate(question: Question, original: Question, *, by: Any) -> Question:
    """The page points to the original from now on; the asker follows it (FO-06)."""
    _require_moderator(by)
    question, original = _held(question, original)
    if not original.is_public:
        raise Refused(_("There is no such question to point to."))
    if question.duplicate_of is not None and question.duplicate_of != original:
        disconnect(question, question.duplicate_of, Link.Kind.DUPLICATE_OF)
    # What pointed here points to the original too: one step for every reader.
    Question.objects.filter(duplicate_of=question).update(duplicate_of=original)
    retarget(question, original, Link.Kind.DUPLICATE_OF)
    question.duplicate_of = original
    question.save(update_fields=["duplicate_of"])
    connect(question, original, Link.Kind.DUPLICATE_OF, by=by)
    Event.objects.create(question=question, verb=Event.Verb.DUPLICATE, by=by)
    subscribe(question.author, original, reason="author")
    notify(
        question,
        "forum.duplicate",
        actor=by,
        title=question.title,
        url=question.get_absolute_url(),
        recipients=[question.author],
        exclude=[by],
        data={"text": original.title},
        about=original,
    )
    log(instance=question, action="forum.duplicate", user=by, data={"original": original.pk})
    search.refresh(question)
    return question


def _held(question: Question, original: Question) -> tuple[Question, Question]:
    """Both, locked in one order whoever asks: two moderators must not wait for each other.

    The original is the first one of its chain; what points to the question is locked as well.
    """
    chain = Question.objects.filter(pk=original.pk).values_list("duplicate_of", flat=True)
    end = next(iter(chain), None) or original.pk
    if end == question.pk:
        raise Refused(_("A question cannot repeat itself. Choose the other one."))
    rows = Question.objects.filter(Q(pk__in=[question.pk, end]) | Q(duplicate_of=question.pk))
    held = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    if end not in held or held[end].duplicate_of_id is not None:
        raise Refused(_("Somebody has just changed that question. Look at it again."))
    return held[question.pk], held[end]


@transaction.atomic
def unmark_duplicate(question: Question, *, by: Any) -> Question:
    question = lock(question)
    _require_moderator(by)
    if question.duplicate_of is None:
        return question
    disconnect(question, question.duplicate_of, Link.Kind.DUPLICATE_OF)
    question.duplicate_of = None
    question.save(update_fields=["duplicate_of"])
    Event.objects.create(question=question, verb=Event.Verb.NOT_DUPLICATE, by=by)
    log(instance=question, action="forum.not_duplicate", user=by)
    search.refresh(question)
    return question


def _require_moderator(by: Any) -> None:
    if not is_moderator(by):
        raise Refused(_("Only moderators may do this."), code="forbidden")
