"""What `make test` runs, in the order in which a fault is found soonest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from dev import IN_CI, PYTHON, ROOT, install, installer
from services import (
    Elasticsearch,
    Postgres,
    Redis,
    find_chromium,
    find_postgres,
    find_redis,
    no_elasticsearch,
)

PROJECT = sorted(
    path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"
)
SKIPPED: list[str] = []
FAILED: list[str] = []


def run_checks(arguments: list[str]) -> int:
    """Runs the named groups, or all of them."""
    install("dev")
    groups = {
        "lint": lint, "types": types, "unit": unit, "redis": redis, "postgres": postgres,
        "elasticsearch": elasticsearch, "browser": browser,
    }  # fmt: skip
    for name in arguments or groups:
        groups[name]()
    for line in SKIPPED:
        print(f"SKIPPED: {line}")
    for line in FAILED:
        print(f"FAILED: {line}")
    if SKIPPED and IN_CI:
        print("In CI nothing may be skipped.")
        return 1
    return 1 if FAILED else 0


def step(label: str, command: list[str], **environment: str) -> bool:
    print(f"== {label}", flush=True)
    begin = time.monotonic()
    result = subprocess.run(command, check=False, env={**os.environ, **environment})
    print(f"   {label}: {time.monotonic() - begin:.0f} s", flush=True)
    if result.returncode:
        FAILED.append(label)
    return result.returncode == 0


def tool(name: str, *arguments: str) -> list[str]:
    return [str(PYTHON.parent / name), *arguments]


def manage(*arguments: str) -> list[str]:
    return [str(PYTHON), "-W", "ignore", "manage.py", *arguments]


def lint() -> None:
    # Installed without asking what needs what, so here is asked whether all of it is there.
    step("packages", [*installer(), "check"])
    step("ruff", tool("ruff", "check", "."))
    step("ruff format", tool("ruff", "format", "--check", "."))
    step("templates", tool("djlint", "--lint", "--quiet", "templates"))
    step("layers", tool("lint-imports", "--no-cache"), PYTHONPATH=str(ROOT))
    step(
        "spelling", tool("codespell", *PROJECT, "README.md", "CONTRIBUTING.md", "docs", "templates")
    )
    step("system check", manage("check", "--fail-level", "WARNING"))
    step("missing migrations", manage("makemigrations", "--check", "--dry-run"))
    production = {
        "MODE": "production",
        "SECRET_KEY": "a-key-for-the-deployment-check-" + "x7Qw" * 8,
        "ALLOWED_HOSTS": "peerdesk.example",
    }
    step("deployment check", manage("check", "--deploy", "--fail-level", "WARNING"), **production)


def types() -> None:
    step("types", tool("mypy", "--no-error-summary", *PROJECT))


def exists(path: str) -> bool:
    return (ROOT / path).exists()


def pytest(*arguments: str) -> list[str]:
    return [str(PYTHON), "-m", "pytest", "-q", *arguments]


# What the database decides: access, search, votes, moves, keys, queues. The rest is Python.
ON_POSTGRES = [
    "tests/test_access.py", "tests/test_hostile.py",
    *(f"tests/{name}" for name in (
        "accounts", "forum", "ideas", "jobs", "kb", "links", "moderation", "notifications",
        "posting", "search", "support",
    )),
]  # fmt: skip
COMPILE = "import django; django.setup(); from home.setup import compile_messages as c; c()"


# Tests that need a server of their own run in the step that starts it.
WITHOUT_SERVERS = ("-m", "not elasticsearch and not redis")


def words() -> None:
    """A fresh clone has the translations as text only."""
    step("translations", [str(PYTHON), "-W", "ignore", "-c", COMPILE],
         DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT))  # fmt: skip


def unit() -> None:
    words()
    step(
        "tests on SQLite",
        pytest("-n", "2", *WITHOUT_SERVERS, "--ignore=tests/browser", "tests"),
        DATABASE_URL="",
    )


def redis() -> None:
    binary = find_redis()
    if binary is None:
        SKIPPED.append("Redis is not installed (Debian: apt install redis-server)")
        return
    words()
    with Redis(binary) as server:
        step(
            "tests on Redis",
            pytest("-p", "no:randomly", "-m", "redis", "--ignore=tests/browser", "tests"),
            DATABASE_URL="",
            TEST_REDIS_URL=server.url,
        )


def postgres() -> None:
    binaries = find_postgres()
    if binaries is None:
        SKIPPED.append("PostgreSQL is not installed (Debian: apt install postgresql)")
        return
    with Postgres(binaries) as server:
        step("migrations on PostgreSQL", manage("migrate", "-v0"), DATABASE_URL=server.url)
        step(
            "tests on PostgreSQL",
            pytest("-n", "2", *WITHOUT_SERVERS, *filter(exists, ON_POSTGRES)),
            DATABASE_URL=server.url,
        )


def elasticsearch() -> None:
    problem = no_elasticsearch()
    if problem:
        SKIPPED.append(f"Elasticsearch cannot run here. {problem}")
        return
    words()
    with Elasticsearch() as server:
        step(
            "tests on Elasticsearch",
            pytest("-p", "no:randomly", "-m", "elasticsearch", "--ignore=tests/browser", "tests"),
            DATABASE_URL="",
            TEST_ELASTICSEARCH_URL=server.url,
        )


def browser() -> None:
    if not Path("tests/browser").exists():
        return
    chromium = find_chromium()
    if chromium is None:
        SKIPPED.append("Chromium is not installed (Debian: apt install chromium)")
        return
    words()
    step(
        "tests in a browser",
        pytest("-p", "no:randomly", "tests/browser"),
        CHROMIUM=chromium,
        DATABASE_URL="",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )


if __name__ == "__main__":
    sys.exit(run_checks(sys.argv[1:]))
