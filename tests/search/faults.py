"""A fault injector: stands between the site and a server, real or absent, and spoils the answers."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
Spoil = Callable[[Any], Any]


class Injector(ThreadingHTTPServer):
    """MODE says what goes wrong; "pass" hands requests on to TARGET."""

    daemon_threads = True

    def __init__(self, target: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target)
        self.mode = "pass" if target else "503"
        # Paths with this in them are answered with 503, whatever the mode.
        self.refused = ""
        self.spoil: Spoil | None = None
        self.closing = threading.Event()
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is what is tested here."""


class _Handler(BaseHTTPRequestHandler):
    server: Injector
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.headers.append({k.lower(): v for k, v in self.headers.items()})
        is_refused = self.server.refused and self.server.refused in self.path
        mode = "503" if is_refused else self.server.mode
        if mode == "pass":
            self._passed(body)
        elif mode == "slow":
            self.server.closing.wait()
        elif mode == "cut":
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"took"')
            self.close_connection = True
        elif mode == "hangup":
            self.close_connection = True
        elif mode == "not json":
            self._say(200, b"<html>Bad gateway</html>")
        elif mode == "not elasticsearch":
            self._say(200, b"{}", {"Content-Type": "application/json"})
        elif mode.isdecimal():
            error = {"error": {"type": "fault", "reason": "injected"}, "status": int(mode)}
            self._say(int(mode), json.dumps(error).encode())
        else:
            self._say(200, mode.encode())

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815

    def _passed(self, body: bytes) -> None:
        target = self.server.target
        upstream = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        names = ("Content-Type", "Accept", "Authorization")
        sent = {name: self.headers[name] for name in names if self.headers[name]}
        upstream.request(self.command, self.path, body, sent)
        answer = upstream.getresponse()
        content = answer.read()
        if self.server.spoil is not None and "_search" in self.path:
            content = json.dumps(self.server.spoil(json.loads(content))).encode()
        kept = {"Content-Type": answer.headers["Content-Type"] or "application/json"}
        self._say(answer.status, content, {**PRODUCT, **kept})
        upstream.close()

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or PRODUCT).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def injector(target: str = "") -> Iterator[Injector]:
    server = Injector(target)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
