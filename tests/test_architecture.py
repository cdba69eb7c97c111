"""The rules that hold the code together, checked by machine: layers, sizes, names, doors, docs."""

from __future__ import annotations

import ast
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
APPS: list[str] = settings.PROJECT_APPS
MAX_FILE = 400
MAX_FUNCTION = 50
MAX_TEMPLATE = 150
FORBIDDEN_FILES = {
    "utils.py", "helpers.py", "services.py", "signals.py", "managers.py", "constants.py",
}  # fmt: skip
# Wagtail tells of pages by signal only (style.md: "except those for Wagtail pages").
ALLOWED_FILES = {"kb/signals.py", "search/signals.py"}

# Keys that cross apps and may be walked back: with the reason.
ALLOWED_RELATED_NAMES: dict[str, str] = {}

# Where a forbidden piece of code is meant: file, and why.
ALLOWED_CODE = {
    ("csrf_exempt", "notifications/views.py"): "RFC 8058: the signed token is the credential",
    ("csrf_exempt", "search/editing/seen.py"): "no cookie comes along; the page signed its token",
    ("cursor()", "home/health.py"): "asks the database whether it lives",
    (
        "cursor()",
        "home/loading/scale/rows.py",
    ): "a million rows: bulk_create takes four times as long",
}
FORBIDDEN_CODE = {
    "mark_safe": re.compile(r"\bmark_safe\b"),
    "csrf_exempt": re.compile(r"\bcsrf_exempt\b"),
    "all fields": re.compile(r"""fields\s*=\s*["']__all__["']"""),
    "raw": re.compile(r"\.raw\(|\bRawSQL\b|\.extra\(\s*(select|where|tables)"),
    "cursor()": re.compile(r"connections?(\[[^\]]+\])?\.cursor\(\)"),
}
OWNERS = {
    "mark_safe": ("common/markdown/",),
    "raw": ("search/engines/",),
    "cursor()": ("search/engines/",),
}

# Doors of other packages, and of what has no person in front of it.
FOREIGN_VIEWS = ("wagtail", "allauth", "django.", "ninja.")


def layers() -> dict[str, int]:
    """App → height, as pyproject.toml gives it to import-linter."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rows = config["tool"]["importlinter"]["contracts"][0]["layers"]
    count = len(rows)
    return {
        name.strip(): count - height for height, row in enumerate(rows) for name in row.split("|")
    }


def sources(*, with_tests: bool = False) -> Iterator[Path]:
    folders = [*APPS, "config", *(["tests", "scripts"] if with_tests else [])]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates() -> Iterator[Path]:
    for suffix in ("html", "txt", "xml"):
        yield from sorted((ROOT / "templates").rglob(f"*.{suffix}"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_app_stands_in_the_layers() -> None:
    assert {*APPS, "config"} == set(layers())


def test_imports_point_down_only() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    found = subprocess.run(  # noqa: S603
        [str(program), "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def crossing_keys() -> Iterator[tuple[str, models.Field[Any, Any], str, str]]:
    """Name, key, own app and target's app of every key that leaves its app."""
    for model in apps.get_models():
        own = model._meta.app_label
        if own not in APPS:
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            # A page's pointer to its parent class is Wagtail's.
            if not isinstance(target, type) or field.name.endswith("_ptr"):
                continue
            if target._meta.app_label != own:
                yield f"{model._meta.label}.{field.name}", field, own, target._meta.app_label


def test_keys_point_down_only() -> None:
    """String references escape the import linter."""
    height = layers()
    wrong = [
        f"{name} → {target}"
        for name, _field, own, target in crossing_keys()
        if target in height and height[target] >= height[own]
    ]
    assert wrong == []


def test_nobody_walks_a_key_upwards() -> None:
    wrong = {
        name
        for name, field, _own, target in crossing_keys()
        if target in APPS and not field.remote_field.hidden
    }
    assert wrong == set(ALLOWED_RELATED_NAMES)


def test_files_are_short() -> None:
    long = {name_of(path): text_of(path).count("\n") for path in sources()}
    assert {name: lines for name, lines in long.items() if lines > MAX_FILE} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in sources(with_tests=True):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION:
                    long[f"{name_of(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_templates_are_short() -> None:
    long = {name_of(path): text_of(path).count("\n") for path in templates()}
    # The page that shows every component is a catalogue, not a page.
    long = {name: n for name, n in long.items() if not name.startswith("templates/design/")}
    assert {name: lines for name, lines in long.items() if lines > MAX_TEMPLATE} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    found = {name_of(path) for path in sources() if path.name in FORBIDDEN_FILES}
    assert found <= ALLOWED_FILES


def test_dangerous_code_stands_only_where_it_is_meant() -> None:
    """R24."""
    found = []
    for path in sources():
        name = name_of(path)
        for label, pattern in FORBIDDEN_CODE.items():
            if name.startswith(OWNERS.get(label, ())) or (label, name) in ALLOWED_CODE:
                continue
            found += [f"{name}: {match}" for match in pattern.findall(text_of(path))]
    assert found == []


def test_templates_escape_everything() -> None:
    pattern = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b")
    found = []
    for path in templates():
        # A text has no markup that escaping would protect.
        if path.suffix == ".txt":
            continue
        found += [f"{name_of(path)}: {match}" for match in pattern.findall(text_of(path))]
    assert found == []


def test_no_address_in_a_mail_comes_from_the_request() -> None:
    """Class 24: a forged Host header must not end up in a letter."""
    files = [path for path in templates() if "email" in path.parts]
    files += [path for path in sources() if path.name in {"mail.py", "tasks.py", "notices.py"}]
    assert [name_of(path) for path in files if "get_host" in text_of(path)] == []
    assert [name_of(path) for path in files if "build_absolute_uri" in text_of(path)] == []


def test_annotations_are_lazy_everywhere() -> None:
    missing = [
        name_of(path)
        for path in sources(with_tests=True)
        if text_of(path).strip() and "from __future__ import annotations" not in text_of(path)
    ]
    # Files without any code but a docstring need none.
    assert [name for name in missing if len(ast.parse(text_of(ROOT / name)).body) > 1] == []


def variables() -> set[str]:
    """Every variable that settings, scripts and tests read."""
    found: set[str] = set()
    settings_text = text_of(ROOT / "config" / "settings.py")
    found |= set(re.findall(r"env\.[a-z]+\(\s*\"([A-Z_]+)\"", settings_text))
    read = re.compile(r"os\.environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z_]+)\"")
    for path in (*sources(with_tests=True), ROOT / "manage.py"):
        found |= set(read.findall(text_of(path)))
    found |= set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text_of(ROOT / "compose.yaml")))
    # What only other programs read.
    return found - {
        "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PEERDESK_NO_BROWSER",
        "XDG_CACHE_HOME",
    }  # fmt: skip


