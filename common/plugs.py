"""Finds the files of fixed name by which an app tells a lower app about itself."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


def discover(name: str) -> list[ModuleType]:
    """Imports `<app>.<name>` of each project app that has it."""
    return [
        import_module(f"{app}.{name}")
        for app in settings.PROJECT_APPS
        if find_spec(f"{app}.{name}") is not None
    ]
