"""Submitting, editing and deleting an idea."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

import search
from common import markdown
from common.errors import Refused
from common.versions import require_seen
from common.votes import set_vote
from ideas.models import SUMMARY_LENGTH, TITLE_LENGTH, Idea, IdeaComment, IdeaVote
from ideas.stages import default_stage
from ideas.trending import trend
from links.models import Move
from notifications.actions import subscribe, subscribers_of, withdraw
from products.models import tags_from
from products.words import Words, fields_of


@transaction.atomic
def submit(
    words: Words, *, by: Any, shown_as: str = Idea.ShownAs.PERSON, votes: bool = True
) -> Idea:
    """A new idea; its author votes for it and follows it, unless VOTES is off."""
    now = timezone.now()
    idea = Idea(
        author=by,
        shown_as=shown_as,
        language=words.language,
        product=words.product,
        stage=default_stage(),
        trend=trend(1, 0, timedelta()),
        created_at=now,
        last_activity_at=now,
    )
    _write(idea, words)
    idea.save()
    idea.tags.set(tags_from(list(words.tags)))
    if votes:
        set_vote(IdeaVote, idea, by, on=True, counter="vote_count")
        subscribe(by, idea, reason="author")
    log(idea, "ideas.submit", user=by)
    search.refresh(idea)
    return idea


@transaction.atomic
def edit(idea: Idea, words: Words, *, by: Any, seen: str | None = None) -> Idea:
    """The author for a day, product managers always; the address follows the title.

    SEEN is what the form was opened with.
    """
    idea = lock(idea)
    if not idea.may_edit(by):
        raise Refused(_("This idea can no longer be edited."), code="edit")
    require_seen(seen, fields_of(idea), words.fields)
    if (words.title, words.body) != (idea.title, idea.body_source):
        idea.edited_at = timezone.now()
    _write(idea, words)
    idea.language, idea.product = words.language, words.product
    idea.save(
        update_fields=[
            *("title", "slug", "summary", "body_source", "body_html", "renderer_version"),
            *("language", "product", "edited_at"),
        ]
    )
    idea.tags.set(tags_from(list(words.tags)))
    log(idea, "ideas.edit", user=by)
    search.refresh(idea)
    return idea


def _write(idea: Idea, words: Words) -> None:
    idea.title = words.title[:TITLE_LENGTH]
    idea.slug = idea.make_slug()
    idea.body_source = words.body
    idea.body_html = markdown.render(words.body)
    idea.renderer_version = markdown.VERSION
    idea.summary = markdown.excerpt(idea.body_html, SUMMARY_LENGTH - 1)


def others_joined(
    idea: Idea, *, besides: set[int], move: Move | None = None, follows: Collection[int] = ()
) -> bool:
    """Whether anybody else wants it: not BESIDES, and not through MOVE, which made FOLLOWS."""
    votes = IdeaVote.objects.filter(target=idea).exclude(user__in=besides)
    if move is not None:
        votes = votes.exclude(move=move)
    return (
        idea.base_votes > 0
        or votes.exists()
        or IdeaComment.objects.public().filter(idea=idea).exclude(author__in=besides).exists()
        or subscribers_of(idea).exclude(pk__in={*besides, *follows}).exists()
    )


@transaction.atomic
def delete(idea: Idea, *, by: Any) -> Idea:
    """The author takes it back as long as nobody else has joined; the row stays for staff."""
    idea = lock(idea)
    if idea.deleted_at is not None:
        return idea
    if idea.author_id != by.pk or not idea.is_public:
        raise Refused(_("This is not your idea."), code="forbidden")
    if others_joined(idea, besides={by.pk}):
        raise Refused(
            _("Others have joined this idea, so it stays. Ask a moderator if it must go."),
            code="joined",
        )
    idea.deleted_at = timezone.now()
    idea.save(update_fields=["deleted_at"])
    withdraw(idea)
    log(idea, "ideas.delete", user=by)
    search.refresh(idea)
    return idea


def lock(idea: Idea) -> Idea:
    rows = Idea.objects.select_for_update(of=("self",)).select_related("stage", "product")
    return rows.get(pk=idea.pk)


def require_public(idea: Idea) -> None:
    if not idea.is_public:
        raise Refused(_("This idea is no longer here."), code="gone")
