"""Holds counters, links and search entries against what they stand for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.plugs import discover


class Command(BaseCommand):
    help = "Check counters, orphans and search entries; exit code 1 when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
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
