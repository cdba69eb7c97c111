from __future__ import annotations

from collections.abc import Iterator

import pytest

from search import registry
from tests.search.library import Library, NoteSource


@pytest.fixture
def library(db: None) -> Iterator[Library]:
    source = NoteSource()
    registry._sources["note"] = source
    yield Library(source)
    registry.unregister("note")
