"""What must hold of links, moves and imported keys; `check_integrity` prints what does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from links.models import ImportedKey, Link, Move

Reference = tuple[int, int, str]


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "links: both ends are there", list(_missing(_link_ends()))
    yield "links: imported keys lead to something", list(_missing(_imported()))
    yield "links: confirmed moves have a target", list(_moves())
    yield "links: offers end in time", list(_overdue())


def _link_ends() -> Iterator[Reference]:
    rows = Link.objects.values_list("pk", "source_type", "source_id", "target_type", "target_id")
    for pk, source_type, source_id, target_type, target_id in rows.iterator():
        yield source_type, source_id, f"link {pk}: its source is gone"
        yield target_type, target_id, f"link {pk}: its target is gone"


def _imported() -> Iterator[Reference]:
    rows = ImportedKey.objects.values_list("system", "kind", "key", "content_type", "object_id")
    for system, kind, key, type_id, object_id in rows.iterator():
        yield type_id, object_id, f"{system}:{kind}:{key} leads nowhere"


def _missing(references: Iterable[Reference]) -> Iterator[str]:
    """One query a kind and 500 things, so that a big import is checked in seconds."""
    by_type: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for type_id, pk, words in references:
        by_type[type_id].append((pk, words))
    for type_id, wanted in by_type.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            found: set[int] = set()
            if model is not None:
                rows = model._base_manager.filter(pk__in={pk for pk, _words in part})
                found = set(rows.values_list("pk", flat=True))
            yield from (words for pk, words in part if pk not in found)


def _moves() -> Iterator[str]:
    for pk in Move.objects.filter(state=Move.State.CONFIRMED, target_id=None).values_list(
        "pk", flat=True
    ):
        yield f"move {pk}: confirmed without a target"


def _overdue() -> Iterator[str]:
    # The job runs every hour; a day late means that it does not run.
    late = timezone.now() - timedelta(days=1)
    for pk in Move.objects.due(late).values_list("pk", flat=True):
        yield f"move {pk}: waits for an answer since its end"
