"""Imports threads of another forum."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import search
from common.progress import Progress
from forum.bulk import Importer
from forum.importing import read


class Command(BaseCommand):
    help = (
        "Import forum threads: JSON lines (.jsonl or .jsonl.gz), one thread a line with its "
        "answers. Running it again adds only what is new; bad records are reported and skipped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--system", default="", help="name of the source (default: its folder)")
        parser.add_argument("--limit", type=int, default=None, help="read only so many lines")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--no-search", action="store_true", help="leave the search index alone")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        system = (options["system"] or file.resolve().parent.name)[:40]
        importer = Importer(system=system, dry_run=options["dry_run"])
        progress = Progress("threads")
        report = importer.run(islice(read(file), options["limit"]), progress.tick)
        progress.finish()
        for line in report.notes:
            self.stdout.write(f"note: {line}")
        for line in report.bad:
            self.stderr.write(f"skipped: {line}")
        if report.questions and not options["dry_run"] and not options["no_search"]:
            self.stdout.write("Building the search index …")
            search.rebuild(["question"])
        verb = "would be imported" if options["dry_run"] else "imported"
        self.stdout.write(
            f"{report.questions} questions with {report.answers} answers {verb}, "
            f"{report.people} people added; {report.known} known already; "
            f"{len(report.bad)} bad records skipped."
        )
