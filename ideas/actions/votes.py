"""Votes and follows: two things, each one row a person (ID-01, ID-10)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import search
from common.errors import Refused
from common.votes import set_vote as put_vote
from ideas.actions.posts import require_public
from ideas.models import Idea, IdeaVote
from notifications.actions import subscribe, unsubscribe


@transaction.atomic
def set_vote(
    idea: Idea,
    *,
    by: Any,
    on: bool,
    source: str = IdeaVote.Source.SELF,
    added_by: Any = None,
    move: Any = None,
) -> Idea:
    """ON or off as the person wants it, so a retry never turns it round; counted once."""
    require_public(idea)
    if idea.stage.is_closed:
        raise Refused(_("Voting has ended: this idea is decided."), code="closed")
    extra = {"source": source, "added_by": added_by, "move": move}
    if put_vote(IdeaVote, idea, by, on=on, counter="vote_count", extra=extra):
        search.refresh(idea)
    else:
        # A retry is answered with the number that stands, not with the one it remembers.
        idea.refresh_from_db(fields=["vote_count"])
    return idea


@transaction.atomic
def set_follow(idea: Idea, *, by: Any, on: bool) -> Idea:
    """Following tells of everything; it is no vote, and a vote is no following."""
    require_public(idea)
    if on:
        subscribe(by, idea)
    else:
        unsubscribe(by, idea)
    return idea
