"""The packed empty database says the same as the migrations."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from home.management.commands.pack_empty_database import migrated
from home.setup import EMPTY_DATABASE


def _facts(path: Path) -> tuple[set[tuple[str, str]], set[tuple[str, str]], dict[str, int]]:
    """Schema, applied migrations, and rows a table."""
    with sqlite3.connect(path) as database:
        schema = {
            (name, sql)
            for name, sql in database.execute("SELECT name, sql FROM sqlite_master")
            if sql and not name.startswith("sqlite_")
        }
        applied = set(database.execute("SELECT app, name FROM django_migrations"))
        tables = [name for name, sql in schema if sql.startswith("CREATE TABLE")]
        rows = {
            name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in tables
        }
    database.close()
    return schema, applied, rows


@pytest.mark.migrations
def test_the_packed_database_is_what_the_migrations_make(tmp_path: Path) -> None:
    fresh, packed = tmp_path / "fresh.sqlite3", tmp_path / "packed.sqlite3"
    migrated(tmp_path, fresh)
    packed.write_bytes(gzip.decompress(EMPTY_DATABASE.read_bytes()))
    assert _facts(packed) == _facts(fresh)
