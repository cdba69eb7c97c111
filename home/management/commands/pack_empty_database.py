"""Makes home/empty.sqlite3.gz anew: a migrated empty database, for a quick first start."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from home.setup import EMPTY_DATABASE


class Command(BaseCommand):
    help = "Pack a freshly migrated empty SQLite database; run it after adding a migration."

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            packed = Path(folder) / "packed.sqlite3"
            migrated(Path(folder), packed)
            # mtime=0: the same database gives the same file.
            EMPTY_DATABASE.write_bytes(gzip.compress(packed.read_bytes(), 9, mtime=0))
        self.stdout.write(f"{EMPTY_DATABASE.name}: {EMPTY_DATABASE.stat().st_size} bytes")


def migrated(folder: Path, target: Path) -> None:
    """A database with all migrations applied, compacted into TARGET."""
    settings_of_it = (f"PEERDESK_VAR={folder}", "MODE=demo", "DATABASE_URL=")
    manage = (sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0")
    subprocess.run(["env", *settings_of_it, *manage], check=True, cwd=settings.BASE_DIR)
    with sqlite3.connect(folder / "peerdesk.sqlite3") as source:
        source.execute("VACUUM INTO ?", (str(target),))
    source.close()
