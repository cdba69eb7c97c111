"""Keeps Entry and the live collection in step with the things they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from jobs.actions import is_dead, worker_name
from search import registry
from search.analysis.tokens import MAX_TEXT, clean
from search.engines import engine
from search.engines.base import FORM, Layer
from search.models import Collection, Entry, EntryToken
from search.registry import Document, Source

Progress = Callable[[str, int, int], None]

_BATCH = 300
_STALE = timedelta(minutes=10)
# Owners of the collections that this process is filling.
_building: set[str] = set()
_suspended: ContextVar[bool] = ContextVar("search_suspended", default=False)
FIELDS = (
    "title",
    "body",
    "sections",
    "url",
    "language",
    "product",
    "tags",
    "solved",
    "state",
    "demoted",
    "popularity",
    "family",
    "is_public",
    "created_at",
    "updated_at",
    "indexed_at",
)


class Busy(Exception):
    """Another rebuild is running."""


@contextmanager
def suspended() -> Iterator[None]:
    """Nothing is refreshed inside: for bulk imports that call rebuild() at their end."""
    token = _suspended.set(True)
    try:
        yield
    finally:
        _suspended.reset(token)


def live() -> Collection:
    return _live() or _new(Collection.State.LIVE)


def _live() -> Collection | None:
    return Collection.objects.filter(state=Collection.State.LIVE).order_by("-pk").first()


def _new(state: Collection.State, owner: str = "") -> Collection:
    return Collection.objects.create(state=state, owner=owner, made_by=engine().made_by, form=FORM)


def is_outdated(collection: Collection) -> bool:
    """Whether it was made by an older release, or for another engine or other settings of it.

    A later form is left to the later release, so that two may run side by side for a while.
    """
    return collection.form < FORM or collection.made_by != engine().made_by


def health() -> dict[str, Any]:
    """What the engine says of itself, and whether its index waits to be made anew."""
    found = _live()
    return {**engine().health(), "is_outdated": found is not None and is_outdated(found)}


def refresh(*objects: Model) -> None:
    """Adds, changes or takes out OBJECTS, in the caller's transaction."""
    if _suspended.get() or not objects:
        return
    by_source: dict[str, list[Model]] = {}
    for obj in objects:
        source = registry.source_of(obj)
        if source is not None and obj.pk is not None:
            by_source.setdefault(source.kind, []).append(obj)
    for kind, some in by_source.items():
        found = registry.source(kind)
        if found is not None:
            refresh_keys(found, [obj.pk for obj in some])


@transaction.atomic
def refresh_keys(source: Source[Any], pks: Sequence[Any]) -> None:
    """Like refresh(), for rows that may be gone: by primary key."""
    _hold(source.kind, pks)
    rows = source.queryset().filter(pk__in=pks)
    documents = [document for row in rows if (document := source.document(row)) is not None]
    kept = {document.object_id for document in documents}
    remove([(source.kind, str(pk)) for pk in pks if str(pk) not in kept])
    if documents:
        documents = store(documents)
        engine().index(documents, live())


def _hold(kind: str, pks: Sequence[Any]) -> None:
    """Lets transactions that touch the same things read and write them one after another.

    Or one that has read before the other's change writes after it, and the change is not found.
    SQLite has no rows to lock; there, whoever writes has been alone from the beginning.
    """
    if connection.features.has_select_for_update:
        held = Entry.objects.filter(kind=kind, object_id__in=[str(pk) for pk in pks])
        list(held.select_for_update().order_by("pk").values_list("pk"))


def remove(keys: Sequence[tuple[str, str]]) -> None:
    if not keys:
        return
    for kind in {kind for kind, _ in keys}:
        gone = Entry.objects.filter(kind=kind, object_id__in=[i for k, i in keys if k == kind])
        gone.delete()
    engine().remove(keys, live())


