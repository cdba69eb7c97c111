"""Imports help articles from JSON lines or a tree of Markdown files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.progress import Progress
from kb.importing.records import read
from kb.importing.run import Importer, finish


class Command(BaseCommand):
    help = (
        "Import articles: JSON lines (.jsonl, .jsonl.gz: key, lang, title, body_md, date) or a "
        "folder of Markdown files with front matter, and the pictures they show. Running it again "
        "adds only what is new, also pictures of articles that came without them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="FILE_OR_DIR")
        parser.add_argument("--section", default="imported", help="section for records without one")
        parser.add_argument(
            "--system", default="", help="name of the source (default: its file name)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--no-search", action="store_true", help="leave the search index alone")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["source"]
        if not source.exists():
            raise CommandError(f"{source} does not exist.")
        system = options["system"] or source.name.partition(".")[0]
        importer = Importer(
            system=system[:40], section=options["section"], dry_run=options["dry_run"]
        )
        progress = Progress("articles")
        report = importer.run(read(source), progress.tick)
        progress.finish()
        for line in report.bad:
            self.stderr.write(f"skipped: {line}")
        for line in report.notes:
            self.stderr.write(f"note: {line}")
        if not options["dry_run"]:
            finish(report, with_search=not options["no_search"])
        counts = ", ".join(f"{code} {count}" for code, count in sorted(report.languages.items()))
        verb = "would be added" if options["dry_run"] else "added"
        self.stdout.write(
            f"{report.added} articles {verb} ({counts or 'none'}); "
            f"{report.known} known already; {len(report.bad)} bad records skipped"
            f"{f'; {report.pictures} pictures {verb}' if report.pictures else ''}"
            f"{f'; {report.illustrated} articles got theirs' if report.illustrated else ''}."
        )
