"""What is lost when things are killed (reliability R5, R6): real servers, real processes, SIGKILL.

    python bench/faults.py absence --writes 10000        Elasticsearch goes away and comes back
    python bench/faults.py rebuild --engine sql          a rebuild is killed, and again, and again

Runs on the database in PEERDESK_VAR, which `seed_load` has filled, and changes it. Elasticsearch
is a node of its own, thrown away at the end. bench/faults.md has commands and figures.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUERY = "mailbox"
# Shares of what is done to a question: its title changes, it is hidden, it is shown again.
_CHANGED, _HIDDEN = 0.7, 0.85


def say(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)


def wait_for(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """The seconds it took."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.05)
    return time.monotonic() - began


def manage(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "ignore", "manage.py", *arguments], cwd=ROOT
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


# Elasticsearch goes away and comes back while people write and search


class Writing:
    """Questions change, go and come back, each in a transaction of its own."""

    def __init__(self, count: int, seed: int) -> None:
        from forum.models import Question

        self.count, self.chance = count, Random(seed)  # noqa: S311
        self.pks = list(Question.objects.order_by("pk").values_list("pk", flat=True)[:20_000])
        self.done = 0
        self.milliseconds: list[float] = []

    def step(self) -> None:
        from django.db import transaction
        from django.utils import timezone

        import search
        from forum.models import Question

        pk, dice = self.chance.choice(self.pks), self.chance.random()
        change: dict[str, Any] = {"hidden_at": None}
        if dice < _CHANGED:
            change["title"] = f"Mailbox of write {self.done}"
        elif dice < _HIDDEN:
            change["hidden_at"] = timezone.now()
        began = time.perf_counter()
        with transaction.atomic():
            Question.objects.filter(pk=pk).update(**change)
            search.refresh(Question.objects.get(pk=pk))
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        self.done += 1


