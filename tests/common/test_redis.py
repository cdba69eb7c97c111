"""The cache on Redis: counts hold, and the site outlives it (reliability R8)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from common import limits
from common import redis as module
from common.limits import limited
from config import env
from tests.access_table import TABLE
from tests.cast import Cast
from tests.factories import World
from tests.servers import closed_port, saying, services
from tests.site import client_of

LOGIN = "/accounts/login/"
READABLE = [row for row in TABLE if row.method == "GET"]
SignIn = Callable[..., Client]


class Clock:
    """Time passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    # Not what is tested here, and test machines are slow.
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 30)
    monkeypatch.setattr(limits, "LOCK_PATIENCE", 30)
    return made


@pytest.fixture
def use(settings: Any) -> Callable[[str], Any]:
    """Puts the default cache at an address, as CACHE_URL does."""

    def put(url: str) -> Any:
        settings.CACHES = {**settings.CACHES, "default": env.cache(url)}
        caches["default"].clear()
        return caches["default"]

    return put


@pytest.fixture
def cache(redis_url: str, use: Callable[[str], Any]) -> Any:
    return use(redis_url)


@pytest.fixture
def server(redis_url: str, use: Callable[[str], Any]) -> Iterator[Any]:
    """A Redis of this test's own, which it may stop and start."""
    with services().Redis(services().find_redis()) as own:
        use(own.url)
        yield own


def visitor(address: str = "192.0.2.1") -> HttpRequest:
    request = RequestFactory(REMOTE_ADDR=address).post("/")
    request.user = AnonymousUser()
    return request


def in_redis(cache: Any, key: str) -> Any:
    """Past the memory that stands in for it."""
    return cache._cache._redis.get(cache.make_key(key), None)


def guess(times: int, person: Any) -> None:
    """From a new address each time, so that only the count by person can stop it."""
    for number in range(times):
        Client(REMOTE_ADDR=f"10.0.1.{number}").post(
            LOGIN, {"login": person.email, "password": "wrong"}
        )


def can_sign_in(person: Any) -> bool:
    client = Client(REMOTE_ADDR="10.0.2.1")
    client.post(LOGIN, {"login": person.email, "password": "right and long"})
    return SESSION_KEY in client.session


@pytest.fixture
def mia(cast: Cast) -> Any:
    cast.mia.set_password("right and long")
    cast.mia.save()
    return cast.mia


@pytest.mark.parametrize("scheme", ["redis", "rediscache", "rediss"])
def test_every_address_of_redis_is_the_one_the_site_outlives(scheme: str) -> None:
    assert env.cache(f"{scheme}://127.0.0.1:6379/0")["BACKEND"] == "common.redis.RedisCache"
    assert env.cache("locmemcache://")["BACKEND"].endswith("LocMemCache")


@pytest.mark.redis
def test_what_was_put_there_is_found_again(cache: Any) -> None:
    cache.set("word", {"zażółć": [1, 2]}, 60)
    cache.set_many({"a": 1, "b": 2}, 60)
    assert cache.get("word") == {"zażółć": [1, 2]}
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.incr("a") == 2
    assert not cache.add("a", 7)
    assert cache.touch("a", 30)
    cache.delete_many(["a", "b"])
    assert "a" not in cache
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    cache.ask()


def race(times: int, settings: Any) -> int:
    """How many of so many requests at the same moment got through."""
    settings.RATE_LIMITS = {"post": "5/m/ip,50/h/ip"}
    start, passed = threading.Barrier(times), []

    def one() -> None:
        start.wait()
        if limited(visitor(), "post") is None:
            passed.append(1)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(passed)


@pytest.mark.redis
def test_requests_at_one_moment_are_all_counted(cache: Any, settings: Any) -> None:
    assert race(20, settings) == 5


def test_requests_at_one_moment_are_all_counted_in_memory(settings: Any) -> None:
    assert race(20, settings) == 5


