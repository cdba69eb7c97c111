"""Headers that every answer carries, and what a refused action looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from common.errors import Refused
from common.languages import spoken

GetResponse = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS_POLICY = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
)


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        return response


class ContentLanguageMiddleware:
    """Names the language of what is delivered: Django would name the one of the address.

    Where the interface is not translated, a page under /de/ is English but for its content; a view
    that shows content of one language says so itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", spoken())
        return response


class CachingHeadersMiddleware:
    """Signed-in pages are private; signed-out pages are shared and revalidated."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
        if "Cache-Control" not in response.headers:
            user = getattr(request, "user", None)
            signed_in = user is not None and user.is_authenticated
            reads = request.method in {"GET", "HEAD"} and response.status_code == 200
            # The form's cookie is added further out; it is on its way already.
            has_form = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
            if signed_in or not reads or response.cookies or has_form:
                response.headers["Cache-Control"] = "private, no-store"
            else:
                response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        return response


class RefusedMiddleware:
    """An action's Refused becomes a page with its message; so does what the database refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            message: Any = error.message
        elif isinstance(error, ProtectedError):
            # Wagtail looks for uses in an index of its own, which knows pages and little else.
            message = _("This is still used, so it cannot be deleted.")
        else:
            return None
        template = "409.html#message" if request.headers.get("HX-Request") else "409.html"
        context = {"message": message, "back": page_before(request)}
        return render(request, template, context, status=409)


def page_before(request: HttpRequest) -> str:
    """The page whose form was sent, as it stands now; empty when the browser does not say."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return ""
    parts = urlsplit(before)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # An address that takes forms alone leads nowhere.
    return "" if path == request.get_full_path() or path.startswith("//") else path
