"""Error pages: the same for missing and forbidden, and one that needs nothing at all."""

from __future__ import annotations

import logging
import re
import sys
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render

logger = logging.getLogger("peerdesk.errors")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, also for what exists but is not for this person; search with the address's words."""
    parts = [part for part in unquote(request.path).split("/") if part]
    if parts and parts[0] in settings.INTERFACE_LANGUAGES:
        del parts[0]
    # The first part names a section of the site, not what was looked for.
    wanted = " ".join(parts[1:] or parts)
    words = " ".join(re.findall(r"[^\W\d_]{3,}", wanted))[:100]
    return render(request, "404.html", {"words": words}, status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", {}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or came from elsewhere: say so, and how to keep what was typed."""
    return render(request, "403_csrf.html", {}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a static page with an error number that also stands in the log."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _database_away()
    number = uuid.uuid4().hex[:10]
    logger.error("error number %s at %s", number, request.path)
    page = Path(settings.BASE_DIR / "templates" / "500.html").read_text(encoding="utf-8")
    return HttpResponseServerError(page.replace("{{ number }}", number))


def _database_away() -> HttpResponse:
    """Or locked for too long: nobody's fault, and over in a moment."""
    page = Path(settings.BASE_DIR / "templates" / "503.html").read_text(encoding="utf-8")
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})
