"""Nightly work: statistics counted anew, and the index compared with the entries."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from common.jobs import job
from search.engines import engine
from search.engines.base import FORM
from search.models import Collection
from search.projection import Busy, is_left_behind, is_outdated, live, rebuild, reconcile

_ABANDONED = timedelta(hours=6)


@job(queue="bulk", lease=timedelta(hours=1))
def refresh_statistics() -> None:
    """Frequencies for ranking, spelling and completion; rare words are counted live anyway."""
    engine().refresh_statistics(live())


@job(queue="bulk", lease=timedelta(hours=1))
def tidy() -> None:
    """Indexes what was missed, and drops collections that a crash left behind."""
    reconcile(live())
    old = Collection.objects.exclude(state=Collection.State.LIVE)
    for collection in old:
        if is_left_behind(collection, _ABANDONED):
            engine().drop(collection)
    for collection in Collection.objects.filter(state=Collection.State.LIVE, pk__lt=live().pk):
        engine().drop(collection)


@job(queue="index")
def feed() -> None:
    """Brings changes to a search server; woken by each change, and each minute."""
    engine().feed()


@job(queue="bulk", retries=0, lease=timedelta(hours=6))
def renew() -> None:
    """Makes the index anew after an update or a setting by which it would hold something else."""
    there = live()
    if is_outdated(there):
        with suppress(Busy):
            # Another release may also see other words in a thing; another setting does not.
            rebuild(kinds=None if there.form < FORM else ())


@job(queue="bulk", retries=0, lease=timedelta(hours=6))
def rebuild_index() -> None:
    """Fills an index that is not there from the entries as they are."""
    with suppress(Busy):
        rebuild(kinds=())