def example() -> dict[str, str]:
    rows = [line.partition("=") for line in text_of(ROOT / ".env.example").splitlines()]
    return {name: value for name, mark, value in rows if mark and not name.startswith("#")}


def test_every_variable_is_in_the_example() -> None:
    assert variables() == set(example())


def test_every_variable_of_the_example_is_explained() -> None:
    """A comment stands above it, or above the group it is in."""
    explained = False
    bare = []
    for line in text_of(ROOT / ".env.example").splitlines():
        if not line.strip():
            explained = False
        elif line.startswith("#"):
            explained = True
        elif not explained:
            bare.append(line)
    assert bare == []


# Starts a second process with settings of its own.
ENVIRONMENT = {"home/management/commands/pack_empty_database.py"}


def test_only_the_settings_read_the_environment() -> None:
    wrong = {
        name_of(path)
        for path in sources()
        if path.parts[len(ROOT.parts)] != "config" and "environ" in text_of(path)
    }
    assert wrong <= ENVIRONMENT


def documents() -> str:
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(text_of(path) for path in files)


def test_the_documents_name_every_app() -> None:
    words = documents()
    assert [app for app in APPS if not re.search(rf"\b{app}\b", words)] == []


def test_the_documents_name_every_command() -> None:
    words = documents()
    commands = {
        path.stem
        for app in APPS
        for path in (ROOT / app).glob("management/commands/*.py")
        if path.stem != "__init__"
    }
    assert {name for name in commands if f"`{name}" not in words} == set()


def test_the_documents_name_every_variable() -> None:
    words = documents()
    groups = {name for name in variables() if name.startswith("RATE_")}
    assert {n for n in variables() - groups if f"`{n}" not in words} == set()
    assert "`RATE_" in words


def test_locks_carry_no_address() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = text_of(lock)
        assert "://" not in text, lock.name
        assert "index-url" not in text, lock.name
        assert "--hash=" in text, lock.name


def views() -> Iterator[tuple[str, str, Any]]:
    """Full URL name, pattern and view of the whole site."""

    def walk(resolver: URLResolver, space: str, before: str) -> Iterator[tuple[str, str, Any]]:
        for entry in resolver.url_patterns:
            pattern = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield f"{space}{entry.name}", pattern, entry.callback
            else:
                inner = f"{space}{entry.namespace}:" if entry.namespace else space
                yield from walk(entry, inner, pattern)

    return walk(get_resolver(), "", "")


def test_every_view_has_exactly_one_door() -> None:
    without, twice = [], []
    for name, _pattern, view in views():
        if view.__module__.startswith(FOREIGN_VIEWS) or view.__module__.split(".")[0] not in APPS:
            continue
        doors = []
        inner = view
        while inner is not None:
            doors += [inner.__dict__["door"]] if _is_door(inner) else []
            inner = getattr(inner, "__wrapped__", None)
        if not doors:
            without.append(name)
        elif len(doors) > 1:
            twice.append((name, doors))
    assert without == []
    assert twice == []


def _is_door(function: Any) -> bool:
    """functools.wraps copies the mark outwards; the door itself is the one access.py made."""
    return "door" in function.__dict__ and function.__code__.co_filename.endswith("access.py")


def test_every_view_says_which_methods_it_takes() -> None:
    loose = []
    for name, _pattern, view in views():
        if view.__module__.split(".")[0] not in APPS:
            continue
        files = []
        inner = view
        while inner is not None:
            files.append(inner.__code__.co_filename)
            inner = getattr(inner, "__wrapped__", None)
        if not any(file.endswith("decorators/http.py") for file in files):
            loose.append(name)
    assert loose == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.migrations
def test_the_migrations_build_the_database_from_zero(tmp_path: Path) -> None:
    """On a real new SQLite file; the other tests make their tables straight from the models."""
    environment = {"PEERDESK_VAR": str(tmp_path), "PATH": "/usr/bin:/bin", "MODE": "demo"}
    for command in (["migrate", "-v0", "--no-input"], ["check"]):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-W", "ignore", "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "peerdesk.sqlite3") as made:
        tables = {row[0] for row in made.execute("select name from sqlite_master")}
    wanted = {model._meta.db_table for model in apps.get_models() if model._meta.app_label in APPS}
    assert wanted <= tables
