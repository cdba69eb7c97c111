"""What must hold between things, entries and the index; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from jobs.actions import wake
from search import registry, tasks
from search.editing import integrity as editing
from search.engines import engine
from search.models import Entry, Outbox
from search.projection import FIELDS, entry_of, live, reconcile, refresh_keys, version_of
from search.registry import Document, Source
from search.semantic import integrity as semantic

_BATCH = 300
# Not the popularity: votes move it without a word to search, and the next rebuild brings it in.
# Sections follow from the body, and when a thing was written is no word of it.
_COMPARED = tuple(
    name
    for name in FIELDS
    if name not in {"popularity", "sections", "created_at", "updated_at", "indexed_at"}
)
_DAY = timedelta(days=1)


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "search: every findable thing has its entry, and no other", list(_entries())
    yield "search: entries say what their things say, and who may find them", list(_behind())
    yield "search: the index holds what the entries say", list(_index())
    yield "search: changes reach Elasticsearch within a day", list(_waiting())
    yield "search: pins lead to something that can be found", list(editing.pins())
    yield "search: searches and clicks are counted alike", list(editing.counts())
    yield "search: vectors are of the texts as they are", list(semantic.vectors())


def _entries() -> Iterator[str]:
    for source in registry.sources():
        for object_id in sorted(_missing(source)):
            yield f"{source.kind} {object_id} has no entry"
        for object_id in sorted(_left_over(source)):
            yield f"{source.kind} {object_id} has an entry, but cannot be found by anybody"


def _known(source: Source[Any]) -> set[str]:
    return set(Entry.objects.filter(kind=source.kind).values_list("object_id", flat=True))


def _missing(source: Source[Any]) -> set[str]:
    """Only things that make a document: some rows are in the queryset and make none."""
    pks = source.queryset().values_list("pk", flat=True)
    known = _known(source)
    absent = [pk for pk in pks if str(pk) not in known]
    found: set[str] = set()
    for start in range(0, len(absent), _BATCH):
        rows = source.queryset().filter(pk__in=absent[start : start + _BATCH])
        found |= {str(row.pk) for row in rows if source.document(row) is not None}
    return found


def _left_over(source: Source[Any]) -> set[str]:
    return _known(source) - {str(pk) for pk in source.queryset().values_list("pk", flat=True)}


def _behind() -> Iterator[str]:
    for source in registry.sources():
        for pk, names in _out_of_date(source):
            yield f"{source.kind} {pk}: out of date in the entry: {', '.join(names)}"


def _out_of_date(source: Source[Any]) -> Iterator[tuple[str, list[str]]]:
    """What is stored against what the thing would get now; above all a lost right."""
    pks = list(source.queryset().values_list("pk", flat=True))
    for start in range(0, len(pks), _BATCH):
        some = pks[start : start + _BATCH]
        stored = Entry.objects.filter(kind=source.kind, object_id__in=[str(pk) for pk in some])
        entries = {entry.object_id: entry for entry in stored.prefetch_related("tokens")}
        for row in source.queryset().filter(pk__in=some):
            entry = entries.get(str(row.pk))
            # One that is missing has its own finding.
            if entry is not None and (names := _differing(entry, source.document(row))):
                yield entry.object_id, names


def _differing(entry: Entry, document: Document | None) -> list[str]:
    if document is None:
        return ["everything"]
    now = entry_of(document)
    names = [name for name in _COMPARED if getattr(entry, name) != getattr(now, name)]
    if {row.token for row in entry.tokens.all()} != document.tokens:
        names.append("tokens")
    return names


def _index() -> Iterator[str]:
    for layer in engine().layers():
        try:
            there = layer.versions(live())
        except Exception as error:
            if layer.in_database:
                raise
            yield f"the index cannot be asked: {type(error).__name__}"
        else:
            yield from _differences(there)


def _differences(there: dict[tuple[str, str], int]) -> Iterator[str]:
    for entry in Entry.objects.only("kind", "object_id", "indexed_at").iterator(2_000):
        if there.pop((entry.kind, entry.object_id), None) != version_of(entry):
            yield f"{entry.kind} {entry.object_id}: the index is behind its entry"
    for kind, object_id in there:
        yield f"{kind} {object_id} is indexed without an entry"


def _waiting() -> Iterator[str]:
    for row in _overdue():
        why = f"refused ({row.error})" if row.error else "waiting"
        yield f"{row} has been {why} since {row.created_at:%Y-%m-%d %H:%M}"


def _overdue() -> QuerySet[Outbox]:
    return Outbox.objects.filter(created_at__lt=timezone.now() - _DAY)


def _resend() -> int:
    """What was given up or forgotten is tried once more; without Elasticsearch it is for nobody."""
    if all(layer.in_database for layer in engine().layers()):
        return _overdue().delete()[0]
    count = _overdue().update(due_at=timezone.now(), attempts=0)
    if count:
        wake(tasks.feed)
    return count


def repair() -> int:
    """Projects what differs anew and brings the index up to the entries."""
    wrong = 0
    for source in registry.sources():
        behind = {pk for pk, _names in _out_of_date(source)}
        ids = sorted({*_missing(source), *_left_over(source), *behind})
        wrong += len(ids)
        refresh_keys(source, ids)
    return wrong + _resend() + editing.repair() + semantic.repair() + _reconciled()


def _reconciled() -> int:
    """A server that is away ends nothing: the tables come before it, and the check tells of it."""
    try:
        return reconcile(live())
    except DatabaseError:
        raise
    except Exception:
        if all(layer.in_database for layer in engine().layers()):
            raise
        return 0
