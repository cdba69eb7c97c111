from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jobs.actions import tick


class Command(BaseCommand):
    help = "Recovers jobs of dead workers, enqueues due scheduled jobs, removes old ones."

    def handle(self, *args: Any, **options: Any) -> None:
        figures = tick()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in figures.items()))
