"""Entries and the live index follow the things they show (SE-01, SE-15)."""

from __future__ import annotations

import pytest

from search.analysis.queries import query_words
from search.engines import engine
from search.engines.base import Query
from search.models import Collection
from search.projection import live, store
from search.registry import Document

pytestmark = pytest.mark.django_db


def test_a_stored_document_is_found_at_once() -> None:
    document = Document(
        kind="note", object_id="1", title="Reset a password", url="/n/1", body="Open the console."
    )
    engine().index(store([document]), live())
    words, pairs = query_words("password reset", ("en",))
    found = engine().search(Query(words=words, pairs=pairs), live())
    assert [hit.object_id for hit in found.hits] == ["1"]
    assert found.total == 1
    assert Collection.objects.count() == 1
