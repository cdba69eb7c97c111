"""Atom feeds of lists: what is public, so that their addresses need no secret."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

ENTRIES = 30


def atom(request: HttpRequest, *, title: str, page: str) -> Atom1Feed:
    """An empty feed of the list at PAGE."""
    return Atom1Feed(
        title=title,
        link=request.build_absolute_uri(page),
        feed_url=request.build_absolute_uri(),
        description="",
        language=get_language(),
    )


def answer(feed: Atom1Feed) -> HttpResponse:
    body: Any = feed.writeString("utf-8")
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
