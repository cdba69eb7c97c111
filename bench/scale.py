"""How an engine builds and answers at any size: documents as seed_load writes them, in a scratch
index beside the live one, dropped at the end.

    python bench/scale.py --engine elasticsearch --documents 1m
    python bench/scale.py --engine sql --documents 200k

With --keep the index stays, and --collection NUMBER asks it again without building it. With
--analysed 100k only the server is measured: so many documents, analysed before the clock runs.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
QUERIES = 400
_CHUNK = 1_000
_SENT, _SENDERS = 250, 2


def kept(texts: Iterator[Any], file: IO[bytes]) -> int:
    """Writes TEXTS to FILE, so that making them up takes no time of what is measured."""
    count = 0
    while some := list(islice(texts, _CHUNK)):
        pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
        count += len(some)
    file.flush()
    return count


def read(file: IO[bytes], minutes: float) -> Iterator[Any]:
    """Ends early when time is up: the figures then are those of a smaller index."""
    file.seek(0)
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        try:
            yield from pickle.load(file)  # noqa: S301  written a moment ago
        except EOFError:
            return


def documents(count: int, seed: int) -> Iterator[Any]:
    """Questions with their answers; one in fifty is a case that one organisation reads."""
    from home.loading.scale.words import Writer
    from search.registry import Document

    writer = Writer(seed)
    for number in range(count):
        language = writer.language()
        texts = [writer.text("question", language, 2 + writer.few(6, skew=1.5)).source]
        texts += [
            writer.text("answer", language, 1 + writer.few(6, skew=1.5)).source
            for _ in range(writer.few(6, skew=1.5))
        ]
        private = number % 50 == 49
        yield Document(
            kind="case" if private else "question",
            object_id=str(number),
            title=writer.title("title", language, 160),
            body="\n\n".join(texts),
            url="",
            language=language,
            tokens=frozenset({f"org-admins:{number % 997}" if private else "public"}),
            product=("mail", "files", "calendar", "admin", "devices")[number % 5],
            solved=number % 2 == 0,
            popularity=writer.few(40, skew=6),
        )


def queries(seed: int) -> Iterator[tuple[str, str]]:
    """What people type: a whole title, a few words of one, a name or a code, with a slip at times."""
    from home.loading.scale.words import Writer

    writer, chance = Writer(seed), Random(seed)  # noqa: S311
    for number in range(QUERIES):
        language = writer.language()
        words = writer.title("title", language, 160).split()
        if number % 4:
            begin = chance.randrange(max(1, len(words) - 2))
            words = words[begin : begin + chance.randint(1, 4)]
        if number % 10 == 9:
            words = [writer.name()]
        if number % 12 == 5 and len(words[0]) > 4:
            words[0] = words[0][:2] + words[0][3:]
        yield " ".join(words), language


def cpu() -> float:
    """Of this process and of those that it has started and that have ended."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, both))


def ask(engine: Any, collection: Any, seed: int, **more: Any) -> dict[str, float]:
    from dataclasses import replace

    from search.query import Filters, build
    from search.syntax import parse

    walls, own, empty = [], [], 0
    for text, language in queries(seed):
        began, burnt = time.perf_counter(), time.process_time()
        query = build(parse(text), language, Filters())
        found = engine.search(replace(query, **more), collection)
        walls.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - burnt) * 1000)
        empty += not found.hits
        if found.degraded:
            raise RuntimeError("The database answered in place of Elasticsearch.")
    walls.sort()
    own.sort()
    return {
        "p50_ms": round(statistics.median(walls), 1),
        "p95_ms": round(walls[int(len(walls) * 0.95)], 1),
        "cpu_p50_ms": round(statistics.median(own), 1),
        "cpu_p95_ms": round(own[int(len(own) * 0.95)], 1),
        "empty": empty,
    }


