"""Starts and tests Peerdesk on a bare machine: standard library only, no shell tricks.

python3 scripts/dev.py start   the product with sample content, on SQLite, no server
python3 scripts/dev.py test    every check; what is missing is named, and in CI an error
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

from children import DidNotStart, end, open_here, wait

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("PEERDESK_VAR", ROOT / "var"))
IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}
START_SECONDS = 120


def main() -> int:
    if sys.version_info < (3, 11):
        return fail("Peerdesk needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    os.chdir(ROOT)
    # Our files and messages are UTF-8 in whatever locale somebody works.
    os.environ.setdefault("PYTHONUTF8", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    # Without byte code every process would compile all packages anew at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "start":
        return start()
    if command == "test":
        from checks import run_checks

        return run_checks(sys.argv[2:])
    return fail("Say start or test.")


def fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def install(lock: str) -> None:
    """The virtual environment with exactly the hash-checked packages of requirements/LOCK.txt."""
    path = ROOT / "requirements" / f"{lock}.txt"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.stamp"
    # What the tests need contains all that the product needs.
    for name in {lock, "dev"}:
        other = ROOT / "requirements" / f"{name}.txt"
        done = VENV / f"{name}.stamp"
        if done.exists() and done.read_text() == hashlib.sha256(other.read_bytes()).hexdigest():
            return
    print(f"Installing packages ({lock}) …", flush=True)
    if not PYTHON.exists():
        make_venv()
    # The lock is complete. Left to resolve, an older pip asks the registry for the newest
    # `coverage[toml]` beside the locked `coverage`, and refuses it as soon as there is one.
    options = ("--quiet", "--no-deps", "--require-hashes")
    subprocess.run([*installer(), "install", *options, "-r", str(path)], check=True)
    stamp.write_text(digest)


def make_venv() -> None:
    """Debian's python3 may come without ensurepip: then pip works on the venv from outside."""
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, ImportError, SystemExit):
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=False, symlinks=True)


def installer() -> list[str]:
    inside = subprocess.run(
        [str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False
    )
    if inside.returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    outside = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
    )
    if outside.returncode != 0:
        sys.exit("pip is missing: install it (Debian: apt install python3-pip python3-venv).")
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def prepared() -> str:
    """A digest of all that the database and the sample content are made from."""
    digest = hashlib.sha256()
    patterns = ("*/migrations/*.py", "home/sample/**/*", "locale/**/*.po", "requirements/base.txt")
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def start() -> int:
    port, host = int(os.environ.get("PORT", "8000")), os.environ.get("HOST", "127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            return fail(
                f"Nothing can listen on {host}, port {port}: {problem.strerror}. "
                "Another port: PORT=8123 make start"
            )
    install("base")
    os.environ.setdefault("BASE_URL", f"http://{reachable(host)}:{port}")
    stamp, wanted = VAR / "prepared", prepared()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([str(PYTHON), "manage.py", "start", "--prepare"], check=True)
        stamp.write_text(wanted)
    return run_children(host, port)


def run_children(host: str, port: int) -> int:
    """Web and worker side by side; both end when one ends or on Ctrl-C."""
    web = [
        str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", os.environ.get("WEB_WORKERS", "1"), "--blocking-threads", "4",
        "--no-ws", "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
    stopping: list[bool] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    children = [
        subprocess.Popen(web, start_new_session=True),
        subprocess.Popen([str(PYTHON), "manage.py", "work"], start_new_session=True),
    ]
    address = f"http://{reachable(host)}:{port}/"
    try:
        wait(
            "Peerdesk",
            lambda: bool(stopping) or answers(address),
            seconds=START_SECONDS,
            processes=children,
        )
        if not stopping:
            print(
                f"Peerdesk is at {address} (sign in as a sample person: {address}demo/)", flush=True
            )
        while not stopping and all(child.poll() is None for child in children):
            time.sleep(0.3)
    except DidNotStart as problem:
        return fail(str(problem))
    finally:
        end(*children, seconds=10)
    return max(abs(child.returncode) for child in children)


def answers(address: str) -> bool:
    try:
        with open_here(f"{address}healthz", timeout=5):
            return True
    except OSError:
        return False


def reachable(host: str) -> str:
    """What to type into a browser on this machine; a server may listen everywhere."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    sys.exit(main())
