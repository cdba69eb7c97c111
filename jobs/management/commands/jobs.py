from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs.health import figures


class Command(BaseCommand):
    help = "Shows the queue and the jobs that failed for good; --retry puts those back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try all failed jobs again")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(", ".join(f"{name} {value}" for name, value in figures().items()))
        failed = DBTaskResult.objects.failed().order_by("finished_at")
        if options["retry"]:
            count = failed.update(
                status="READY", run_after=timezone.now(), finished_at=None, worker_ids=[]
            )
            self.stdout.write(f"put back: {count}")
            return
        for row in failed:
            last = (row.traceback.strip().splitlines() or [""])[-1]
            self.stdout.write(f"{row.finished_at:%Y-%m-%d %H:%M} {row.task_path} {row.id}: {last}")
