"""The public API at /api/v1/."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from home.api import api


def _with_head(pattern: Any) -> Any:
    """Answers HEAD as GET: ninja knows only the methods that it is told."""
    view: Callable[..., HttpResponse] = pattern.callback

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "HEAD":
            return view(request, *args, **kwargs)
        request.method = "GET"
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = "HEAD"

    pattern.callback = answered
    return pattern


_patterns, _app, _namespace = api.urls
urlpatterns = [path("", ([_with_head(pattern) for pattern in _patterns], _app, _namespace))]
