"""Elasticsearch nodes on 127.0.0.1 for tests and development: started, killed, stopped by pid."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from elasticsearch_install import SOURCES, install

START_SECONDS = 120


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class Node:
    """One Java process. It ends with us even when we are killed: it reads our end of a pipe."""

    def __init__(self, name: str, folder: Path, http: int, transport: int, heap: str) -> None:
        self.name, self.folder, self.heap = name, folder, heap
        self.http, self.transport = http, transport
        self.url = f"http://127.0.0.1:{http}"
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, cluster: str, peers: list[Node], roles: str) -> None:
        lines = {
            "cluster.name": cluster,
            "node.name": self.name,
            "network.host": "127.0.0.1",
            "http.port": self.http,
            "transport.port": self.transport,
            "path.data": json.dumps(str(self.folder / "data")),
            "path.logs": json.dumps(str(self.folder / "logs")),
            # A development machine's disk is often nearly full, and then every index is read-only.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        if len(peers) > 1:
            lines["discovery.seed_hosts"] = json.dumps(
                [f"127.0.0.1:{peer.transport}" for peer in peers]
            )
            # Alone allowed to begin, so that the first master is one that also holds data.
            lines["cluster.initial_master_nodes"] = json.dumps([peers[0].name])
        else:
            lines["discovery.type"] = "single-node"
        if roles:
            lines["node.roles"] = roles
        config = self.folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{key}: {value}\n" for key, value in lines.items())
        (config / "elasticsearch.yml").write_text(text)
        shutil.copy(SOURCES / "log4j2.properties", config)

    def start(self) -> None:
        home = install()
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    "java", f"-Xms{self.heap}", f"-Xmx{self.heap}", "-XX:+ExitOnOutOfMemoryError",
                    "-XX:-UsePerfData", "-Dlog4j2.disable.jmx=true",
                    f"-Djava.io.tmpdir={self.folder / 'tmp'}",
                    f"-Des.path.conf={self.folder / 'config'}",
                    "--module-path", str(home / "lib"),
                    "--add-modules", "ALL-MODULE-PATH,jdk.net",
                    "-cp", str(home / "launcher"),
                    "Launcher", str(home), str(self.folder / "config"), self.name,
                ],
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError(f"{self.name} was not started.")
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As when a machine loses power."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def ask(self, path: str, timeout: float = 5) -> Any:
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=timeout) as answer:  # noqa: S310
            return json.load(answer)

    def tail(self) -> str:
        log = self.folder / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-30:]) if log.exists() else ""


class Cluster:
    """One node, or three of which the third is only there to vote.

    With two a lost master leaves no majority: writes and health answer 503 until it is back.
    """

    def __init__(
        self, size: int = 1, port: int = 0, folder: Path | None = None, heap: str = "512m"
    ) -> None:
        if size not in {1, 3}:
            raise ValueError("One node or three.")
        self.kept, self.port, self.heap, self.size = folder, port, heap, size
        self.nodes: list[Node] = []

    def __enter__(self) -> Self:
        self.folder = self.kept or Path(tempfile.mkdtemp(prefix="peerdesk-es-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = free_ports(2 * self.size)
        if self.port:
            ports[0] = self.port
        for index in range(self.size):
            name, http, transport = f"node-{index + 1}", ports[2 * index], ports[2 * index + 1]
            self.nodes.append(Node(name, self.folder / name, http, transport, self.heap))
        for index, node in enumerate(self.nodes):
            node.configure("peerdesk", self.nodes, "[master]" if index == 2 else "")
        try:
            for node in self.nodes:
                node.start()
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def urls(self) -> list[str]:
        """The nodes that hold data: what a client is given."""
        return [node.url for node in self.nodes[:2]]

    def stop(self) -> None:
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.process.terminate()
        for node in self.nodes:
            node.stop()
        if self.kept is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Until every running node sees all the others and no shard is red."""
        running = [node for node in self.nodes if node.is_running()]
        until = time.monotonic() + seconds
        for node in running:
            while not self._is_ready(node, len(running)):
                if not node.is_running():
                    raise RuntimeError(f"{node.name} stopped while starting:\n{node.tail()}")
                if time.monotonic() > until:
                    raise RuntimeError(f"{node.name} did not get ready:\n{node.tail()}")
                time.sleep(0.2)

    def wait_green(self, seconds: float = START_SECONDS) -> None:
        """Until each shard has all its copies, so that a lost node takes none of them with it."""
        until = time.monotonic() + seconds
        while True:
            for node in self.nodes:
                try:
                    if node.is_running() and node.ask("_cluster/health")["status"] == "green":
                        return
                except (OSError, ValueError):
                    continue
            if time.monotonic() > until:
                raise RuntimeError("The cluster did not get green.")
            time.sleep(0.2)

    def _is_ready(self, node: Node, members: int) -> bool:
        try:
            health = node.ask("_cluster/health")
        except (OSError, ValueError):
            return False
        return bool(health["number_of_nodes"] == members and health["status"] != "red")

    def master(self) -> Node:
        """Asked of any node that answers."""
        for node in self.nodes:
            if not node.is_running():
                continue
            try:
                rows = node.ask("_cat/master?format=json")
            except (OSError, ValueError):
                continue
            return next(one for one in self.nodes if one.name == rows[0]["node"])
        raise RuntimeError("No node answers.")
