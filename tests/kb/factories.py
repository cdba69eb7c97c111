"""Sections and articles as editors make them."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Collection

from kb.markdown_blocks import to_blocks
from kb.models import ArticlePage, SectionPage
from kb.tree import add_page

_numbers = count(1)
TEXT = "Intro.\n\n## First\n\nOne.\n\n## Second\n\nTwo."


def make_section(parent: SectionPage, title: str = "Mail", **fields: Any) -> SectionPage:
    page = SectionPage(title=title, locale_id=parent.locale_id, **fields)
    return add_page(parent, page)


def make_article(
    parent: SectionPage, title: str = "Set up mail", body: str = TEXT, **fields: Any
) -> ArticlePage:
    page = ArticlePage(title=title, locale_id=parent.locale_id, **fields)
    page.body = to_blocks(body, key=fields.get("slug", title))
    return add_page(parent, page)


def republish(page: Any, **fields: Any) -> Any:
    """A new revision with other values, published."""
    fresh = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def make_image(title: str = "A picture") -> Any:
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    file = io.BytesIO()
    Picture.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    name = f"picture-{next(_numbers)}.png"
    return get_image_model().objects.create(title=title, file=ImageFile(file, name=name))


def file_of(image: Any) -> str:
    """The name of the file that an article shows of it."""
    return str(image.get_rendition("width-1280|format-webp").file.name)
