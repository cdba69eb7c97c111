"""How a question stands on the trail, and how it becomes an idea."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from accounts.models import User
from common.errors import Refused
from forum.models import Event, MeToo, Question
from links import registry
from links.models import Move
from links.moves import latest_move
from notifications.actions import notify, subscribers_of

MOVERS = (Role.MODERATOR, Role.AGENT, Role.PRODUCT_MANAGER)


def offers(question: Question, viewer: Any) -> dict[str, Any]:
    """What the page lets this viewer do: move it, or for a week take the move back."""
    if not has_role(viewer, *MOVERS):
        return {"can_move": False, "move_back_until": None}
    latest = latest_move(question)
    moved = latest is not None and latest.state == Move.State.CONFIRMED
    back = latest.undo_until if latest is not None and latest.can_be_undone() else None
    return {"can_move": not moved, "move_back_until": back}


def station(question: Question) -> registry.Station:
    return {
        "kind": "question",
        "label": str(_("Question, solved") if question.is_solved else _("Question")),
        "title": question.title,
        "url": question.get_absolute_url(),
        "language": question.language,
    }


class QuestionOrigin(registry.Origin):
    """The question stays readable and points to the idea; nobody's vote is cast for them."""

    kind = "question"
    model = Question

    def check_propose(self, source: Question, *, by: Any) -> None:
        if not has_role(by, *MOVERS):
            raise Refused(_("Only moderators, agents and product managers may do this."))
        if not source.is_public:
            raise Refused(_("This question is no longer here."), code="gone")
        latest = latest_move(source)
        if latest is not None and latest.state == Move.State.CONFIRMED:
            raise Refused(_("This question has become an idea already."), code="moved")

    def may_undo(self, source: Question, move: Move, *, by: Any) -> bool:
        return has_role(by, *MOVERS)

    def voters(self, source: Question, move: Move) -> list[Any]:
        """The asker's vote only when the asker is who moves; else they are asked."""
        return [move.proposed_by] if move.proposed_by_id == source.author_id else []

    def followers(self, source: Question, move: Move) -> list[Any]:
        """Who followed the question; the asker decides with the notice."""
        if move.proposed_by_id == source.author_id:
            return list(subscribers_of(source))
        return list(subscribers_of(source).exclude(pk=source.author_id))

    def confirmed(self, source: Question, move: Move, target: Any) -> None:
        by, url = move.proposed_by, target.get_absolute_url()
        Event.objects.create(question=source, verb=Event.Verb.MOVED, by=by)
        waiting = MeToo.objects.filter(target=source).values("user")
        people = User.objects.filter(pk__in=waiting) | User.objects.filter(pk=source.author_id)
        notify(
            source,
            "forum.moved",
            actor=by,
            title=source.title,
            url=url,
            recipients=list(people),
            exclude=[by],
            data={"text": str(target)},
            about=target,
        )

    def undone(self, source: Question, move: Move) -> None:
        Event.objects.create(question=source, verb=Event.Verb.MOVED_BACK)


registry.register_thing("question", Question, station=station)
registry.register_origin(QuestionOrigin())