class Clock:
    """How long Elasticsearch took to put its pieces together, when all were fed."""

    def __init__(self, engine: Any) -> None:
        self.seconds = 0.0
        if engine.name != "sql":
            self._settle = engine.indexes.settle
            engine.indexes.settle = self

    def __call__(self, *some: Any) -> None:
        began = time.perf_counter()
        self._settle(*some)
        self.seconds = time.perf_counter() - began


def build(engine: Any, collection: Any, options: argparse.Namespace) -> dict[str, Any]:
    from home.management.commands.seed_load import number

    with TemporaryFile() as file:
        kept(documents(number(options.documents), options.seed), file)
        began, burnt, settled = time.perf_counter(), cpu(), Clock(engine)
        count = engine.build(read(file, options.minutes), collection)
    seconds = time.perf_counter() - began
    return {
        "collection": collection.pk,
        "documents": count,
        "build_s": round(seconds),
        "build_cpu_s": round(cpu() - burnt),
        "documents_a_second": round(count / (seconds - settled.seconds)),
        "settle_s": round(settled.seconds, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "size_mb": size(engine, collection),
    }


def feed(engine: Any, collection: Any, options: argparse.Namespace) -> dict[str, Any]:
    """Sends documents that were analysed before, over as many connections as a rebuild has."""
    from concurrent.futures import ThreadPoolExecutor

    from home.management.commands.seed_load import number
    from search.engines.elasticsearch.analysing import deliver, measure
    from search.engines.elasticsearch.encoding import analysed, item_of

    texts = documents(number(options.analysed), options.seed)
    sample = list(islice(texts, _CHUNK))
    means = measure(sample)
    items = [
        item_of(document, analysed(document), means(document.language), count)
        for count, document in enumerate(chain(sample, texts), 1)
    ]
    engine.indexes.drop(collection.pk)
    engine.indexes.create(collection.pk, is_filling=True)
    some = [items[at : at + _SENT] for at in range(0, len(items), _SENT)]
    began = time.perf_counter()
    with ThreadPoolExecutor(_SENDERS) as pool:
        refused = list(pool.map(lambda one: deliver(engine.indexes, collection.pk, one), some))
    engine.indexes.refresh(collection.pk)
    seconds = time.perf_counter() - began
    return {
        "analysed": len(items),
        "refused": sum(map(len, refused)),
        "feed_s": round(seconds, 1),
        "analysed_a_second": round(len(items) / seconds),
        "bytes": round(sum(len(item.lines) for item in items) / len(items)),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    from search.engines import engine as engine_of
    from search.models import Collection

    engine = engine_of(options.engine)
    result: dict[str, Any] = {"engine": options.engine}
    if options.collection:
        collection = Collection.objects.get(pk=options.collection)
    else:
        collection = Collection.objects.create(state=Collection.State.SCRATCH)
    try:
        if options.analysed:
            return {**result, **feed(engine, collection, options)}
        if not options.collection:
            result |= build(engine, collection, options)
            print(json.dumps(result), flush=True)
            collection.refresh_from_db()
        ask(engine, collection, options.seed + 1)
        listed = ask(engine, collection, options.seed + 2, counted=False, facets=False)
        paged = ask(engine, collection, options.seed + 3, counted=True, facets=True)
        return {**result, "list": listed, "page": paged}
    finally:
        if not (options.keep or options.collection):
            engine.drop(collection)


def size(engine: Any, collection: Any) -> int:
    from django.conf import settings

    if engine.name == "sql":
        return Path(settings.DATABASES["default"]["NAME"]).stat().st_size // 1_000_000
    stats = engine.client.indices.stats(index=engine.indexes.name(collection.pk))
    return int(stats["_all"]["total"]["store"]["size_in_bytes"]) // 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", default="sql")
    parser.add_argument("--documents", default="10k")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="feed no longer than this")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--collection", type=int)
    parser.add_argument("--analysed", default="", help="Elasticsearch only")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(measure(options)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
