"""Elasticsearch nodes on 127.0.0.1 for tests and development: started, killed, stopped by pid."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from children import end, free_ports, open_here, wait
from elasticsearch_install import SOURCES, install

START_SECONDS = 300


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
        end(self.process, by=signal.SIGKILL)

    def stop(self) -> None:
        end(self.process)

    def ask(self, path: str, timeout: float = 5) -> Any:
        with open_here(f"{self.url}/{path}", timeout=timeout) as answer:
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
        end(*(node.process for node in self.nodes))
        if self.kept is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Until every running node sees all the others and no shard is red."""
        running = [node for node in self.nodes if node.is_running()]
        for node in running:
            wait(
                f"Elasticsearch ({node.name})",
                lambda node=node: self._is_ready(node, len(running)),
                seconds=seconds,
                processes=[node.process],
                said=node.tail,
            )

    def wait_green(self, seconds: float = START_SECONDS) -> None:
        """Until each shard has all its copies, so that a lost node takes none of them with it."""
        wait("Elasticsearch's index", self._is_green, seconds=seconds)

    def _is_ready(self, node: Node, members: int) -> bool:
        try:
            health = node.ask("_cluster/health")
        except (OSError, ValueError):
            return False
        return bool(health["number_of_nodes"] == members and health["status"] != "red")

    def _is_green(self) -> bool:
        for node in self.nodes:
            try:
                if node.is_running() and node.ask("_cluster/health")["status"] == "green":
                    return True
            except (OSError, ValueError):
                continue
        return False

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
