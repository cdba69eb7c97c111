"""Is the process alive, and can it serve: for load balancers and people on call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.models import OutgoingMail
from common.redis import RedisCache
from jobs import health as jobs_health
from search import projection


@require_safe
@never_cache
@public
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
@public
def ready(request: HttpRequest) -> HttpResponse:
    """Database, cache, queue and mail; 503 when one that pages need is away."""
    parts = {
        "database": _database,
        "cache": _cache,
        "jobs": _jobs,
        "mail": _mail,
        "search": _search,
    }
    report = {name: _state(check) for name, check in parts.items()}
    # Without Redis each process keeps its own cache: reported, but no reason to take no visitors.
    needed = ("database",) if isinstance(caches["default"], RedisCache) else ("database", "cache")
    down = any(not report[name]["ok"] for name in needed)
    return JsonResponse({"ok": not down, "parts": report}, status=503 if down else 200)


def _state(check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"ok": True, **check()}
    except Exception as error:  # noqa: BLE001  a health page reports whatever breaks
        return {"ok": False, "error": type(error).__name__}


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _cache() -> dict[str, Any]:
    cache = caches["default"]
    if isinstance(cache, RedisCache):
        cache.ask()
    else:
        # A read is enough: a health check must not write on every call.
        cache.get("peerdesk.health")
    return {}


def _jobs() -> dict[str, Any]:
    return dict(jobs_health.figures())


def _mail() -> dict[str, Any]:
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count()
    return {"oldest_queued": oldest.isoformat() if oldest else None, "failed": failed}


def _search() -> dict[str, Any]:
    """Never a reason to take the site out: `sql` answers when a search server does not."""
    return projection.health()


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /search/",
        "Disallow: /accounts/",
        "Disallow: /support/cases/",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
