"""Measures search on judged sets."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.editing.own_set import DAYS, evaluate_own
from search.engines import engine, names
from search.evaluation import JudgedSet, evaluate

_COLUMNS = (
    ("ndcg@10", "nDCG@10"),
    ("mrr@10", "MRR@10"),
    ("success@5", "success@5"),
    ("recall@100", "recall@100"),
    ("empty", "empty"),
    ("typo_ndcg@10", "with typo"),
    ("typo_loss", "typo loss"),
    ("typo_empty", "empty with typo"),
    ("p50_ms", "p50 ms"),
    ("p95_ms", "p95 ms"),
    ("build_s", "build s"),
)


class Command(BaseCommand):
    help = (
        "Builds a scratch index of each judged set (docs.jsonl.gz, queries.jsonl.gz,"
        " qrels.tsv.gz), asks its queries and prints how well they were answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, metavar="DIR")
        parser.add_argument(
            "--own", action="store_true", help="also what people opened here after searching"
        )
        parser.add_argument("--days", type=int, default=DAYS, help="how far --own looks back")
        parser.add_argument("--engine", choices=names(), help="default: the site's own")
        parser.add_argument("--typos", action="store_true", help="ask again with one slip each")
        parser.add_argument(
            "--body", action="store_true", help="as similar items: title and body of the query"
        )
        parser.add_argument(
            "--semantic", action="store_true", help="with the extra `semantic`: meaning as well"
        )
        parser.add_argument("--limit", type=int, help="only the first queries of each set")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["folders"] and not options["own"]:
            raise CommandError("Name a folder with a judged set, or use --own.")
        for result in self._results(options):
            if options["json"]:
                self.stdout.write(json.dumps(result))
            else:
                self._print(result)

    def _results(self, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        asked = engine(options["engine"] or "")
        for folder in options["folders"]:
            if not (folder / "qrels.tsv.gz").is_file():
                raise CommandError(f"{folder} holds no judged set.")
            judged = JudgedSet.read(folder, options["limit"])
            yield evaluate(
                judged,
                asked,
                typos=options["typos"],
                body=options["body"],
                semantic=options["semantic"],
            )
        if options["own"]:
            found = list(evaluate_own(asked, days=options["days"], typos=options["typos"]))
            if not found:
                self.stderr.write("Nothing was opened often enough after a search yet.")
            yield from found

    def _print(self, result: dict[str, Any]) -> None:
        head = "{set} on {engine}: {documents} documents, {queries} queries"
        self.stdout.write(self.style.MIGRATE_HEADING(head.format(**result)))
        figures = [(label, result[key]) for key, label in _COLUMNS if key in result]
        figures += [(key, result[key]) for key in result if key.startswith("ndcg@10 ")]
        self.stdout.write("   ".join(f"{label} {value}" for label, value in figures))
