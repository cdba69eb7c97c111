"""May this person still see the thing: asked when telling, not only when queueing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def require_rule(model: type[Model]) -> None:
    """A model without `visible_to` cannot be notified about: nobody could check who may see it."""
    if not hasattr(model._default_manager.all(), "visible_to"):
        raise TypeError(f"{model._meta.label} has no visible_to(user).")


def visible_ids(model: type[Model] | None, pks: Iterable[int], user: Any) -> set[int]:
    """Which of the things the person may see; none for a model that is gone."""
    if model is None:
        return set()
    rows: Any = model._default_manager.all()
    return set(rows.visible_to(user).filter(pk__in=list(pks)).values_list("pk", flat=True))


def is_out(thing: Any) -> bool:
    """Hidden by a moderator or deleted by its author: gone for everybody, whoever asks."""
    return bool(getattr(thing, "hidden_at", None) or getattr(thing, "deleted_at", None))


def references(notifications: Iterable[Any]) -> dict[int, set[int]]:
    """The things that notifications point to, by content type."""
    wanted: dict[int, set[int]] = {}
    for row in notifications:
        wanted.setdefault(row.target_type_id, set()).add(row.target_id)
        if row.about_type_id:
            wanted.setdefault(row.about_type_id, set()).add(row.about_id)
    return wanted


def still_visible(notifications: list[Any], user: Any) -> list[Any]:
    """The notifications whose target, and post, the person may see; one query a kind of thing."""
    seen = {
        type_id: visible_ids(ContentType.objects.get_for_id(type_id).model_class(), pks, user)
        for type_id, pks in references(notifications).items()
    }
    return [
        row
        for row in notifications
        if row.target_id in seen[row.target_type_id]
        and (row.about_type_id is None or row.about_id in seen[row.about_type_id])
    ]
