"""Processes of our own: ports for them, waiting until they answer, and stopping them by pid."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable

Process = "subprocess.Popen[bytes]"

# Below those that a system hands to outgoing connections: one of these could take a port while
# its server is down, or even be connected to itself by somebody who waits for the server.
_PORTS = range(20_000, 32_000)


# Whatever proxy the machine uses for the world: these servers are here.
open_here = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class DidNotStart(RuntimeError):
    pass


def free_ports(count: int) -> list[int]:
    """Nobody listens there now, and nobody is given them by chance."""
    found: list[int] = []
    while len(found) < count:
        port = random.choice(_PORTS)  # noqa: S311
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait(
    name: str,
    is_ready: Callable[[], bool],
    *,
    seconds: float,
    processes: Iterable[Process | None] = (),
    said: Callable[[], str] = lambda: "",
) -> None:
    """Until it answers; raises when that takes too long, or when one of PROCESSES ends before."""
    until = time.monotonic() + seconds
    while not is_ready():
        if any(process is not None and process.poll() is not None for process in processes):
            raise DidNotStart(f"{name} stopped while starting.\n{said()}".strip())
        if time.monotonic() > until:
            raise DidNotStart(
                f"{name} did not get ready in {seconds:.0f} seconds.\n{said()}".strip()
            )
        time.sleep(0.1)


def end(
    *processes: Process | None, by: signal.Signals = signal.SIGTERM, seconds: float = 20
) -> None:
    """All at once are told to stop; whoever does not is killed."""
    running = [process for process in processes if process is not None]
    for process in running:
        if process.poll() is None:
            process.send_signal(by)
    for process in running:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
