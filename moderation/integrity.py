"""What must hold of hidden things; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from moderation.models import HiddenItem, Moderated


def kinds() -> list[type[Moderated]]:
    """Every model that can be hidden: found, not registered."""
    return [model for model in apps.get_models() if issubclass(model, Moderated)]


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "moderation: hidden things stand in the moderators' list", list(_hidden())


def _hidden() -> Iterator[str]:
    for model in kinds():
        hidden, listed = _sets(model)
        for pk in sorted(hidden ^ listed):
            words = "hidden, but not listed" if pk in hidden else "listed, but not hidden"
            yield f"{model._meta.label_lower} {pk}: {words}"


def _sets(model: Any) -> tuple[set[int], set[int]]:
    kind = ContentType.objects.get_for_model(model)
    items = HiddenItem.objects.filter(target_type=kind)
    return (
        set(model._base_manager.exclude(hidden_at=None).values_list("pk", flat=True)),
        set(items.values_list("target_id", flat=True)),
    )


def repair() -> int:
    """Lists what is hidden, and only that."""
    wrong = 0
    for model in kinds():
        hidden, listed = _sets(model)
        kind = ContentType.objects.get_for_model(model)
        gone = HiddenItem.objects.filter(target_type=kind, target_id__in=listed - hidden)
        wrong += gone.delete()[0]
        rows: Any = model._base_manager
        for thing in rows.filter(pk__in=hidden - listed):
            HiddenItem.objects.create(
                target_type=kind,
                target_id=thing.pk,
                reason=thing.hidden_reason,
                by_id=thing.hidden_by_id,
                author=getattr(thing, "author", None),
                hidden_at=thing.hidden_at,
            )
            wrong += 1
    return wrong
