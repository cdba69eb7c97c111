"""What the vendor decides and says: the stage, and the official answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

import search
from accounts.access import Role, has_role
from accounts.models import User
from common import markdown
from common.errors import Refused
from common.text import clean_line
from common.versions import require_seen
from ideas.actions.posts import lock, require_public
from ideas.models import REASON_LENGTH, Idea, IdeaVote, Stage, StageChange
from links.models import type_of
from notifications.actions import notify
from notifications.models import Subscription

_LEVELS = (Subscription.Level.ALL, Subscription.Level.STATUS)


@transaction.atomic
def set_stage(
    idea: Idea, stage: Stage, *, by: Any, reason: str = "", seen: str | None = None
) -> Idea:
    """Voters and followers hear of it, each once; declining says why (ID-02, ID-03).

    SEEN is what the form was opened with.
    """
    _require_manager(by)
    idea = lock(idea)
    require_public(idea)
    reason = clean_line(reason)[:REASON_LENGTH]
    if stage.needs_reason and not reason:
        raise Refused(_("Say why: the reason stands above the idea."), code="reason")
    now_there = {"stage": idea.stage_id, "reason": idea.stage_reason}
    require_seen(seen, now_there, {"stage": stage.pk, "reason": reason})
    if (stage.pk, reason) == (idea.stage_id, idea.stage_reason):
        return idea
    changed = stage.pk != idea.stage_id
    now = timezone.now()
    idea.stage, idea.stage_reason = stage, reason
    fields = ["stage", "stage_reason"]
    if changed:
        idea.stage_changed_at = idea.last_activity_at = now
        fields += ["stage_changed_at", "last_activity_at"]
    idea.save(update_fields=fields)
    StageChange.objects.create(idea=idea, stage=stage, reason=reason, by=by, at=now)
    log(idea, "ideas.stage", user=by, data={"stage": stage.code, "reason": reason})
    if changed:
        _tell(idea, f"ideas.{stage.category}", by=by, data={"excerpt": reason} if reason else {})
    search.refresh(idea)
    return idea


@transaction.atomic
def answer_officially(idea: Idea, text: str, *, by: Any, seen: str | None = None) -> Idea:
    """The pinned answer of the vendor; an empty text takes it away (ID-08)."""
    _require_manager(by)
    idea = lock(idea)
    require_public(idea)
    require_seen(seen, {"text": idea.official_source}, {"text": text})
    if text == idea.official_source:
        return idea
    is_new = bool(text) and not idea.official_source
    now = timezone.now()
    idea.official_source = text
    idea.official_html = markdown.render(text, staff=True) if text else ""
    idea.official_by, idea.official_at = (by, now) if text else (None, None)
    idea.last_activity_at = now
    idea.save(
        update_fields=[
            *("official_source", "official_html", "official_by", "official_at"),
            "last_activity_at",
        ]
    )
    log(idea, "ideas.answer", user=by)
    if is_new:
        _tell(idea, "ideas.official", by=by, data={"excerpt": markdown.excerpt(idea.official_html)})
    search.refresh(idea)
    return idea


def waiting_people(idea: Idea) -> Any:
    """Everybody who voted or follows closely enough to hear of a decision; each once."""
    follows = Subscription.objects.filter(
        target_type=type_of(idea), target_id=idea.pk, level__in=_LEVELS
    )
    votes = IdeaVote.objects.filter(target=idea)
    return User.objects.filter(
        Q(pk__in=votes.values("user")) | Q(pk__in=follows.values("user")), is_active=True
    )


def waiting_count(idea: Idea) -> int:
    """How many wait; imported votes have no person behind them. A page says it twice."""
    known: int | None = idea.__dict__.get("_waiting_count")
    if known is None:
        known = idea.__dict__["_waiting_count"] = idea.base_votes + waiting_people(idea).count()
    return known


def _tell(idea: Idea, verb: str, *, by: Any, data: dict[str, Any]) -> None:
    notify(
        idea,
        verb,
        actor=by,
        title=idea.title,
        url=idea.get_absolute_url(),
        recipients=waiting_people(idea).only("pk", "is_active"),
        data=data,
    )


def _require_manager(by: Any) -> None:
    if not has_role(by, Role.PRODUCT_MANAGER):
        raise Refused(_("Only product managers decide about ideas."), code="forbidden")
