"""Stops asking a server that does not answer, and looks again from time to time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 5
PAUSE = 30.0


class Breaker:
    """Opens after FAILURES in a row; then one caller every PAUSE seconds is let through."""

    def __init__(
        self,
        failures: int = FAILURES,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._looked_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._looked_at is not None

    @property
    def is_in_doubt(self) -> bool:
        """The last one did not get an answer."""
        return self._failures > 0

    def allows(self) -> bool:
        with self._lock:
            if self._looked_at is None:
                return True
            now = self._clock()
            if now - self._looked_at < self._pause:
                return False
            # Whoever asks next waits again, whether or not this probe ever comes back.
            self._looked_at = now
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self._looked_at = None

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._limit:
                self._looked_at = self._clock()
