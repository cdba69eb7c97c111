"""The life of a problem as a line of stations, over links in both directions."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from links.models import Link, type_of
from links.registry import Station, Thing, thing_of

MAX_STATIONS = 4
# Most things know one or two others; a cap keeps a busy idea's page at constant cost.
_MAX_LINKS = 60
# For these the target was there first: an outage comes before the case it caused.
_TARGET_FIRST = {Link.Kind.CAUSED_BY}

Key = tuple[int, int]


def trail_for(thing: models.Model, viewer: Any) -> list[Station]:
    """The stations around THING that VIEWER may see: four for the line, then the rest.

    Empty when it stands alone.
    """
    kind = thing_of(type(thing))
    if kind is None:
        return []
    here: Key = (type_of(thing).pk, thing.pk)
    seen: dict[Key, tuple[Thing, Any, int]] = {here: (kind, thing, 0)}
    frontier = {here}
    # Two steps reach article, question, idea, announcement from any of them; a hidden
    # thing is not stepped through, so its neighbours do not give it away.
    for _step in range(2):
        frontier = _step_from(frontier, seen, viewer)
        if not frontier:
            break
    ordered = sorted(seen.items(), key=lambda item: (item[1][2], _age(item[1][1]), item[0]))
    return _stations(ordered, here)


def _age(thing: Any) -> float:
    moment = getattr(thing, "created_at", None) or getattr(thing, "first_published_at", None)
    return moment.timestamp() if moment else 0.0


def _step_from(
    frontier: set[Key], seen: dict[Key, tuple[Thing, Any, int]], viewer: Any
) -> set[Key]:
    places: dict[Key, int] = {}
    for link in _links_of(frontier):
        source: Key = (link.source_type_id, link.source_id)
        target: Key = (link.target_type_id, link.target_id)
        forward = -1 if link.kind in _TARGET_FIRST else 1
        if source in frontier and target not in seen:
            places.setdefault(target, seen[source][2] + forward)
        if target in frontier and source not in seen:
            places.setdefault(source, seen[target][2] - forward)
    found = _visible(set(places), viewer)
    for key, (kind, other) in found.items():
        seen[key] = (kind, other, places[key])
    return set(found)


def _links_of(keys: set[Key]) -> list[Link]:
    condition = Q()
    by_type: dict[int, list[int]] = defaultdict(list)
    for type_id, pk in keys:
        by_type[type_id].append(pk)
    for type_id, pks in by_type.items():
        condition |= Q(source_type=type_id, source_id__in=pks)
        condition |= Q(target_type=type_id, target_id__in=pks)
    return list(Link.objects.filter(condition).order_by("-created_at", "-pk")[:_MAX_LINKS])


def _visible(keys: set[Key], viewer: Any) -> dict[Key, tuple[Thing, Any]]:
    by_type: dict[int, set[int]] = defaultdict(set)
    for type_id, pk in keys:
        by_type[type_id].add(pk)
    found: dict[Key, tuple[Thing, Any]] = {}
    for type_id, pks in by_type.items():
        kind = thing_of(ContentType.objects.get_for_id(type_id).model_class())
        if kind is not None:
            for row in kind.visible(viewer, pks):
                found[(type_id, row.pk)] = (kind, row)
    return found


def _stations(ordered: list[tuple[Key, tuple[Thing, Any, int]]], here: Key) -> list[Station]:
    place = next(index for index, (key, _rest) in enumerate(ordered) if key == here)
    last_kind, last, _distance = ordered[-1][1]
    upcoming = last_kind.upcoming(last) if last_kind.upcoming else None
    room = MAX_STATIONS - (1 if upcoming else 0)
    # What led here matters most, then what came of it: the far ends are folded.
    start = max(0, min(place - (room - 2), len(ordered) - room))
    shown = ordered[start : start + room]
    line = [_station(item, here) for item in shown]
    if upcoming:
        line.append({**upcoming, "state": "future"})
    if len(line) < 2:
        return []
    rest = ordered[:start] + ordered[start + room :]
    return line + [_station(item, here) for item in rest]


def _station(item: tuple[Key, tuple[Thing, Any, int]], here: Key) -> Station:
    key, (kind, thing, _distance) = item
    return {**kind.station(thing), "state": "here" if key == here else "past"}