def test_a_lock_that_stays_shut_refuses(settings: Any) -> None:
    settings.RATE_LIMITS = {"post": "5/m/ip"}
    caches["default"].add("limit:post:ip:192.0.2.1:lock", 1, 60)
    assert limited(visitor(), "post") == 1


@pytest.mark.redis
def test_nothing_stays_for_ever(cache: Any, settings: Any) -> None:
    settings.RATE_LIMITS = {"post": "2/m/ip,50/h/ip"}
    assert [limited(visitor(), "post") for _ in range(3)][:2] == [None, None]
    client = cache._cache._redis.get_client()
    kept = client.keys("*")
    assert len(kept) == 2
    assert all(0 < client.ttl(key) <= 3600 for key in kept)


@pytest.mark.redis
@pytest.mark.django_db
def test_signing_in_is_limited_through_redis(cache: Any, mia: Any) -> None:
    assert can_sign_in(mia)
    guess(6, mia)
    assert not can_sign_in(mia)


@pytest.mark.redis
@pytest.mark.django_db
def test_signing_in_stays_limited_when_redis_goes_away(server: Any, mia: Any) -> None:
    server.stop()
    guess(6, mia)
    assert not can_sign_in(mia)


@pytest.mark.redis
@pytest.mark.django_db
def test_away_and_back(server: Any, clock: Clock, cast: Cast, sign_in: SignIn) -> None:
    """Pages and sessions go on, and so does Redis once it is back."""
    member, page = sign_in(cast.mia), reverse("home:index")
    caches["default"].set("before", 1, 60)
    server.stop()
    for person in (member, Client()):
        assert person.get(page).status_code == 200
        assert person.get(reverse("search:results"), {"q": "kestrel"}).status_code == 200
    report = Client().get("/readyz")
    assert report.status_code == 200
    assert report.json()["parts"]["cache"]["ok"] is False
    caches["default"].set("meanwhile", 1, 60)
    assert caches["default"].get("meanwhile") == 1
    server.start()
    assert caches["default"].get("meanwhile") == 1
    clock.now += module.PAUSE_SECONDS
    assert caches["default"].get("before") is None
    assert Client().get("/readyz").json()["parts"]["cache"]["ok"] is True
    caches["default"].set("after", 1, 60)
    assert in_redis(caches["default"], "after") == 1
    assert member.get(page).status_code == 200
    assert SESSION_KEY in member.session


@pytest.mark.redis
@pytest.mark.django_db
def test_a_connection_from_before_a_restart_costs_nothing(server: Any) -> None:
    cache = caches["default"]
    cache.set("word", 1, 60)
    server.stop()
    server.start()
    cache.set("word", 2, 60)
    assert in_redis(cache, "word") == 2


@pytest.mark.django_db
def test_every_page_opens_without_redis(world: World, use: Callable[[str], Any]) -> None:
    use(f"redis://127.0.0.1:{closed_port()}/0")
    for person in ("anonymous", "mia", "root"):
        client = client_of(world.people[person])
        for row in READABLE:
            address = reverse(row.name, args=row.arguments(world, person))
            status = client.get(address, row.body(world, person)).status_code
            assert status < 500, f"{row} as {person}"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"-LOADING wait\r\n"])
def test_a_server_that_hangs_or_talks_rubbish_costs_one_wait(
    answer: bytes, use: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every wait is a call of its own, and a call may be made twice."""
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    with saying(answer) as said:
        cache = use(f"redis://127.0.0.1:{said.port}/0")
        for number in range(50):
            cache.set("word", number, 60)
            assert cache.get("word") == number
        assert len(said.callers) <= 2


def test_the_memory_it_falls_back_to_holds_a_crowd(use: Callable[[str], Any]) -> None:
    cache = use(f"redis://127.0.0.1:{closed_port()}/0")
    for number in range(1000):
        cache.set(f"limit:{number}", number, 60)
    assert cache.get("limit:0") == 0
