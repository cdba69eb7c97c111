"""Conditional answers for visitors: a page nobody changed costs one small query."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from common.middleware import GetResponse
from home.models import SiteVersion

# "12 min ago" and what jobs change may be this many seconds old.
BUCKET = 60
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class VisitorCacheMiddleware:
    """ETags for requests without cookies, made of the site's version and the minute.

    Coarse on purpose: whatever anybody writes makes every page new, so no action can forget
    to say what it changed. Stands outside sessions; the pages say `Vary` themselves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE:
            response = self.get_response(request)
            # What is refused changes nothing: strangers' attempts must not write, nor empty caches.
            # Nor does a count that no page shows (search/editing/seen.py).
            if response.status_code < 400 and not getattr(response, "only_counted", False):
                raise_version()
            return response
        if request.method not in {"GET", "HEAD"} or request.COOKIES or not _is_page(request):
            return self.get_response(request)
        tag = _etag(request)
        if tag in request.headers.get("If-None-Match", ""):
            return _not_modified(tag)
        response = self.get_response(request)
        if response.status_code == 200 and "public" in response.headers.get("Cache-Control", ""):
            response.headers.setdefault("ETag", tag)
        return response


def _is_page(request: HttpRequest) -> bool:
    """Files bring their own validators; whether the site is alive is asked without its database."""
    prefixes = (settings.STATIC_URL, settings.MEDIA_URL, "/admin/", "/uploads/", "/healthz")
    return not request.path.startswith(prefixes)


def raise_version() -> None:
    if not SiteVersion.objects.filter(pk=1).update(number=F("number") + 1):
        SiteVersion.objects.get_or_create(pk=1, defaults={"number": 1})


def _etag(request: HttpRequest) -> str:
    number = SiteVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    parts = (
        settings.RELEASE,
        str(number),
        str(int(time.time()) // BUCKET),
        request.get_full_path(),
        request.headers.get("Accept-Language", ""),
        request.headers.get("HX-Request", ""),
    )
    return f'W/"{hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()}"'


def _not_modified(tag: str) -> HttpResponse:
    response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response
