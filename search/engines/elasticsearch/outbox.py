"""What Elasticsearch has not got yet: written with each change, fed by a job after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from search.engines.elasticsearch.building import keep_vocabulary
from search.engines.elasticsearch.encoding import analysed, item_of, removal, vocabulary_of
from search.engines.elasticsearch.index import Indexes, Item, Key
from search.engines.elasticsearch.refusals import Refusal, refusal_of_fault
from search.engines.sql.weights import Means
from search.models import Collection, Entry, Outbox
from search.projection import document_of, version_of

logger = logging.getLogger("peerdesk.search")

_BATCH = 500
# As many as one question may leave out; behind them are changes of long ago.
_MOST_WITHDRAWN = 10_000
_BYTES = 5_000_000
# Full or busy: looked at again soon, so that all is there within two minutes.
_SOON = timedelta(seconds=20)
# Refused for what it is: less and less often.
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)


@transaction.atomic
def put(keys: Iterable[tuple[str, str, int]]) -> None:
    """(kind, object id, version) of what changed, in the running transaction."""
    now = timezone.now()
    wanted = sorted(keys)
    # What compares the index with the entries may come with what an entry was a moment ago: were
    # the version put back, a round that had sent the old text would take the new one for done.
    known = Outbox.objects.select_for_update().filter(object_id__in={key[1] for key in wanted})
    newer = {(row.kind, row.object_id): row.version for row in known}
    rows = [
        Outbox(kind=kind, object_id=object_id, version=version, created_at=now, due_at=now)
        # In one order, or two transactions wait for each other.
        for kind, object_id, version in wanted
        if version >= newer.get((kind, object_id), 0)
    ]
    Outbox.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        # Not created_at: the lag is that of the oldest change.
        update_fields=["version", "due_at", "attempts", "error"],
        batch_size=_BATCH,
    )


def withdrawn() -> list[Key]:
    """What the index may still show as public although it is not, the latest first."""
    public = Entry.objects.filter(
        kind=OuterRef("kind"), object_id=OuterRef("object_id"), is_public=True
    )
    rows = Outbox.objects.filter(~Exists(public)).order_by("-pk")
    return list(rows.values_list("kind", "object_id")[:_MOST_WITHDRAWN])


def lag() -> dict[str, Any]:
    """How far the index is behind, in seconds; what is refused for what it is does not count."""
    waiting = Outbox.objects.filter(error="")
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return {
        "waiting": waiting.count(),
        "lag_seconds": round((timezone.now() - oldest).total_seconds()) if oldest else 0,
        "refused": Outbox.objects.exclude(error="").count(),
    }


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    key: Key
    version: int
    attempts: int


class Feeder:
    """Brings what is due to every open index; two of them at once do no harm."""

    def __init__(
        self,
        indexes: Indexes,
        *,
        vocabulary: bool,
        also: Callable[[Sequence[Key]], None] | None = None,
    ) -> None:
        self.indexes = indexes
        self.vocabulary = vocabulary
        # Follows the same changes.
        self.also = also
        self.words: dict[str, str] = {}
        self.fed = 0

    def run(self) -> int:
        now = timezone.now()
        while rows := _due(now):
            # Read after the rows: a collection opened later reads the entries later still.
            targets = self._targets()
            if not targets:
                break
            self._feed(rows, targets)
        return self.fed

    def _targets(self) -> list[Collection]:
        states = [Collection.State.LIVE, Collection.State.BUILDING]
        collections = Collection.objects.filter(state__in=states).order_by("pk")
        return [one for one in collections if self.indexes.exists(one.pk)]

    def _feed(self, rows: Sequence[_Row], targets: Sequence[Collection]) -> None:
        entries = _entries([row.key for row in rows])
        items: list[list[Item]] = [[] for _ in targets]
        refused: dict[Key, Refusal] = {}
        sent: dict[Key, int] = {}
        size = 0
        for row in rows:
            entry = entries.get(row.key)
            sent[row.key] = version_of(entry) if entry is not None else row.version
            try:
                made = self._items(row, entry, targets)
            except Exception as error:  # noqa: BLE001  one bad text never holds up the others
                refused[row.key] = refusal_of_fault(error)
                continue
            for own, item in zip(items, made, strict=True):
                own.append(item)
            size += len(made[0].lines)
            if size > _BYTES:
                refused.update(self._send(items, targets))
                items, size = [[] for _ in targets], 0
        refused.update(self._send(items, targets))
        for target in targets:
            keep_vocabulary(target.pk, self.words)
        self.words.clear()
        if self.also is not None:
            self.also([row.key for row in rows])
        _finish(rows, sent, refused)
        self.fed += len(rows) - len(refused)

    def _items(self, row: _Row, entry: Entry | None, targets: Sequence[Collection]) -> list[Item]:
        if entry is None:
            return [removal(row.key, row.version)] * len(targets)
        document = document_of(entry, (row.token for row in entry.tokens.all()))
        text = analysed(document)
        if self.vocabulary and entry.is_public:
            self.words.update((key, text.displays.get(key, "")) for key in vocabulary_of(text))
        # A collection being built has no means of its own yet.
        known = [Means.of(target.statistics or targets[0].statistics) for target in targets]
        return [item_of(document, text, means(document.language)) for means in known]

    def _send(
        self, items: Sequence[Sequence[Item]], targets: Sequence[Collection]
    ) -> dict[Key, Refusal]:
        refused: dict[Key, Refusal] = {}
        for own, target in zip(items, targets, strict=True):
            for key, refusal in self.indexes.bulk(target.pk, own).items():
                # A collection being built may have got the text before; the live one decides.
                if not refusal.is_stale or target is targets[0]:
                    refused.setdefault(key, refusal)
        return refused


def _due(now: datetime) -> list[_Row]:
    # Only what was due when the round began, so that it ends.
    rows = Outbox.objects.filter(due_at__lte=now).order_by("due_at", "pk")[:_BATCH]
    return [_Row(row.pk, (row.kind, row.object_id), row.version, row.attempts) for row in rows]


def _entries(keys: Sequence[Key]) -> dict[Key, Entry]:
    wanted = set(keys)
    found = Entry.objects.filter(
        kind__in={kind for kind, _ in keys}, object_id__in=[one for _, one in keys]
    ).prefetch_related("tokens")
    return {key: entry for entry in found if (key := (entry.kind, entry.object_id)) in wanted}


def _finish(rows: Sequence[_Row], sent: dict[Key, int], refused: dict[Key, Refusal]) -> None:
    done = [row for row in rows if row.key not in refused]
    for row in rows:
        refusal = refused.get(row.key)
        if refusal is None:
            continue
        if refusal.is_stale:
            if _is_behind(row, sent[row.key], refusal.newer):
                continue
            done.append(row)
        else:
            _postpone(row, refusal)
    _forget(done)


@transaction.atomic
def _forget(rows: Sequence[_Row]) -> None:
    """Not what changed again meanwhile: its version is another one.

    Locked, for Django may delete by key what it has read by condition; a change in between would
    never reach the index then (bench/faults.py found it).
    """
    held = Outbox.objects.select_for_update().filter(pk__in=[row.pk for row in rows])
    now = dict(held.values_list("pk", "version"))
    same = [row.pk for row in rows if now.get(row.pk) == row.version]
    Outbox.objects.filter(pk__in=same).delete()


def _is_behind(row: _Row, version: int, newer: int) -> bool:
    """The index has a later version than the entry: some machine's clock went ahead.

    The entry (or the removal) gets a version behind that one, and is fed again.
    """
    if not newer or newer <= version:
        return False
    kind, object_id = row.key
    entry = Entry.objects.filter(kind=kind, object_id=object_id).first()
    if entry is not None:
        if version_of(entry) >= newer:
            return False
        later = datetime.fromtimestamp((newer + 1) / 1_000_000, tz=UTC)
        Entry.objects.filter(pk=entry.pk, indexed_at=entry.indexed_at).update(indexed_at=later)
    # Still due, so this round feeds it again.
    Outbox.objects.filter(pk=row.pk, version=row.version).update(version=newer + 1)
    return True


def _postpone(row: _Row, refusal: Refusal) -> None:
    passing = refusal.is_passing
    pause = _SOON if passing else min(_FIRST * 2 ** min(row.attempts, 10), _LONGEST)
    if not passing:
        logger.error("%s %s was refused: %s", *row.key, refusal.reason)
    Outbox.objects.filter(pk=row.pk, version=row.version).update(
        due_at=timezone.now() + pause,
        attempts=F("attempts") + 1,
        error="" if passing else refusal.reason or "refused",
    )
