"""Prepares the database and sample content, and runs web and worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.roles import ensure_groups
from home import setup


class Command(BaseCommand):
    help = "Prepare the database (and, in demo mode, the sample content)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--prepare", action="store_true", help="stop after preparing; dev.py starts the servers"
        )
        parser.add_argument("--no-sample", action="store_true", help="leave the sample content out")

    def handle(self, *args: Any, **options: Any) -> None:
        setup.compile_messages()
        setup.unpack_empty_database()
        call_command("migrate", interactive=False, verbosity=0)
        setup.refuse_demo_people_in_production()
        call_command("createcachetable", verbosity=0, database="cache") if (
            "cache" in settings.DATABASES
        ) else None
        # Editors' rights stand on the home page.
        setup.ensure_site()
        ensure_groups()
        if settings.IS_DEMO and not options["no_sample"]:
            self.stdout.write("Loading sample content …")
            setup.load_sample(self.stdout.write)
        self.stdout.write("Ready.")
        if not options["prepare"]:
            self.stdout.write("Run the web server and `manage.py work`; see docs/operating.md.")
