"""The whole small site, made once for a module of tests and rolled back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation

from accounts.models import User
from tests.factories import World, make_world

_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_FILES = "django.core.files.storage.FileSystemStorage"


@contextmanager
def standing_world(folder: Path) -> Iterator[World]:
    """Everything of tests/factories.py, with files in FOLDER; the database must be open."""
    with calm(folder), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@contextmanager
def calm(folder: Path) -> Iterator[None]:
    """Settings for a whole module: memory caches, no limits, files of its own, a quiet log."""
    private = {"BACKEND": _FILES, "OPTIONS": {"location": folder / "private", "base_url": None}}
    names = ("default", "memory")
    changed = {
        "CACHES": {name: {"BACKEND": _MEMORY, "LOCATION": f"world-{name}"} for name in names},
        "STORAGES": {**settings.STORAGES, "private": private},
        "MEDIA_ROOT": folder / "media",
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, "100000/m/user"),
        "ACCOUNT_RATE_LIMITS": False,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    # Refusals are what many of these tests ask for; only faults are worth a line in the log.
    logging.disable(logging.WARNING)
    try:
        with override_settings(**changed), translation.override("en"):
            for name in names:
                caches[name].clear()
            yield
    finally:
        logging.disable(logging.NOTSET)


def client_of(person: User | None, **options: Any) -> Client:
    """A browser of this person; a fault of the server comes back as a 500."""
    client = Client(raise_request_exception=False, **options)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
