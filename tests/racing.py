"""Real threads with real connections, on either database.

A test's SQLite database lives in memory, where threads would share table locks that a real
file does not have; so on SQLite the threads get a file with the tables they need.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.db.models import Model


@contextmanager
def racing(folder: Path, *models: type[Model]) -> Iterator[None]:
    """Inside, new threads see tables of MODELS that they all can write to.

    The test needs `django_db(transaction=True)`; call `in_thread` to look at the rows.
    """
    if connection.vendor != "sqlite":
        yield
        return
    real = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(folder / "race.sqlite3")
    try:
        in_thread(lambda: _create(models))
        yield
    finally:
        connections.settings["default"]["NAME"] = real


def _create(models: tuple[type[Model], ...]) -> None:
    with connections["default"].schema_editor() as editor:
        for model in models:
            editor.create_model(model)


def in_thread(function: Callable[[], Any]) -> Any:
    return race([function])[0]


def race(functions: list[Callable[[], Any]]) -> list[Any]:
    """Starts all at the same moment; what each returned, or raised."""
    start = threading.Barrier(len(functions))
    results: list[Any] = [None] * len(functions)

    def run(place: int, function: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = function()
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, function))
        for place, function in enumerate(functions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
