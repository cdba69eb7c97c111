"""Pages that jobs publish, take back or move make visitors' pages new; no request tells of them."""

from __future__ import annotations

from typing import Any

from wagtail.signals import page_published, page_unpublished, post_page_move

from home.caching import raise_version


def connect() -> None:
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_changed, dispatch_uid="home.pages_changed")


def _changed(sender: Any, **kwargs: Any) -> None:
    raise_version()
