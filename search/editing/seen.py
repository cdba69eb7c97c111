"""Where the results page tells what was seen and opened (docs/decisions/0004-query-log.md)."""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import urlsplit

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import public
from common.limits import address_of, check_limit
from search.editing import log
from search.editing.masking import kept
from search.syntax import MAX_LENGTH, parse

# A search told again – by a reload, by the next page, or by somebody who wants to be counted
# often – counts once from an address, however many pages were loaded for it.
_ONCE = 24 * 3600


@require_POST
@csrf_exempt
@never_cache
@public
def seen(request: HttpRequest) -> HttpResponse:
    """No cookie is looked at: what counts is that one of our own pages says it."""
    if not _is_own_page(request):
        return HttpResponse(status=403)
    check_limit(request, "seen")
    event = request.POST.get("event", "")
    if event == "helpful":
        _helpful(request)
    else:
        found = log.Seen.read(request.POST.get("token", ""))
        if found is None:
            return HttpResponse(status=403)
        _count(request, event, found)
    response = HttpResponse(status=204)
    # No page shows these counts, so none is out of date because of them.
    response.only_counted = True  # type: ignore[attr-defined]
    return response


def _count(request: HttpRequest, event: str, found: log.Seen) -> None:
    key, said = _key(request), (str(found.day), found.language, found.text)
    if event in {"search", "pick"} and _is_new(request, *said, event):
        log.count_search(found)
    if event in {"click", "pick"} and key in found.shown and _is_new(request, *said, "click", *key):
        log.count_click(found, key, is_first=_is_new(request, *said, "first"))


def _helpful(request: HttpRequest) -> None:
    """The article's page knows the search it was opened from by its address alone."""
    query = parse(request.POST.get("q", "")[:MAX_LENGTH]).text
    language, key = get_language() or "en", _key(request)
    if query and _is_new(request, language, kept(query), "helpful", *key):
        log.count_helpful(query, language, key)


def _key(request: HttpRequest) -> log.Key:
    kind, _, object_id = request.POST.get("hit", "")[:90].partition(" ")
    return kind.replace("\x00", ""), object_id.replace("\x00", "")


def _is_new(request: HttpRequest, *what: str) -> bool:
    """Kept in memory for a day, as a digest: who it was cannot be read from it."""
    said = "\n".join((address_of(request), *what)).encode(errors="replace")
    digest = blake2b(said, digest_size=12).hexdigest()
    return caches["memory"].add(f"seen:{digest}", 1, _ONCE)


def _is_own_page(request: HttpRequest) -> bool:
    """Browsers say where a request comes from; what says nothing is no browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
