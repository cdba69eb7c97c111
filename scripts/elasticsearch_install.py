"""Assembles an Elasticsearch server for development and CI from Maven Central, once.

Production uses the vendor's own distribution: what is made here has no users and no TLS.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

VERSION = "8.19.5"
SOURCES = Path(__file__).resolve().parent / "elasticsearch_home"
IN_MODULE = ("netty-", "transport-netty4-")
NEEDED = {
    "java": "openjdk-17-jdk-headless",
    "javac": "openjdk-17-jdk-headless",
    "mvn": "maven",
}


class NotAvailable(Exception):
    """Elasticsearch cannot be assembled here; the text says what is missing."""


def home() -> Path:
    """Where the server lies: PEERDESK_ELASTICSEARCH, or the user's cache folder."""
    named = os.environ.get("PEERDESK_ELASTICSEARCH", "")
    if named:
        return Path(named).resolve()
    cache = os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache"
    return Path(cache) / "peerdesk" / f"elasticsearch-{VERSION}"


def fingerprint() -> str:
    """Changes with anything the server is made from."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_installed() -> bool:
    stamp = home() / "stamp"
    return stamp.exists() and stamp.read_text() == fingerprint()


def missing() -> list[str]:
    """The Debian packages without which nothing can be done."""
    needed = {"java": NEEDED["java"]} if is_installed() else NEEDED
    return sorted({package for name, package in needed.items() if not shutil.which(name)})


def install() -> Path:
    """The finished home folder. A half-made one is never seen under the final name."""
    packages = missing()
    if packages:
        raise NotAvailable(f"Install first (Debian): apt install {' '.join(packages)}")
    target = home()
    if is_installed():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        download(work)
        verify(work / "lib")
        arrange(work)
        (work / "stamp").write_text(fingerprint())
        publish(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def download(work: Path) -> None:
    shutil.copy(SOURCES / "pom.xml", work)
    run(
        "mvn", "--quiet", "--batch-mode", "-Dstyle.color=never", "dependency:copy-dependencies",
        "-DincludeScope=runtime", f"-DoutputDirectory={work / 'lib'}", cwd=work,
    )  # fmt: skip


def verify(folder: Path) -> None:
    """Exactly the listed files, each with the listed content."""
    wanted = {}
    for line in (SOURCES / "sums.sha256").read_text().splitlines():
        digest, name = line.split()
        wanted[name] = digest
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")
    }
    wrong = sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )
    if wrong:
        raise NotAvailable("Not the files that were checked: " + ", ".join(wrong))


def arrange(work: Path) -> None:
    """The server on the module path, the transport as its module, our launcher beside them."""
    module = work / "modules" / "transport-netty4"
    module.mkdir(parents=True)
    (work / "plugins").mkdir()
    for jar in sorted((work / "lib").glob("*.jar")):
        if jar.name.startswith(IN_MODULE):
            shutil.move(jar, module)
    shutil.copy(SOURCES / "plugin-descriptor.properties", module)
    run(
        "javac", "-d", str(work / "launcher"), "-cp", f"{work / 'lib'}/*", "-nowarn",
        str(SOURCES / "Launcher.java"), cwd=work,
    )  # fmt: skip


def publish(work: Path, target: Path) -> None:
    """Renames in one step; whoever was faster with the same content has won."""
    if target.exists() and not is_installed():
        old = Path(tempfile.mkdtemp(prefix="old-", dir=target.parent))
        target.rename(old / target.name)
        shutil.rmtree(old, ignore_errors=True)
    try:
        work.rename(target)
    except OSError:
        if not is_installed():
            raise


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise NotAvailable(f"{command[0]} failed:\n" + "\n".join(lines[-15:]))