class Searching(threading.Thread):
    """One visitor, who searches all the time."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ends = threading.Event()
        self.seconds: list[float] = []
        self.degraded = self.failed = 0

    def run(self) -> None:
        from search.query import find

        while not self.ends.wait(0.2):
            began = time.monotonic()
            try:
                found = find(QUERY, viewer=None, facets=True)
            except Exception as error:  # noqa: BLE001  counted
                self.failed += 1
                say(failed=repr(error))
                continue
            self.seconds.append(time.monotonic() - began)
            self.degraded += found.degraded


def absence(options: argparse.Namespace) -> None:
    import elasticsearch_node

    with elasticsearch_node.Cluster(1, heap="512m") as cluster:
        begin("elasticsearch", cluster.nodes[0].url)
        import search
        from search.engines import engine

        say(built=search.rebuild(), server=engine().name)
        worker = manage("work")
        people = Searching()
        people.start()
        try:
            write_through(cluster, Writing(options.writes, options.seed), options)
            converge("last")
            time.sleep(1)
            compare(engine())
            # Nobody who searches waits for a worker's or a server's return.
            people.ends.set()
            people.join()
            say(
                searches=len(people.seconds),
                degraded=people.degraded,
                failed=people.failed,
                p95_s=round(statistics.quantiles(people.seconds, n=20)[-1], 2),
                slowest_s=round(max(people.seconds), 2),
            )
        finally:
            people.ends.set()
            worker.terminate()
            worker.wait()


def write_through(cluster: Any, writing: Writing, options: argparse.Namespace) -> None:
    node = cluster.nodes[0]
    share = options.writes // (2 * options.times + 1)
    for turn in range(options.times):
        steps(writing, share, "there")
        node.kill()
        steps(writing, share, "away")
        began = time.monotonic()
        node.start()
        cluster.wait()
        say(turn=turn + 1, start_s=round(time.monotonic() - began, 1), waiting=waiting())
        # Once in a row, once while people go on writing.
        if turn % 2:
            converge(f"turn {turn + 1}")
    steps(writing, options.writes - writing.done, "there")


def steps(writing: Writing, count: int, state: str) -> None:
    writing.milliseconds.clear()
    for _ in range(count):
        writing.step()
    quantiles = statistics.quantiles(writing.milliseconds, n=20)
    say(
        elasticsearch=state,
        writes=count,
        p50_ms=round(quantiles[9], 1),
        p95_ms=round(quantiles[-1], 1),
    )


def waiting() -> int:
    from search.models import Outbox

    return Outbox.objects.count()


def converge(label: str) -> None:
    """Measured at the outbox, by the worker alone."""
    before = waiting()
    seconds = wait_for(lambda: waiting() == 0, 300, "the outbox does not get empty")
    say(converged=label, waiting=before, seconds=round(seconds, 1))


def compare(engine: Any) -> None:
    """What the server has, whatever anybody believes, against the entries."""
    from search.models import Entry
    from search.projection import live, version_of

    def both() -> tuple[list[Any], dict[Any, int]]:
        listed = list(engine.indexes.versions(live().pk))
        return listed, {(e.kind, e.object_id): version_of(e) for e in Entry.objects.iterator()}

    listed, entries = both()
    there = dict(listed)
    if any(there.get(key) != version for key, version in entries.items()):
        # What the worker's own schedules have changed while this was read.
        time.sleep(5)
        wait_for(lambda: waiting() == 0, 60, "the outbox does not get empty")
        listed, entries = both()
        there = dict(listed)
    other = {k: (there[k], entries[k]) for k in there.keys() & entries.keys()}
    say(
        entries=len(entries),
        indexed=len(listed),
        twice=len(listed) - len(there),
        lost=len(entries.keys() - there.keys()),
        left_over=len(there.keys() - entries.keys()),
        older=[str(k) for k, (index, entry) in other.items() if index < entry][:5],
        newer=[str(k) for k, (index, entry) in other.items() if index > entry][:5],
        collection=live().pk,
    )


# A rebuild is killed


def rebuild(options: argparse.Namespace) -> None:
    if options.engine == "sql":
        begin("sql", "")
        kill_rebuilds(options)
        return
    import elasticsearch_node

    with elasticsearch_node.Cluster(1, heap="512m") as cluster:
        # What is asked here is which index answers, not how fast.
        begin("elasticsearch", cluster.nodes[0].url, timeout="30")
        kill_rebuilds(options)


def kill_rebuilds(options: argparse.Namespace) -> None:
    from search.projection import live

    began = time.monotonic()
    finish(manage("rebuild_search"))
    before, there = answer(), live().pk
    say(engine=options.engine, first_s=round(time.monotonic() - began), found=before[0])
    for share in (0.0, *options.shares):
        process = manage("rebuild_search")
        try:
            wait_for(lambda share=share: is_filled(share), 1200, "the rebuild")
            answers = [answer() for _ in range(5)]
            own = children(process.pid)
        finally:
            kill(process)
        answers += [answer() for _ in range(5)]
        say(
            killed_at=share,
            same_answers=all(one == before for one in answers),
            same_index=live().pk == there,
            left_running=f"{still_there(own)} of {len(own)}",
            leftovers=leftovers(),
        )
    began = time.monotonic()
    finish(manage("rebuild_search"))
    say(
        next_s=round(time.monotonic() - began),
        other_index=live().pk > there,
        same_answers=answer() == before,
        leftovers=leftovers(),
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise RuntimeError("rebuild_search failed")


def answer() -> tuple[Any, ...]:
    from search.query import find

    found = find(QUERY, viewer=None, facets=True)
    if found.degraded:
        raise RuntimeError("The database answered in place of Elasticsearch.")
    return found.total, [(hit.kind, hit.object_id) for hit in found.hits]


def is_filled(share: float) -> bool:
    """So much of the new index is there; 0.0: it has only been begun."""
    from search.engines import engine
    from search.models import Collection, Entry

    new = Collection.objects.filter(state=Collection.State.BUILDING).order_by("-pk").first()
    if new is None:
        return False
    return count_of(engine(), new.pk) >= share * Entry.objects.count()


def count_of(engine: Any, collection: int) -> int:
    from search.models import Doc

    if engine.name == "sql":
        return Doc.objects.filter(collection=collection).count()
    if not engine.indexes.exists(collection):
        return 0
    engine.indexes.refresh(collection)
    return int(engine.client.count(index=engine.indexes.name(collection))["count"])


def leftovers() -> dict[str, int]:
    """What belongs to no live collection."""
    from search.engines import engine
    from search.models import Collection, Doc, Term
    from search.projection import live

    own, made = live().pk, engine()
    found = {
        "collections": Collection.objects.exclude(pk=own).count(),
        "documents": Doc.objects.exclude(collection=own).count(),
        "terms": Term.objects.exclude(collection=own).count(),
    }
    if made.name != "sql":
        names = made.client.indices.get(index=f"{made.config.prefix}-*")
        found["indexes"] = len(names) - 1
    return found


def children(pid: int) -> list[Path]:
    return [
        path.parent
        for path in Path("/proc").glob("[0-9]*/status")
        if f"PPid:\t{pid}\n" in read(path)
    ]


def still_there(folders: list[Path]) -> int:
    """Of a killed process's own, ten seconds later."""
    time.sleep(10)
    states = [read(folder / "status") for folder in folders]
    return sum(bool(state) and "State:\tZ" not in state for state in states)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def begin(engine: str, url: str, timeout: str = "1.5") -> None:
    """Settings for this process and those it starts."""
    os.environ |= {
        "SEARCH_ENGINE": engine,
        "ELASTICSEARCH_URL": url,
        "ELASTICSEARCH_REPLICAS": "0",
        "ELASTICSEARCH_TIMEOUT": timeout,
        "ELASTICSEARCH_INDEX_PREFIX": "faults",
        "SEARCH_FALLBACK": "full",
        "SEARCH_SEMANTIC": "no",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django

    django.setup()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    away = commands.add_parser("absence")
    away.add_argument("--writes", type=int, default=10_000)
    away.add_argument("--times", type=int, default=3, help="how often Elasticsearch is killed")
    away.add_argument("--seed", type=int, default=1)
    killed = commands.add_parser("rebuild")
    killed.add_argument("--engine", choices=("sql", "elasticsearch"), default="sql")
    killed.add_argument("--shares", type=float, nargs="*", default=[0.5])
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
    {"absence": absence, "rebuild": rebuild}[options.command](options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
