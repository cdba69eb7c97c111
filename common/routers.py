"""Keeps the cache's own SQLite file apart from the main database."""

from __future__ import annotations

from typing import Any


class CacheRouter:
    """Only Django's cache table lives in the "cache" database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == "django_cache":
            return db == "cache"
        return False if db == "cache" else None
