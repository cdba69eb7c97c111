"""A vector for each passage of what is findable."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from search.models import Entry, Vector
from search.semantic import encoder
from search.semantic.passages import passages_of


def waiting() -> QuerySet[Entry]:
    """Entries that changed since their vectors were looked at, or have none."""
    done = Vector.objects.filter(
        entry=OuterRef("pk"), number=0, written_at__gte=OuterRef("indexed_at")
    )
    return Entry.objects.filter(~Exists(done)).order_by("pk")


def embed_entries(entries: list[Entry]) -> None:
    """Encodes what changed in words; a vote or a new state costs nothing but a date."""
    known = dict(
        Vector.objects.filter(entry__in=entries, number=0).values_list("entry_id", "digest")
    )
    digests = {entry.pk: digest_of(entry) for entry in entries}
    changed = [entry for entry in entries if known.get(entry.pk) != digests[entry.pk]]
    pieces = [
        (entry, number, passage)
        for entry in changed
        for number, passage in enumerate(passages_of(entry.title, entry.body))
    ]
    texts = [passage for _, _, passage in pieces]
    vectors = list(encoder.encode(texts)) if texts else []
    rows = [
        Vector(
            entry=entry,
            number=number,
            digest=digests[entry.pk],
            written_at=entry.indexed_at,
            data=vector.astype(np.float16).tobytes(),
        )
        for (entry, number, _), vector in zip(pieces, vectors, strict=True)
    ]
    with transaction.atomic():
        # An entry that went meanwhile takes no vectors.
        alive = set(
            Entry.objects.select_for_update()
            .filter(pk__in=[entry.pk for entry in entries])
            .values_list("pk", flat=True)
        )
        Vector.objects.filter(entry__in=changed).delete()
        Vector.objects.bulk_create([row for row in rows if row.entry_id in alive])
        for entry in entries:
            if entry.pk in alive and entry not in changed:
                Vector.objects.filter(entry=entry, number=0).update(written_at=entry.indexed_at)


def digest_of(entry: Entry) -> bytes:
    text = f"{entry.is_public}\0{entry.title}\0{entry.body}"
    return blake2b(text.encode(errors="replace"), digest_size=8).digest()
