"""Findable things for tests: notes kept as products, whose documents the test writes itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

import search
from products.models import Product
from search.query import tokens_of
from search.registry import Document, Source


class NoteSource(Source[Product]):
    kind = "note"
    model = Product
    label = "Notes"
    mark = "article"
    words = ("notes",)

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        # Ids whose rows refuse everybody, although their tokens say otherwise.
        self.refused: set[str] = set()

    def queryset(self) -> QuerySet[Product]:
        return Product.objects.filter(pk__in=list(self.documents))

    def document(self, obj: Product) -> Document | None:
        return self.documents.get(str(obj.pk))

    def visible_to(self, viewer: Any) -> QuerySet[Product]:
        held = tokens_of(viewer or AnonymousUser())
        seen = [
            pk
            for pk, document in self.documents.items()
            if document.tokens & held and pk not in self.refused
        ]
        return Product.objects.filter(pk__in=seen)


class Library:
    """Adds, changes and removes notes as an app's actions would."""

    def __init__(self, source: NoteSource) -> None:
        self.source = source

    def add(self, title: str, body: str = "", **more: Any) -> str:
        count = Product.objects.count() + 1
        product = Product.objects.create(code=f"n{count}-{id(title)}", names={"en": "A note"})
        pk = str(product.pk)
        self.source.documents[pk] = Document(
            kind=self.source.kind, object_id=pk, title=title, body=body, url=f"/notes/{pk}", **more
        )
        search.refresh(product)
        return pk

    def change(self, pk: str, **more: Any) -> None:
        self.source.documents[pk] = replace(self.source.documents[pk], **more)
        search.refresh(Product.objects.get(pk=pk))

    def withdraw(self, pk: str) -> None:
        del self.source.documents[pk]
        search.refresh(Product.objects.get(pk=pk))
