"""Servers that a test starts and kills itself: those of scripts/services.py, as make test has them."""

from __future__ import annotations

import importlib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings


def services() -> Any:
    folder = str(Path(settings.BASE_DIR) / "scripts")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("services")


_held: list[socket.socket] = []


def closed_port() -> int:
    """Nobody listens there, nor will: the port is held, or it might be another's a moment later."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    return int(held.getsockname()[1])


@dataclass
class Said:
    port: int
    callers: list[socket.socket] = field(default_factory=list)


@contextmanager
def saying(answer: bytes) -> Iterator[Said]:
    """A server that says the same to whoever calls; nothing at all when empty."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        said = Said(server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                    said.callers.append(caller)
                    if answer:
                        caller.recv(1000)
                        caller.sendall(answer)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield said
        server.shutdown(socket.SHUT_RDWR)
        for caller in said.callers:
            caller.close()
