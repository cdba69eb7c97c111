"""Starts real servers for tests: on 127.0.0.1, on free ports, stopped by pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

import elasticsearch_install
from children import end, free_ports, wait
from elasticsearch_node import Cluster

# A busy machine with a slow disk takes its time.
START_SECONDS = 60


def find_chromium() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    return None


def find_postgres() -> Path | None:
    """The folder that holds initdb and postgres, newest version first."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def find_redis() -> str | None:
    return shutil.which("redis-server")


def no_elasticsearch() -> str:
    """Why a real Elasticsearch cannot run here; empty when it can. May download it, once."""
    try:
        elasticsearch_install.install()
    except elasticsearch_install.NotAvailable as problem:
        return str(problem)
    return ""


class Elasticsearch(Cluster):
    """One throw-away node."""

    @property
    def url(self) -> str:
        return self.nodes[0].url


class ElasticsearchCluster(Cluster):
    """Three throw-away nodes of which one may be lost; `nodes[n].kill()` loses it."""

    def __init__(self) -> None:
        super().__init__(size=3, heap="256m")


class Postgres:
    """A throw-away PostgreSQL server; as root it runs as the user postgres."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        [self.port] = free_ports(1)
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Postgres:
        self.folder = Path(tempfile.mkdtemp(prefix="peerdesk-pg-"))
        self.account = self._account()
        if self.account:
            shutil.chown(self.folder, *self.account)
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "-N")  # fmt: skip
        self.process = subprocess.Popen(
            [
                str(self.binaries / "postgres"), "-D", str(data), "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "fsync=off", "-c", "max_connections=60",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self._as(),
        )  # fmt: skip
        try:
            wait("PostgreSQL", self._answers, seconds=START_SECONDS, processes=[self.process])
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end(self.process, by=signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _account(self) -> tuple[str, str] | None:
        if os.geteuid() != 0:
            return None
        pwd.getpwnam("postgres")  # Debian's package makes it; initdb refuses root
        return ("postgres", "postgres")

    def _as(self) -> dict[str, object]:
        if not self.account:
            return {}
        return {"user": self.account[0], "group": self.account[1], "extra_groups": []}

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / name), *arguments],
            check=True, stdout=subprocess.DEVNULL, cwd="/", **self._as(),
        )  # fmt: skip

    def _answers(self) -> bool:
        """Its port is open before it takes connections."""
        asked = subprocess.run(
            [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
            check=False, cwd="/",
        )  # fmt: skip
        return asked.returncode == 0


class Redis:
    """A throw-away Redis that writes nothing to disk; may be stopped and started again."""

    def __init__(self, binary: str) -> None:
        self.binary = binary
        [self.port] = free_ports(1)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Redis:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                self.binary, "--port", str(self.port), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--dir", tempfile.gettempdir(),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait("Redis", self._answers, seconds=START_SECONDS, processes=[self.process])
        except BaseException:
            self.stop()
            raise

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as caller:
                caller.sendall(b"PING\r\n")
                return caller.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self) -> None:
        end(self.process)
        self.process = None
