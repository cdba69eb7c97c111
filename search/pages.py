"""Wagtail tells of pages by signals; and whatever is deleted leaves search."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from common.errors import Refused
from products.models import Product
from search import projection, registry
from search.models import Entry


def connect() -> None:
    page_published.connect(_changed, dispatch_uid="search.published")
    page_unpublished.connect(_changed, dispatch_uid="search.unpublished")
    post_page_move.connect(_moved, dispatch_uid="search.moved")
    page_slug_changed.connect(_moved, dispatch_uid="search.slug_changed")
    # Not of all models: where anybody listens, Django deletes what it has read before, row by row,
    # and no longer what its condition says at that moment.
    for source in registry.sources():
        uid = f"search.deleted.{source.kind}"
        post_delete.connect(_deleted, sender=source.model, dispatch_uid=uid)
    pre_delete.connect(_product_goes, sender=Product, dispatch_uid="search.product")


def _changed(sender: Any, instance: Page, **kwargs: Any) -> None:
    projection.refresh(instance.specific)


def _moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Addresses, and with sections visibility, of all pages below change, too."""
    below = Page.objects.filter(path__startswith=instance.path, depth__gte=instance.depth)
    projection.refresh(*below.specific().iterator(200))


def _deleted(sender: Any, instance: Model, **kwargs: Any) -> None:
    source = registry.source_of(instance)
    if source is not None and instance.pk is not None:
        projection.remove([(source.kind, str(instance.pk))])


def _product_goes(sender: Any, instance: Product, **kwargs: Any) -> None:
    """Entries, filters and addresses name a product by its code, which would lead nowhere."""
    if Entry.objects.filter(product=instance.code).exists():
        raise Refused(
            _("“%(name)s” still has articles, questions, ideas or cases. Switch it off instead.")
            % {"name": instance.name}
        )
