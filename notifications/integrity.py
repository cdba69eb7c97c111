"""What must hold of what people were told; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist

from notifications.models import Notification


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "notifications: nothing is told of what is hidden", list(_told_of_hidden())


def _told_of_hidden() -> Iterator[str]:
    """The bell counts these rows and the inbox does not show them."""
    rows = Notification.objects.filter(withdrawn_at=None)
    for end in ("target", "about"):
        kinds = rows.exclude(**{f"{end}_type": None}).order_by()
        for type_id in kinds.values_list(f"{end}_type", flat=True).distinct():
            model: Any = ContentType.objects.get_for_id(type_id).model_class()
            if model is None or not _can_be_hidden(model):
                continue
            hidden = model._base_manager.exclude(hidden_at=None).values("pk")
            wrong = rows.filter(**{f"{end}_type": type_id, f"{end}_id__in": hidden})
            for pk in wrong.order_by("pk").values_list("pk", flat=True):
                yield f"notification {pk}: its {end} is hidden"


def _can_be_hidden(model: Any) -> bool:
    try:
        return bool(model._meta.get_field("hidden_at").null)
    except FieldDoesNotExist:
        return False
