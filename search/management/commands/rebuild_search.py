"""Builds the search index anew beside the live one."""

from __future__ import annotations

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.projection import Busy, rebuild


class Command(BaseCommand):
    help = "Projects everything findable anew, fills a new index and switches to it when complete."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", action="append", help="project only this kind; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        began = perf_counter()
        try:
            count = rebuild(options["kind"], self._say if options["verbosity"] > 1 else None)
        except Busy as error:
            raise CommandError("Another rebuild is running.") from error
        except Exception as error:
            # By name: without Elasticsearch its client need not be there.
            if type(error).__module__.partition(".")[0] not in {
                "elasticsearch",
                "elastic_transport",
            }:
                raise
            raise CommandError(
                f"Elasticsearch does not answer ({type(error).__name__}): the old index stays."
            ) from error
        self.stdout.write(f"{count} entries in {perf_counter() - began:.1f} s")

    def _say(self, stage: str, done: int, total: int) -> None:
        self.stdout.write(f"{stage}: {done} of {total}")
