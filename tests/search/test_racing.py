"""Two transactions that touch one thing at once: search ends with what the later one wrote."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

import search
from products.models import Product
from search import projection, registry
from search.models import Entry
from search.registry import Document
from tests.racing import in_thread, race, racing
from tests.search.library import NoteSource

_SECONDS = 1.0


class Slow(NoteSource):
    """Whoever reads first goes on only when the other has changed the note, or cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.has_read, self.has_changed = threading.Event(), threading.Event()
        self.is_waiting = False

    def queryset(self) -> Any:
        return Product.objects.all()

    def document(self, obj: Product) -> Document:
        if self.is_waiting:
            self.is_waiting = False
            self.has_read.set()
            self.has_changed.wait(_SECONDS)
        return Document(
            kind=self.kind, object_id=str(obj.pk), title=obj.names["en"], body="", url="/n/1"
        )

    def visible_to(self, viewer: Any) -> Any:
        return Product.objects.all()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    source = Slow()
    monkeypatch.setattr(registry, "_sources", {source.kind: source})
    return source


def _make() -> int:
    product = Product.objects.create(code="raced", names={"en": "Before"})
    with transaction.atomic():
        search.refresh(product)
    return product.pk


def _change(source: Slow, pk: int) -> None:
    source.has_read.wait(_SECONDS)
    with transaction.atomic():
        product = Product.objects.get(pk=pk)
        product.names = {"en": "After"}
        product.save(update_fields=["names"])
        search.refresh(product)
    source.has_changed.set()


def _refresh(pk: int) -> None:
    with transaction.atomic():
        search.refresh(Product.objects.get(pk=pk))


def _project(source: Slow) -> None:
    projection._project(source, lambda *said: None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reading", ["a refresh", "a rebuild"])
def test_what_was_read_before_a_change_is_not_written_after_it(
    tmp_path: Path, slow: Slow, reading: str
) -> None:
    """Reliability 5: a changed word, and a changed right, counts at once and stays."""
    with racing(tmp_path, Product, *apps.get_app_config("search").get_models()):
        pk = in_thread(_make)
        slow.is_waiting = True
        first = partial(_refresh, pk) if reading == "a refresh" else partial(_project, slow)
        assert race([first, partial(_change, slow, pk)]) == [None, None]
        assert in_thread(lambda: Entry.objects.get().title) == "After"
