"""What the apps tell links about their kinds, each from its own `moves.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from common.errors import Refused

if TYPE_CHECKING:
    from links.models import Move


class Station(TypedDict):
    """One stop of a trail; `state` is past, here or future."""

    kind: str
    label: str
    title: str
    url: str
    state: NotRequired[str]
    # What the title is written in, where it is not a word of the interface.
    language: NotRequired[str]


@dataclass(frozen=True)
class Thing:
    """A kind that can stand on a trail."""

    kind: str
    model: type[Model]
    station: Callable[[Any], Station]
    # What comes next for the last thing on the line, such as "When it ships".
    upcoming: Callable[[Any], Station | None] | None = None
    # Relations that `station` reads, so that it costs no query of its own.
    related: tuple[str, ...] = ()

    def visible(self, viewer: Any, pks: set[int]) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(viewer).filter(pk__in=pks)
        return rows.select_related(*self.related) if self.related else rows


class Origin:
    """The source's side of a move. Every method runs inside the transaction of the move."""

    kind: str
    model: type[Model]

    def check_propose(self, source: Any, *, by: Any) -> None:
        """Raises Refused unless BY may move SOURCE now."""
        raise NotImplementedError

    def may_decide(self, source: Any, move: Move, *, by: Any) -> bool:
        """Whether BY may confirm or decline; without somebody to ask, whoever proposed it."""
        return bool(by.pk == (move.confirmer_id or move.proposed_by_id))

    def may_undo(self, source: Any, move: Move, *, by: Any) -> bool:
        return by.pk in {move.proposed_by_id, move.confirmer_id}

    def voters(self, source: Any, move: Move) -> list[Any]:
        """Whose vote the move casts: only people who agreed to it."""
        return [move.confirmer] if move.confirmer else []

    def followers(self, source: Any, move: Move) -> list[Any]:
        """Who hears about the target from now on."""
        return self.voters(source, move)

    def proposed(self, source: Any, move: Move) -> dict[str, Any]:
        """Changes the source's state while it waits; returns JSON that restores it."""
        return {}

    def confirmed(self, source: Any, move: Move, target: Any) -> None:
        """Closes the source; tells its people."""

    def declined(self, source: Any, move: Move) -> None:
        """Gives the source back; `move.undo_data["origin"]` is what `proposed` returned."""

    def expired(self, source: Any, move: Move) -> None:
        """Nobody answered in time."""

    def undone(self, source: Any, move: Move) -> None:
        """Restores the state before the move from `move.undo_data["origin"]`."""


class Destination:
    """The target's side of a move: its app alone makes, joins and takes back."""

    kind: str
    model: type[Model]

    def clean(self, payload: dict[str, Any], *, by: Any) -> dict[str, Any]:
        """The payload with only the keys that count; raises Refused when it will not do."""
        raise NotImplementedError

    def existing(self, pk: int, *, by: Any) -> Any:
        """The thing to join, as BY may see it; raises Refused when there is none."""
        raise NotImplementedError

    def create(self, move: Move) -> Any:
        """A new thing from `move.payload`, and from nothing else."""
        raise NotImplementedError

    def join(
        self, target: Any, move: Move, *, voters: list[Any], followers: list[Any]
    ) -> dict[str, Any]:
        """Votes and follows for them; returns JSON of what this move alone has added."""
        raise NotImplementedError

    def undo(self, target: Any, move: Move, data: dict[str, Any], *, created: bool) -> None:
        """Takes back what `join` added, and hides what `create` made unless others joined."""
        raise NotImplementedError


_things: dict[type[Model], Thing] = {}
_origins: dict[type[Model], Origin] = {}
_destinations: dict[str, Destination] = {}


def register_thing(
    kind: str,
    model: type[Model],
    *,
    station: Callable[[Any], Station],
    upcoming: Callable[[Any], Station | None] | None = None,
    related: tuple[str, ...] = (),
) -> None:
    if not hasattr(model._default_manager.all(), "visible_to"):
        raise TypeError(
            f"{model._meta.label} has no visible_to(user): nobody could check who may see it."
        )
    _things[model] = Thing(kind, model, station, upcoming, related)


def register_origin(origin: Origin) -> None:
    _origins[origin.model] = origin


def register_destination(destination: Destination) -> None:
    _destinations[destination.kind] = destination


def thing_of(model: type[Model] | None) -> Thing | None:
    return _things.get(model) if model else None


def origin_of(source: Model) -> Origin:
    try:
        return _origins[type(source)]
    except KeyError:
        raise Refused(_("This cannot be moved."), code="no_origin") from None


def destination_of(kind: str) -> Destination:
    try:
        return _destinations[kind]
    except KeyError:
        raise Refused(_("It cannot be moved there."), code="no_destination") from None
