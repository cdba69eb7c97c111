"""A progress line for commands that take longer than a moment."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """Rewrites one line on a terminal; in a log it writes a line every ten seconds."""

    def __init__(self, label: str, total: int | None = None, stream: TextIO | None = None) -> None:
        self.label, self.total = label, total
        self.stream = stream or sys.stderr
        self.done = 0
        self._begin = time.monotonic()
        self._last = 0.0

    def tick(self, count: int = 1) -> None:
        self.done += count
        now = time.monotonic()
        live = self.stream.isatty()
        if now - self._last < (0.2 if live else 10):
            return
        self._last = now
        self.stream.write(("\r" if live else "") + self._line() + ("" if live else "\n"))
        self.stream.flush()

    def finish(self) -> None:
        end = "\r" if self.stream.isatty() else ""
        self.stream.write(f"{end}{self._line()} in {time.monotonic() - self._begin:.1f} s\n")
        self.stream.flush()

    def _line(self) -> str:
        share = f"/{self.total} ({100 * self.done // self.total} %)" if self.total else ""
        return f"{self.label}: {self.done}{share}"
