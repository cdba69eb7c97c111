"""The processes beside a rebuild start from nothing: what they are sent must be enough."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from search.engines.elasticsearch.analysing import measure
from search.engines.elasticsearch.building import _pool
from search.engines.sql.weights import Means
from search.registry import Document


def test_another_process_can_analyse() -> None:
    document = Document(
        kind="note", object_id="1", title="Mailbox quota", body="Quotas.", url="/", language="en",
        tokens=frozenset({"public"}),
    )  # fmt: skip
    with _pool() as pool:
        means: Means = pool.submit(measure, [document]).result(timeout=300)
    assert means.languages == measure([document]).languages


KILLED = """
import os, signal
import django
django.setup()
from search.engines.elasticsearch.building import _pool
pool = _pool()
print(pool.submit(os.getpid).result(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_process_stays_when_a_rebuild_is_killed() -> None:
    command = [sys.executable, "-W", "ignore", "-c", KILLED]
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=own, stdout=subprocess.PIPE
    ) as killed:
        assert killed.stdout is not None
        beside = int(killed.stdout.readline())
        killed.wait()
    until = time.monotonic() + 60
    while is_running(beside):
        assert time.monotonic() < until, "it waits for work for ever"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
