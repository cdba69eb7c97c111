"""Holds counters, links and search entries against what they stand for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.plugs import discover


class Command(BaseCommand):
    help = "Check counters, orphans and search entries; exit code 1 when something stays wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only what is wrong")
        parser.add_argument("--repair", action="store_true", help="first mend what can be mended")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            self._repair()
        findings = 0
        for module in discover("integrity"):
            for name, problems in module.checks():
                found = list(problems)
                findings += len(found)
                if found or not options["quiet"]:
                    self.stdout.write(f"{name}: {len(found) or 'ok'}")
                for problem in found[:20]:
                    self.stdout.write(f"  {problem}")
        if findings:
            raise CommandError(f"{findings} findings.")
        self.stdout.write("No findings.")

    def _repair(self) -> None:
        mended = 0
        for module in discover("integrity"):
            # Only what is derived can be made anew; the rest is for people to judge.
            if (repair := getattr(module, "repair", None)) is not None:
                mended += repair()
        self.stdout.write(f"Mended: {mended}.")
