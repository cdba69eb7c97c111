"""What must hold of the vectors of the extra `semantic`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from search.models import Entry, Vector
from search.semantic import encoder

# So long a worker may take for what changed; an hour of a worker's work is half a million passages.
_LATE = timedelta(hours=1)
_BATCH = 500


def vectors() -> Iterator[str]:
    for entry in _outdated():
        yield f"{entry.kind} {entry.object_id}: its vectors are of an older text"


def repair() -> int:
    """The regular job makes those that are missing."""
    pks = [entry.pk for entry in _outdated()]
    for start in range(0, len(pks), _BATCH):
        Vector.objects.filter(entry__in=pks[start : start + _BATCH]).delete()
    return len(pks)


def _outdated() -> Iterator[Entry]:
    """Not those that have none: a site that has just begun with the extra has thousands."""
    if not encoder.is_on():
        return
    # numpy comes with the extra.
    from search.semantic.store import digest_of

    entries = Entry.objects.filter(indexed_at__lt=timezone.now() - _LATE).order_by("pk")
    last = 0
    while some := list(entries.filter(pk__gt=last)[:_BATCH]):
        last = some[-1].pk
        made: dict[int, set[bytes]] = {}
        rows = Vector.objects.filter(entry__in=some).values_list("entry_id", "digest")
        for pk, digest in rows:
            made.setdefault(pk, set()).add(bytes(digest))
        for entry in some:
            if entry.pk in made and made[entry.pk] != {digest_of(entry)}:
                yield entry
