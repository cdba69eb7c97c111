"""The engine that settings.SEARCH_ENGINE names."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from django.conf import settings

from search.engines.base import Engine

_ENGINES = {
    "sql": "search.engines.sql.engine.SqlEngine",
    "elasticsearch": "search.engines.elasticsearch.engine.ElasticsearchEngine",
}


def names() -> list[str]:
    return list(_ENGINES)


def engine(name: str = "") -> Engine:
    return _engine(name or settings.SEARCH_ENGINE)


@lru_cache(maxsize=4)
def _engine(name: str) -> Engine:
    # Imported by name: an engine's client library is needed only where it is used.
    module, _, attribute = _ENGINES[name].rpartition(".")
    made: Engine = getattr(import_module(module), attribute)()
    return made
