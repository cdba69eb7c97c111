"""Rate limits: how often a person or an address may do something (MO-04)."""

from __future__ import annotations

import functools
import ipaddress
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext

from common.errors import Refused
from common.middleware import page_before

View = Callable[..., HttpResponseBase]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Counted per process: a read page must not write to a database (architecture.md section 4).
IN_MEMORY = frozenset({"api", "search", "seen", "preview"})
IPV6_PREFIX = 64
# A holder that died frees its lock after so long; whoever waits longer than this is refused.
LOCK_SECONDS = 10
LOCK_PATIENCE = 1.0


class Rate(NamedTuple):
    amount: int
    seconds: int
    per: str


class Limited(Refused):
    """Too often; a form may catch it as Refused and keep what was typed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(_sentence(seconds), code="limited")
        self.seconds = seconds


def _sentence(seconds: int) -> str:
    if seconds < 90:
        return ngettext(
            "That was a lot at once. Try again in %(count)s second.",
            "That was a lot at once. Try again in %(count)s seconds.",
            seconds,
        ) % {"count": seconds}
    if seconds > 90 * 60:
        hours = math.ceil(seconds / 3600)
        return ngettext(
            "That was a lot for one day. Try again in %(count)s hour.",
            "That was a lot for one day. Try again in %(count)s hours.",
            hours,
        ) % {"count": hours}
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "That was a lot at once. Try again in %(count)s minute.",
        "That was a lot at once. Try again in %(count)s minutes.",
        minutes,
    ) % {"count": minutes}


@functools.cache
def parse(notation: str) -> tuple[Rate, ...]:
    """`6/m/user,60/h/ip` in allauth's notation; `5/10m` is per address."""
    rates = []
    for part in filter(None, (part.strip() for part in notation.split(","))):
        amount, duration, *per = part.split("/")
        seconds = int(duration[:-1] or 1) * UNITS[duration[-1]]
        rates.append(Rate(int(amount), seconds, per[0] if per else "ip"))
    return tuple(rates)


def limited(request: HttpRequest, name: str) -> int | None:
    """Counts one use of NAME; the seconds to wait when it is one too many (which costs nothing)."""
    cache: BaseCache = caches["memory" if name in IN_MEMORY else "default"]
    rates = [(rate, _who(request, rate.per)) for rate in parse(settings.RATE_LIMITS.get(name, ""))]
    with ExitStack() as stack:
        # In one order, so that two requests never wait for each other.
        for who in sorted({who for _, who in rates}):
            if not stack.enter_context(_alone(cache, f"limit:{name}:{who}:lock")):
                return 1
        return _count(cache, name, rates)


def _count(cache: BaseCache, name: str, rates: list[tuple[Rate, str]]) -> int | None:
    now = time.time()
    used: dict[str, tuple[list[float], int]] = {}
    wait = 0.0
    for rate, who in rates:
        key = f"limit:{name}:{rate.amount}:{rate.seconds}:{who}"
        stamps = [stamp for stamp in cache.get(key) or [] if stamp > now - rate.seconds]
        wait = max(wait, seconds_left(stamps, rate, now))
        used[key] = ([*stamps, now], rate.seconds)
    if wait:
        return max(1, math.ceil(wait))
    for key, (stamps, seconds) in used.items():
        cache.set(key, stamps, seconds)
    return None


def seconds_left(stamps: Sequence[float], rate: Rate, now: float) -> float:
    """Until RATE allows one more than the uses at STAMPS, which rise; 0 if it does now."""
    recent = [stamp for stamp in stamps if stamp > now - rate.seconds]
    return recent[-rate.amount] + rate.seconds - now if len(recent) >= rate.amount else 0.0


@contextmanager
def _alone(cache: BaseCache, key: str) -> Iterator[bool]:
    """Twenty requests at once must not all read the same count; False: it did not get quiet."""
    patience = time.monotonic() + LOCK_PATIENCE
    while not cache.add(key, 1, LOCK_SECONDS):
        if time.monotonic() > patience:
            yield False
            return
        time.sleep(0.01)
    try:
        yield True
    finally:
        cache.delete(key)


def check_limit(request: HttpRequest, name: str) -> None:
    """Raises Limited, which the middleware turns into the 429 page."""
    seconds = limited(request, name)
    if seconds is not None:
        raise Limited(seconds)


def check_vote(request: HttpRequest, *, on: bool) -> None:
    """Giving votes is what has a narrow limit (FO-02); who erred may take it back."""
    check_limit(request, "vote" if on else "mark")


def limit(name: str, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Guards a view; stands below the door, so that strangers spend nobody's share."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                check_limit(request, name)
            return view(request, *args, **kwargs)

        return inner

    return decorate


def _who(request: HttpRequest, per: str) -> str:
    user = getattr(request, "user", None)
    if per == "user" and user is not None and user.is_authenticated:
        return f"user:{user.pk}"
    return f"ip:{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """The visitor's address behind TRUSTED_PROXY_COUNT proxies; a /64 stands for an IPv6 home."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        # A server on a socket, or a broken proxy: all of them share one count.
        return "unknown"
    if address.version == 6:
        mapped = getattr(address, "ipv4_mapped", None)
        if mapped:
            return str(mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False).network_address)
    return str(address)


class LimitedMiddleware:
    """Limited becomes a 429 page with Retry-After; stands after RefusedMiddleware in settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Limited):
            return None
        template = "429.html#message" if request.headers.get("HX-Request") else "429.html"
        context = {"message": error.message, "back": page_before(request)}
        response = render(request, template, context, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        response.headers["Cache-Control"] = "private, no-store"
        return response
