"""The regular job that makes the vectors which are missing."""

from __future__ import annotations

import time
from datetime import timedelta

from common.jobs import job
from search.engines import engine
from search.semantic import encoder

_BATCH = 50
# What one round leaves is taken up by the next.
_SECONDS = 40
# However long the making took, some of it is brought to the engine.
_LEAST = 10


@job(queue="bulk", lease=timedelta(minutes=5))
def embed() -> None:
    """Safe to run twice: an entry's rows are replaced whole."""
    if not encoder.is_on():
        return
    # numpy comes with the extra.
    from search.semantic.store import embed_entries, waiting

    ends = time.monotonic() + _SECONDS
    while some := list(waiting()[:_BATCH]):
        embed_entries(some)
        if time.monotonic() > ends:
            embed.enqueue()
            break
    engine().take_vectors(max(ends, time.monotonic() + _LEAST))