def store(documents: Sequence[Document]) -> list[Document]:
    """Writes Entry rows and their tokens; returns the documents as they were stored."""
    entries = [entry_of(document) for document in documents]
    Entry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=FIELDS,
    )
    # The rows just written have fresh ids only on a first insert, so read them all.
    by_key = {
        (kind, object_id): pk
        for pk, kind, object_id in Entry.objects.filter(
            kind__in={entry.kind for entry in entries},
            object_id__in=[entry.object_id for entry in entries],
        ).values_list("pk", "kind", "object_id")
    }
    pks = [by_key[document.kind, document.object_id] for document in documents]
    EntryToken.objects.filter(entry__in=pks).delete()
    EntryToken.objects.bulk_create(
        [
            EntryToken(entry_id=pk, token=token)
            for pk, document in zip(pks, documents, strict=True)
            for token in sorted(document.tokens)
        ]
    )
    return [
        document_of(entry, document.tokens)
        for entry, document in zip(entries, documents, strict=True)
    ]


def entry_of(document: Document) -> Entry:
    now = timezone.now()
    body, sections = _body(document)
    return Entry(
        kind=document.kind,
        object_id=document.object_id,
        title=clean(" ".join(document.title.split()), 500),
        body=body,
        sections=sections,
        url=document.url,
        language=document.language,
        product=document.product,
        tags=list(document.tags),
        solved=document.solved,
        state=document.state,
        demoted=document.demoted,
        popularity=document.popularity,
        family=document.family,
        is_public="public" in document.tokens,
        created_at=document.created_at or now,
        updated_at=document.updated_at or document.created_at or now,
        indexed_at=now,
    )


def _body(document: Document) -> tuple[str, list[list[Any]]]:
    """The text, and where in it each section with an address of its own begins."""
    if not document.passages:
        return clean(document.body), []
    sections: list[list[Any]] = []
    pieces = [clean(document.body)] if document.body and not _contains(document) else []
    length = sum(len(piece) + 2 for piece in pieces)
    for passage in document.passages:
        sections.append([length, passage.anchor, clean(passage.heading, 200)])
        text = clean(f"{passage.heading}\n{passage.text}" if passage.heading else passage.text)
        pieces.append(text)
        length += len(text) + 2
    return "\n\n".join(pieces)[:MAX_TEXT], sections


def _contains(document: Document) -> bool:
    """The body is made of the passages already, so it is not taken twice."""
    return all(passage.text.strip()[:80] in document.body for passage in document.passages)


def document_of(entry: Entry, tokens: Iterable[str]) -> Document:
    return Document(
        kind=entry.kind,
        object_id=entry.object_id,
        title=entry.title,
        body=entry.body,
        url=entry.url,
        language=entry.language,
        tokens=frozenset(tokens),
        product=entry.product,
        tags=tuple(entry.tags),
        solved=entry.solved,
        state=entry.state,
        demoted=entry.demoted,
        popularity=entry.popularity,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        family=entry.family,
        version=version_of(entry),
    )


def version_of(entry: Entry) -> int:
    """Grows with each writing of the entry; engines tell by it what they missed."""
    return int(entry.indexed_at.timestamp() * 1_000_000)


def rebuild(kinds: Iterable[str] | None = None, progress: Progress | None = None) -> int:
    """Projects everything anew and fills a new collection beside the live one, then switches.

    KINDS limits the projecting; the collection is always filled from all entries.
    """
    owner = worker_name()
    _building.add(owner)
    try:
        return _rebuild(_begin(owner), kinds, progress)
    finally:
        _building.discard(owner)


def _rebuild(new: Collection, kinds: Iterable[str] | None, progress: Progress | None) -> int:

    def say(stage: str, done: int, total: int) -> None:
        Collection.objects.filter(pk=new.pk).update(touched_at=timezone.now())
        if progress is not None:
            progress(stage, done, total)

    try:
        wanted = set(kinds) if kinds is not None else None
        for source in registry.sources():
            if wanted is None or source.kind in wanted:
                _project(source, say)
        _forget_unknown_kinds()
        total = Entry.objects.count()
        count = engine().build(_counted(stored_documents(), total, say), new)
        # What was written or removed after it was read.
        _reconcile_servers(new)
        with transaction.atomic():
            _reconcile_tables(new)
            Collection.objects.filter(pk=new.pk).update(state=Collection.State.LIVE)
    except BaseException:
        engine().drop(new)
        raise
    new.refresh_from_db()
    engine().goes_live(new)
    # A transaction that began before the switch may have written to the old collection; servers
    # are told by the outbox, whichever collection is live.
    _reconcile_tables(new)
    for old in Collection.objects.filter(state=Collection.State.LIVE, pk__lt=new.pk):
        engine().drop(old)
    return count


