"""Moves between kinds: proposed, then confirmed, declined or expired, and undone for a week."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from common.errors import Refused
from links import actions
from links.models import Link, Move, type_of
from links.registry import destination_of, origin_of

ANSWER_WITHIN = timedelta(days=14)
UNDO_WITHIN = timedelta(days=7)

logger = logging.getLogger(__name__)


@transaction.atomic
def propose(
    source: models.Model, kind: str, *, by: Any, payload: dict[str, Any], confirmer: Any = None
) -> Move:
    """Asks CONFIRMER whether SOURCE may become a KIND; nothing of it exists before the yes."""
    origin, destination = origin_of(source), destination_of(kind)
    origin.check_propose(source, by=by)
    words = destination.clean(payload, by=by)
    if "existing" in words:
        destination.existing(words["existing"], by=by)
    now = timezone.now()
    try:
        with transaction.atomic():
            move = Move.objects.create(
                source_type=type_of(source),
                source_id=source.pk,
                destination=kind,
                payload=words,
                proposed_by=by,
                confirmer=confirmer,
                proposed_at=now,
                expires_at=now + ANSWER_WITHIN,
            )
    except IntegrityError:
        raise Refused(
            _("A move of this is already waiting for an answer."), code="waiting"
        ) from None
    move.undo_data = {"origin": origin.proposed(source, move)}
    move.save(update_fields=["undo_data"])
    log(instance=move, action="links.move.propose", user=by)
    return move


@transaction.atomic
def confirm(move: Move, *, by: Any, show_name: bool | None = None) -> Move:
    """The yes: makes or joins the target, votes, follows, links, closes the source."""
    move = _locked(move)
    if move.state == Move.State.CONFIRMED:
        return move
    source = _answerable(move, by)
    if move.expires_at <= timezone.now():
        raise Refused(_("This offer has ended. Support can make it again."), code="expired")
    origin, destination = origin_of(source), destination_of(move.destination)
    if show_name is not None:
        move.payload["show_name"] = show_name
    created = move.existing_id is None
    target = (
        destination.create(move) if created else destination.existing(move.existing_id or 0, by=by)
    )
    voters, followers = origin.voters(source, move), origin.followers(source, move)
    joined = destination.join(target, move, voters=voters, followers=followers)
    _link, is_new = actions.connect(source, target, Link.Kind.PROMOTED_TO, by=by)
    move.target_type, move.target_id = type_of(target), target.pk
    move.undo_data |= {"created": created, "joined": joined, "linked": is_new}
    _decide(move, Move.State.CONFIRMED, by)
    move.undo_until = timezone.now() + UNDO_WITHIN
    move.save(update_fields=["payload", "target_type", "target_id", "undo_data", "undo_until"])
    origin.confirmed(source, move, target)
    log(instance=move, action="links.move.confirm", user=by)
    return move


@transaction.atomic
def decline(move: Move, *, by: Any) -> Move:
    move = _locked(move)
    if move.state == Move.State.DECLINED:
        return move
    source = _answerable(move, by)
    _decide(move, Move.State.DECLINED, by)
    origin_of(source).declined(source, move)
    log(instance=move, action="links.move.decline", user=by)
    return move


def expire_due(now: datetime | None = None) -> int:
    """Ends what nobody answered in time; one failing source does not hold up the others."""
    now = now or timezone.now()
    expired = 0
    for pk in list(Move.objects.due(now).values_list("pk", flat=True)[:500]):
        try:
            expired += _expire(pk, now)
        except Exception:
            logger.exception("Move %s could not be ended", pk)
    return expired


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    move = Move.objects.select_for_update().due(now).filter(pk=pk).first()
    if move is None:
        return False
    _decide(move, Move.State.EXPIRED, None)
    source = move.source
    if source is not None:
        origin_of(source).expired(source, move)
    log(instance=move, action="links.move.expire")
    return True


@transaction.atomic
def undo(move: Move, *, by: Any) -> Move:
    """Restores the source, and takes back only what the move itself added."""
    move = _locked(move)
    if move.state == Move.State.UNDONE:
        return move
    source = move.source
    if source is None or not origin_of(source).may_undo(source, move, by=by):
        raise Refused(_("You cannot undo this."), code="forbidden")
    if not move.can_be_undone():
        raise Refused(_("This can no longer be undone."), code="too_late")
    target = move.target
    if target is not None:
        data = move.undo_data
        if data.get("linked"):
            actions.disconnect(source, target, Link.Kind.PROMOTED_TO)
        destination_of(move.destination).undo(
            target, move, data.get("joined", {}), created=bool(data.get("created"))
        )
    move.state, move.undone_at = Move.State.UNDONE, timezone.now()
    move.save(update_fields=["state", "undone_at"])
    origin_of(source).undone(source, move)
    log(instance=move, action="links.move.undo", user=by)
    return move


def waiting_move(source: models.Model) -> Move | None:
    """The move of SOURCE that waits for an answer."""
    return Move.objects.of(source).waiting().select_related("confirmer", "proposed_by").first()


def latest_move(source: models.Model) -> Move | None:
    """The newest move of SOURCE in whatever state."""
    return Move.objects.of(source).order_by("-pk").first()


def _locked(move: Move) -> Move:
    return Move.objects.select_for_update().get(pk=move.pk)


def _answerable(move: Move, by: Any) -> Any:
    source = move.source
    if source is None or not origin_of(source).may_decide(source, move, by=by):
        raise Refused(_("This is not yours to decide."), code="forbidden")
    if move.state != Move.State.PROPOSED:
        raise Refused(_("This has already been decided."), code="decided")
    return source


def _decide(move: Move, state: Move.State, by: Any) -> None:
    move.state, move.decided_at, move.decided_by = state, timezone.now(), by
    move.save(update_fields=["state", "decided_at", "decided_by"])
