"""Old addresses of articles: they lead on only for those who may read what is there now."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.translation import get_language_from_path
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from kb.models import HelpPage


class HelpRedirectMiddleware(RedirectMiddleware):  # type: ignore[misc]
    """Wagtail's, which knows no reader: it would name the new address of a closed article.

    Redirects name pages, not addresses, so ten renamings later the first address still leads
    straight to the last one.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        target, permanent = _target(request)
        if not target or target == request.path:
            return response
        kind = HttpResponsePermanentRedirect if permanent else HttpResponseRedirect
        return kind(target)


def _target(request: HttpRequest) -> tuple[str, bool]:
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    found = _known(request, path)
    if found is not None:
        return _link(found, request), found.is_permanent
    # An English article is read below every language's prefix where it is not translated.
    language = get_language_from_path(request.path)
    if language:
        found = _known(request, path.removeprefix(f"/{language}"))
        if found is not None and found.redirect_page_id:
            link = _link(found, request)
            return (f"/{language}{link}" if link else ""), False
    return "", False


def _known(request: HttpRequest, path: str) -> Redirect | None:
    return get_redirect(request, path) or get_redirect(request, urlsplit(path).path)


def _link(found: Redirect, request: HttpRequest) -> str:
    if found.redirect_page_id and not _may_read(found.redirect_page, request.user):
        return ""
    return found.link or ""


def _may_read(page: Any, user: Any) -> bool:
    model = page.specific_class
    if model is not None and issubclass(model, HelpPage):
        return bool(model.objects.visible_to(user).filter(pk=page.pk).exists())
    return bool(page.live)