def _begin(owner: str) -> Collection:
    for other in Collection.objects.filter(state=Collection.State.BUILDING):
        if not is_left_behind(other, _STALE):
            raise Busy
        engine().drop(other)
    return _new(Collection.State.BUILDING, owner)


def is_left_behind(collection: Collection, patience: timedelta) -> bool:
    """Its process is gone from this machine; or it stopped moving, wherever it runs."""
    if collection.owner not in _building and is_dead(collection.owner, "not this one"):
        return True
    return collection.touched_at < timezone.now() - patience


def _project(source: Source[Any], say: Progress) -> None:
    """Entry rows of one kind, in batches of one transaction each."""
    pks = list(source.queryset().order_by("pk").values_list("pk", flat=True))
    kept: set[str] = set()
    for start in range(0, len(pks), _BATCH):
        some = pks[start : start + _BATCH]
        with transaction.atomic():
            _hold(source.kind, some)
            rows = source.queryset().filter(pk__in=some)
            documents = [d for row in rows if (d := source.document(row)) is not None]
            store(documents)
        kept.update(document.object_id for document in documents)
        say(source.kind, min(start + _BATCH, len(pks)), len(pks))
    known = Entry.objects.filter(kind=source.kind).values_list("object_id", flat=True)
    gone = [object_id for object_id in known.iterator() if object_id not in kept]
    for start in range(0, len(gone), _BATCH):
        _drop_unless_new(source, gone[start : start + _BATCH])


def _drop_unless_new(source: Source[Any], object_ids: Sequence[str]) -> None:
    """What was added while the rebuild read is refreshed, not thrown away."""
    with transaction.atomic():
        refresh_keys(source, object_ids)


def _forget_unknown_kinds() -> None:
    kinds = [source.kind for source in registry.sources()]
    Entry.objects.exclude(kind__in=kinds).delete()


def stored_documents() -> Iterator[Document]:
    """All entries as documents; ordered so that kinds and ages mix, for the first mean lengths."""
    ids = list(Entry.objects.order_by("object_id", "kind").values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        yield from _documents(ids[start : start + _BATCH])


def _documents(pks: Sequence[int]) -> Iterator[Document]:
    entries = Entry.objects.filter(pk__in=pks).prefetch_related("tokens")
    for entry in entries:
        yield document_of(entry, (row.token for row in entry.tokens.all()))


def _counted(documents: Iterable[Document], total: int, say: Progress) -> Iterator[Document]:
    for count, document in enumerate(documents, 1):
        if count % 1_000 == 0:
            say("index", count, total)
        yield document


def reconcile(collection: Collection) -> int:
    """Brings COLLECTION to what Entry says now; how many documents differed."""
    return _reconcile_tables(collection) + _reconcile_servers(collection)


def _reconcile_servers(collection: Collection) -> int:
    """In no transaction: nobody's writing waits for another server."""
    layers = [layer for layer in engine().layers() if not layer.in_database]
    return sum(_reconcile(layer, collection) for layer in layers)


@transaction.atomic
def _reconcile_tables(collection: Collection) -> int:
    layers = [layer for layer in engine().layers() if layer.in_database]
    return sum(_reconcile(layer, collection) for layer in layers)


def _reconcile(layer: Layer, collection: Collection) -> int:
    there = layer.versions(collection)
    entries = Entry.objects.only("kind", "object_id", "indexed_at").iterator(2_000)
    changed = [
        entry.pk
        for entry in entries
        if there.pop((entry.kind, entry.object_id), None) != version_of(entry)
    ]
    layer.remove(list(there), collection, there)
    for start in range(0, len(changed), _BATCH):
        layer.index(list(_documents(changed[start : start + _BATCH])), collection)
    return len(there) + len(changed)
