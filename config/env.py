"""Reads settings from the environment, typed, and fails loudly on nonsense."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

N = TypeVar("N", int, float)

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points to."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    value = text(name) or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(known)}, not {value!r}.")
    return value


def number(name: str, default: int) -> int:
    return _parsed(name, default, int, "a whole number")


def seconds(name: str, default: float) -> float:
    return _parsed(name, default, float, "a number of seconds")


def _parsed(name: str, default: N, parse: Callable[[str], N], what: str) -> N:
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return parse(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be {what}, not {value!r}.") from error


def preset(name: str, value: str) -> None:
    """For a library that reads the environment itself; what is set there already stays."""
    os.environ.setdefault(name, value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, folder: Path, *, generate: bool) -> str:
    """A secret from the environment, else one generated once and kept in FOLDER with mode 600."""
    value = text(name)
    if value:
        return value
    if not generate:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    path = folder / name.lower()
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # O_EXCL: web and worker start side by side; the second one reads the first one's secret.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return path.read_text(encoding="ascii").strip()


def database(name: str, folder: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's dictionary, with the options each engine needs."""
    url = text(name) or f"sqlite:///{folder / 'peerdesk.sqlite3'}"
    config = dict(environ.Env.db_url_config(url))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = sqlite_options()
        # Opening it anew for each request costs more than the queries of most pages.
        config["CONN_MAX_AGE"] = None
    else:
        config.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
        config["CONN_HEALTH_CHECKS"] = True
    return config


def cache(url: str) -> dict[str, Any]:
    """A cache's address as Django's dictionary; Redis in the form that the site outlives."""
    config = dict(environ.Env.cache_url_config(url))
    if config["BACKEND"].endswith("RedisCache"):
        config["BACKEND"] = "common.redis.RedisCache"
    return config


def sqlite_options() -> dict[str, Any]:
    """WAL, one writer at a time, and up to 20 s of patience before "locked"."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY"
        ),
    }
