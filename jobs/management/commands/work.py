from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs.worker import Worker


class Command(BaseCommand):
    help = "Runs the jobs of all queues, and the tick each minute, until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="stop when the queue is empty")
        parser.add_argument(
            "--queues", default="*", help="only these queues, comma-separated (default: all)"
        )
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker.of(
            queues=options["queues"].split(","),
            interval=options["interval"],
            batch=options["batch"],
        )
        worker.configure_signals()
        worker.run()
