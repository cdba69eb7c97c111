"""Puts pinned things above the list, once, for those who may see them (SE-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from search.analysis.documents import tag_key
from search.analysis.stemming import base_language
from search.editing import live
from search.engines import engine
from search.engines.base import Found, Query, Scored
from search.engines.words import meant
from search.hits import Hit, hit_of, shown, visible_entries
from search.models import Entry
from search.models_editing import Pin
from search.projection import live as live_collection

# More than a handful above the list would hide what was searched for.
_MOST = 3
# Filter of a query → column of an entry.
_FILTERS = {
    "kind": "kinds",
    "product": "products",
    "language": "languages",
    "state": "states",
}
_GROUPS = (*_FILTERS, "solved")

Key = tuple[str, str]


def search(text: str, query: Query, viewer: Any) -> tuple[Found, list[Hit]]:
    """What the engine finds beside the things pinned for TEXT, and these on the first page."""
    pinned = _Pinned.of(text, query, viewer)
    found = engine().search(pinned.apart(query), live_collection())
    if not pinned.entries and found.corrections:
        pinned = _Pinned.of(meant(text, found.corrections), query, viewer)
        if pinned.entries:
            found = engine().search(pinned.apart(query), live_collection())
    if query.facets:
        # Groups that are missing would tell that no text has the words, not even a private one.
        ages = dict.fromkeys(query.ages, 0)
        found.facets = {**{name: {} for name in _GROUPS}, "since": ages, **found.facets}
    pinned.count(found, query)
    return found, pinned.hits(found, query)


def first(text: str, query: Query, viewer: Any, hits: Sequence[Hit], *, begun: bool) -> list[Hit]:
    """HITS while typing, with what is pinned for TEXT in front."""
    pinned = _Pinned.of(text, query, viewer, begun=begun)
    return [
        *pinned.hits(Found(), query),
        *(hit for hit in hits if (hit.kind, hit.object_id) not in pinned.keys),
    ]


class _Pinned:
    """The pinned entries of one query that the viewer may see, each in the best language."""

    def __init__(self, families: Sequence[Sequence[Entry]] = (), keys: Sequence[Key] = ()) -> None:
        # Each with its translations, the one to show first: a family is one hit.
        self.families = families
        self.entries = [family[0] for family in families]
        self.keys = tuple(keys)

    @classmethod
    def of(cls, text: str, query: Query, viewer: Any, *, begun: bool = False) -> _Pinned:
        if query.newest or query.phrases or query.is_negative or query.limit <= 1:
            # Who asks for exact words or an order of their own gets nothing put in front.
            return cls()
        if any(required.in_title for required in query.required):
            return cls()
        pins = live.tables().pins
        met = pins.begun(text, query.spoken) if begun else pins.of(text, query.spoken)
        return _read(met[: min(_MOST, query.limit - 1)], query, viewer) if met else cls()

    def apart(self, query: Query) -> Query:
        if not self.keys:
            return query
        shown = 0 if query.after else sum(not _off(entry, query) for entry in self.entries)
        limit = max(1, query.limit - shown)
        return replace(query, without=(*query.without, *self.keys), limit=limit)

    def count(self, found: Found, query: Query) -> None:
        """The pinned are results like the others: in the total, and in each filter's counts."""
        for family in self.families:
            off = [(entry, _off(entry, query)) for entry in family]
            found.total += any(not names for _entry, names in off)
            for name, counts in found.facets.items():
                # Choosing a value leaves the translation that has it.
                some = [entry for entry, names in off if names in ([], [name])]
                if name == "since":
                    values = {age for age in counts if any(one.updated_at >= age for one in some)}
                else:
                    values = {getattr(entry, name) for entry in some}
                counts.update({value: counts.get(value, 0) + 1 for value in values})

    def hits(self, found: Found, query: Query) -> list[Hit]:
        if query.after is not None:
            return []
        keys = shown([key for word in query.words for key in word.keys])
        best = max((hit.score for hit in found.hits), default=0)
        return [
            replace(hit_of(entry, Scored(entry.kind, entry.object_id, best, 0), keys), pinned=True)
            for entry in self.entries
            if not _off(entry, query)
        ]


def _read(pins: Sequence[Pin], query: Query, viewer: Any) -> _Pinned:
    """The pins' things with their translations, as far as VIEWER may see them."""
    families = _families(pins)
    keys = list(dict.fromkeys(key for family in families.values() for key in family))
    if not keys:
        return _Pinned()
    scored = [Scored(kind, object_id, 0, 0) for kind, object_id in keys]
    seen = visible_entries(scored, viewer if viewer is not None else AnonymousUser())
    found: list[list[Entry]] = []
    taken: set[Key] = set()
    for pin in pins:
        family = [key for key in families[pin.key] if key in seen]
        kept = [seen[key] for key in family if _has_tags(seen[key], query)]
        if kept and taken.isdisjoint(family):
            taken.update(families[pin.key])
            found.append(sorted(kept, key=lambda one: _distance(one, pin, query)))
    return _Pinned(found, sorted(taken))


def _families(pins: Sequence[Pin]) -> dict[Key, list[Key]]:
    """Each pinned thing's own key, with those of its translations; [] if it is gone."""
    wanted = Q()
    for pin in pins:
        wanted |= Q(kind=pin.kind, object_id=pin.object_id)
    families = Entry.objects.filter(wanted).exclude(family="").values("family")
    rows = Entry.objects.filter(wanted | Q(family__in=families)).values_list(
        "kind", "object_id", "family"
    )
    members: dict[str, list[Key]] = {}
    family_of: dict[Key, str] = {}
    for kind, object_id, family in rows:
        family_of[kind, object_id] = family
        members.setdefault(family, []).append((kind, object_id))
    return {pin.key: _members(pin.key, family_of, members) for pin in pins}


def _members(key: Key, family_of: dict[Key, str], members: dict[str, list[Key]]) -> list[Key]:
    if key not in family_of:
        return []
    return members[family_of[key]] if family_of[key] else [key]


def _has_tags(entry: Entry, query: Query) -> bool:
    """All that are asked for: no filter has counts of them."""
    tags = {tag_key(tag) for tag in entry.tags}
    return not any(tags.isdisjoint(required.keys) for required in query.required)


def _off(entry: Entry, query: Query) -> list[str]:
    """The filters that ENTRY does not pass."""
    off = [
        name
        for name, values in _FILTERS.items()
        if getattr(query, values) and getattr(entry, name) not in getattr(query, values)
    ]
    if query.solved is not None and entry.solved is not query.solved:
        off.append("solved")
    if query.since is not None and entry.updated_at < query.since:
        off.append("since")
    return off


def _distance(entry: Entry, pin: Pin, query: Query) -> tuple[bool, bool, bool, str]:
    """Passing the filters, then the reader's language, then the one that was pinned."""
    return (
        bool(_off(entry, query)),
        base_language(entry.language) != base_language(query.reader),
        (entry.kind, entry.object_id) != pin.key,
        entry.language,
    )
