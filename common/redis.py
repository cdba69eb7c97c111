"""The cache on Redis, which the site outlives: while it is away each process keeps its own."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, cast

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient

logger = logging.getLogger(__name__)

# One request tries again after this long; the others do not wait for it.
PAUSE_SECONDS = 5.0
PATIENCE_SECONDS = 0.5
# Counts of who did what how often are what must not be pushed out.
KEPT_ENTRIES = 20_000


class Breaker:
    """Shared by all threads of a process: Django makes a cache object for each of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_until: float | None = None

    def allows(self) -> bool:
        """Whether to try now; while Redis is away, one caller in a pause."""
        with self._lock:
            if self._away_until is None:
                return True
            now = time.monotonic()
            if now < self._away_until:
                return False
            self._away_until = now + PAUSE_SECONDS
            return True

    def failed(self, error: Exception) -> None:
        with self._lock:
            if self._away_until is None:
                logger.warning("Redis is away: %s. Each process keeps its own cache.", error)
            self._away_until = time.monotonic() + PAUSE_SECONDS

    def worked(self) -> None:
        if self._away_until is None:
            return
        with self._lock:
            self._away_until = None
        logger.warning("Redis is back.")


_breakers: dict[str, Breaker] = {}


class GuardedClient:
    """Django's client, or the process's own memory under the same keys."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError
        from redis.retry import Retry

        name = ",".join(servers)
        # One more try at once: a connection kept from before a restart of Redis is dead.
        quick = {
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
            "retry": Retry(NoBackoff(), 1),
        }
        self._error = RedisError
        self._redis = RedisCacheClient(servers, **{**quick, **options})
        self._breaker = _breakers.setdefault(name, Breaker())
        self._memory = LocMemCache(
            f"away:{name}",
            {
                "KEY_FUNCTION": lambda key, prefix, version: key,
                "OPTIONS": {"MAX_ENTRIES": KEPT_ENTRIES},
            },
        )

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            if self._breaker.allows():
                try:
                    answer = getattr(self._redis, name)(*arguments)
                except self._error as error:
                    self._breaker.failed(error)
                else:
                    self._breaker.worked()
                    return answer
            return getattr(self._memory, name)(*arguments)

        return call

    def ask(self) -> None:
        """Raises when Redis does not answer: for the health page, whatever the breaker says."""
        self._redis.get_client().ping()


class RedisCache(DjangoRedisCache):
    """Nothing here raises because Redis is away, and no limit opens: it is counted per process."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = GuardedClient  # type: ignore[assignment]  # it speaks as the client does

    def ask(self) -> None:
        cast("GuardedClient", self._cache).ask()
