"""One view, two answers: the whole page, or the named fragment htmx asked for."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or only `template#fragment` when htmx asks and a fragment is named."""
    if fragment and getattr(request, "htmx", False):
        template = f"{template}#{fragment}"
    return render(request, template, context, status=status)


def only_asked(response: HttpResponse) -> HttpResponse:
    """A POST because a text is too long for an address: visitors' copies stay as good as before."""
    response.only_counted = True  # type: ignore[attr-defined]
    return response


def toast(response: HttpResponse, message: str, *, undo_url: str = "") -> HttpResponse:
    """Adds a toast that static/js/toast.js shows after an htmx swap."""
    detail = {"message": str(message), "undo": undo_url}
    response.headers["HX-Trigger"] = json.dumps({"toast": detail})
    return response
