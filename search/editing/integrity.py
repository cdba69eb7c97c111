"""What must hold of pins and of the counts of searches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from search import registry
from search.models import Entry
from search.models_editing import Pin, QueryClick, QueryCount


def pins() -> Iterator[str]:
    for pin in _in_vain():
        why = "cannot be found" if _is_there(pin) else "is gone"
        yield f"pin {pin.pk} ({pin}): {pin.kind} {pin.object_id} {why}"


def counts() -> Iterator[str]:
    for row in _miscounted():
        yield f"searches for {row} on {row.day}: more was opened than was clicked"
    for row in _impossible():
        yield f"searches for {row} on {row.day}: a part is larger than the whole"
    for click in _too_helpful():
        yield f"{click}: more often helpful than opened from search {click.count_id}"


def repair() -> int:
    """Pins of what was deleted end; one that is only hidden waits for its thing to come back."""
    fixed = 0
    for pin in _in_vain():
        if not _is_there(pin):
            # Not an update: other processes are told by the signal.
            pin.is_active = False
            pin.save(update_fields=["is_active"])
            fixed += 1
    fixed += _too_helpful().update(helpful=F("clicks"))
    for pk, opened in _miscounted().values_list("pk", "opened"):
        fixed += QueryCount.objects.filter(pk=pk).update(clicks=opened)
    for row in _impossible():
        row.filtered = min(row.filtered, row.searches)
        row.empty = min(row.empty, row.searches)
        row.answered = min(row.answered, row.clicks)
        row.save(update_fields=["filtered", "empty", "answered"])
        fixed += 1
    return fixed


def _in_vain() -> list[Pin]:
    now = timezone.now()
    running = Pin.objects.filter(is_active=True).exclude(ends_at__lte=now)
    found = Entry.objects.filter(
        kind__in={pin.kind for pin in running}, object_id__in={pin.object_id for pin in running}
    )
    known = set(found.values_list("kind", "object_id"))
    return [pin for pin in running if pin.key not in known]


def _is_there(pin: Pin) -> bool:
    """Hidden, a draft or private, perhaps; but not deleted."""
    source = registry.source(pin.kind)
    if source is None:
        return False
    try:
        return bool(source.model._default_manager.filter(pk=pin.object_id).exists())
    except (ValueError, ValidationError):
        return False


def _miscounted() -> QuerySet[Any]:
    """With OPENED, what was opened in all; counts of what is not public are in the row only."""
    opened = QueryClick.objects.filter(count=OuterRef("pk")).order_by().values("count")
    total = Subquery(opened.annotate(all=Sum("clicks")).values("all"))
    return QueryCount.objects.annotate(opened=Coalesce(total, 0)).filter(opened__gt=F("clicks"))


def _impossible() -> QuerySet[QueryCount]:
    return QueryCount.objects.filter(
        Q(filtered__gt=F("searches")) | Q(empty__gt=F("searches")) | Q(answered__gt=F("clicks"))
    )


def _too_helpful() -> QuerySet[QueryClick]:
    return QueryClick.objects.filter(helpful__gt=F("clicks"))
