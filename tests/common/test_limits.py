"""Rate limits by person and address, also behind proxies (MO-04)."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from accounts.access import member
from accounts.models import User
from common.errors import Refused
from common.limits import (
    Limited,
    LimitedMiddleware,
    Rate,
    address_of,
    check_limit,
    limit,
    limited,
    parse,
)
from common.middleware import RefusedMiddleware


@pytest.fixture(autouse=True)
def rates(settings: Any) -> None:
    settings.RATE_LIMITS = {
        "vote": "2/m/user,3/h/user",
        "search": "2/m/ip",
        "free": "",
    }


def request_of(user: Any = None, address: str = "192.0.2.1", **meta: str) -> HttpRequest:
    request = RequestFactory(REMOTE_ADDR=address, **meta).post("/")
    request.user = user or AnonymousUser()
    return request


def person(pk: int) -> User:
    return User(pk=pk, email=f"p{pk}@people.example")


def test_the_notation_is_allauths() -> None:
    assert parse("6/m/user, 60/h/ip") == (Rate(6, 60, "user"), Rate(60, 3600, "ip"))
    assert parse("5/10m") == (Rate(5, 600, "ip"),)
    assert parse("") == ()


def test_one_too_many_is_told_how_long_to_wait() -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as clock:
        assert limited(request_of(person(1)), "vote") is None
        clock.shift(20)
        assert limited(request_of(person(1)), "vote") is None
        assert limited(request_of(person(1)), "vote") == 40
        clock.shift(39)
        assert limited(request_of(person(1)), "vote") == 1
        clock.shift(1)
        assert limited(request_of(person(1)), "vote") is None


def test_the_longer_limit_holds_after_the_shorter_is_over() -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as clock:
        for _ in range(3):
            assert limited(request_of(person(1)), "vote") is None
            clock.shift(61)
        assert limited(request_of(person(1)), "vote") == 3600 - 3 * 61


def test_a_refused_try_does_not_prolong_the_wait() -> None:
    with time_machine.travel("2026-11-02 10:00Z", tick=False) as clock:
        for _ in range(2):
            limited(request_of(person(1)), "vote")
        for _ in range(10):
            assert limited(request_of(person(1)), "vote") is not None
        clock.shift(60)
        assert limited(request_of(person(1)), "vote") is None


def test_people_have_shares_of_their_own() -> None:
    for pk in (1, 2, 3):
        for _ in range(2):
            assert limited(request_of(person(pk)), "vote") is None


def test_visitors_are_counted_by_address() -> None:
    for _ in range(2):
        assert limited(request_of(), "vote") is None
    assert limited(request_of(), "vote") is not None
    assert limited(request_of(address="192.0.2.2"), "vote") is None


def test_a_name_without_rate_is_free() -> None:
    assert all(
        limited(request_of(), name) is None for name in ("free", "unknown") for _ in range(9)
    )


def test_search_is_counted_in_memory(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "tests.common.test_limits.Forbidden"},
        "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
    assert limited(request_of(), "search") is None


def test_an_ipv6_home_is_one_visitor() -> None:
    first, second = "2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::9"
    assert address_of(request_of(address=first)) == address_of(request_of(address=second))
    assert address_of(request_of(address="2001:db8:1:3::1")) != address_of(
        request_of(address=first)
    )
    assert address_of(request_of(address="::ffff:192.0.2.7")) == "192.0.2.7"


def test_a_header_counts_only_behind_a_known_proxy(settings: Any) -> None:
    forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.4"}
    assert address_of(request_of(**forged)) == "192.0.2.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(request_of(**forged)) == "198.51.100.4"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert address_of(request_of(**forged)) == "203.0.113.9"


@pytest.mark.parametrize("address", ["", "nonsense", "999.1.1.1"])
def test_a_strange_address_is_still_counted(address: str) -> None:
    assert address_of(request_of(address=address)) == "unknown"


@limit("vote")
def vote(request: HttpRequest) -> HttpResponse:
    return HttpResponse("counted")


def test_a_guarded_view_counts_posts_only() -> None:
    get = RequestFactory().get("/")
    get.user = person(1)
    for _ in range(9):
        assert vote(get).content == b"counted"
    for _ in range(2):
        vote(request_of(person(1)))
    with pytest.raises(Limited) as caught:
        vote(request_of(person(1)))
    assert 1 <= caught.value.seconds <= 60


def test_strangers_at_a_door_spend_nothing() -> None:
    guarded = member(vote)
    for _ in range(9):
        assert guarded(request_of()).status_code == 302


def test_a_form_catches_it_like_any_refusal() -> None:
    """So that it can show the sentence and keep what was typed."""
    for _ in range(2):
        check_limit(request_of(person(1)), "vote")
    with pytest.raises(Refused, match=r"Try again in \d+ second") as caught:
        check_limit(request_of(person(1)), "vote")
    assert caught.value.code == "limited"


def test_long_waits_are_told_in_minutes() -> None:
    assert "in 2 minutes" in str(Limited(91).message)
    assert "in 60 minutes" in str(Limited(3599).message)
    assert "in 1 second." in str(Limited(1).message)
    assert "in 23 hours" in str(Limited(22 * 3600 + 1).message)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_answer_is_a_429_page_with_retry_after(rf: RequestFactory, language: str) -> None:
    request = rf.post("/")
    request.user = AnonymousUser()
    with translation.override(language):
        answer = LimitedMiddleware(vote).process_exception(request, Limited(30))
    assert answer
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"30" in answer.content
    assert answer.content.count(b"That was a lot") <= 1, "the heading says something else"
    assert LimitedMiddleware(vote).process_exception(request, ValueError()) is None


@pytest.mark.django_db
def test_who_only_looked_is_not_told_of_typed_words(rf: RequestFactory) -> None:
    for request, has_typed in ((rf.get("/"), False), (rf.post("/"), True)):
        request.user = AnonymousUser()
        for answer in (
            LimitedMiddleware(vote).process_exception(request, Limited(30)),
            RefusedMiddleware(vote).process_exception(request, Refused("No.")),
        ):
            assert answer
            assert (b"what you typed is still there" in answer.content) is has_typed


@pytest.mark.django_db
def test_the_page_leads_back_to_where_one_was(rf: RequestFactory) -> None:
    request = rf.post("/ideas/1/-/vote/", HTTP_REFERER="http://testserver/ideas/1/better-maps")
    request.user = AnonymousUser()
    answer = LimitedMiddleware(vote).process_exception(request, Limited(30))
    assert answer
    assert b'href="/ideas/1/better-maps"' in answer.content


class Forbidden:
    """A cache nobody may use."""

    def __init__(self, *args: Any) -> None: ...

    def get(self, key: str, default: Any = None) -> Any:
        raise AssertionError("search limits must not reach the shared cache")
