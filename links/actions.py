"""Ties two things together, and unties them."""

from __future__ import annotations

from typing import Any

from django.db import models

from links.models import ImportedKey, Link, type_of


def connect(source: models.Model, target: models.Model, kind: str, *, by: Any) -> tuple[Link, bool]:
    """The link and whether it is new; tying twice is no error."""
    return Link.objects.get_or_create(
        source_type=type_of(source),
        source_id=source.pk,
        target_type=type_of(target),
        target_id=target.pk,
        kind=Link.Kind(kind),
        defaults={"created_by": by},
    )


def disconnect(source: models.Model, target: models.Model, kind: str) -> bool:
    """True if there was such a link."""
    rows = Link.objects.filter(
        source_type=type_of(source),
        source_id=source.pk,
        target_type=type_of(target),
        target_id=target.pk,
        kind=kind,
    )
    return bool(rows.delete()[0])


def retarget(old: models.Model, new: models.Model, kind: str) -> int:
    """What was tied to OLD is tied to NEW; returns how many links that were."""
    rows = Link.objects.filter(target_type=type_of(old), target_id=old.pk, kind=kind)
    there = Link.objects.filter(target_type=type_of(new), target_id=new.pk, kind=kind)
    for source_type, source_id in there.values_list("source_type", "source_id"):
        rows.filter(source_type=source_type, source_id=source_id).delete()
    return rows.update(target_type=type_of(new), target_id=new.pk)


def remember_key(system: str, kind: str, key: str, thing: models.Model) -> ImportedKey:
    """Notes that KEY of SYSTEM became THING; the first to say so wins."""
    row, _created = ImportedKey.objects.get_or_create(
        system=system,
        kind=kind,
        key=key,
        defaults={"content_type": type_of(thing), "object_id": thing.pk},
    )
    return row


def known_keys(system: str, kind: str, keys: list[str]) -> dict[str, int]:
    """Object id by key, for those of KEYS that were imported before."""
    rows = ImportedKey.objects.filter(system=system, kind=kind, key__in=keys)
    return dict(rows.values_list("key", "object_id"))
