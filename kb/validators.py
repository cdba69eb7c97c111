"""The ETag of readers' pages: visitors without a cookie share one, from one small query."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from kb.editions import current


def etag(request: HttpRequest, **_kwargs: Any) -> str | None:
    """None for everybody else: their pages are private and never kept.

    The hour is in it because rows say how long ago something was, and because the questions
    beside a section change without the help centre.
    """
    if request.COOKIES or request.user.is_authenticated:
        return None
    parts = (
        _release(),
        current(),
        get_language(),
        request.get_full_path(),
        request.headers.get("HX-Request", ""),
        timezone.now().strftime("%Y-%m-%d %H"),
    )
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]
    return f'W/"{digest}"'


@functools.cache
def _release() -> str:
    """Changes with any template, style, script or translation."""
    root = Path(settings.BASE_DIR)
    newest = 0
    for folder in ("templates", "static/css", "static/js", "locale"):
        for path in (root / folder).rglob("*"):
            newest = max(newest, path.stat().st_mtime_ns)
    return str(newest)
