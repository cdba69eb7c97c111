"""compose.yaml, as far as it can be judged without a container engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import certifi
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "compose.yaml").read_text()
ONCE = {"certificates", "search-key", "prepare"}
KEYS = {
    "build", "image", "restart", "init", "env_file", "environment", "volumes", "command",
    "entrypoint", "user", "depends_on", "healthcheck", "ports", "shm_size", "ulimits",
    "stop_grace_period",
}  # fmt: skip
# What the vendors' pages say their images read, as far as it is used here.
READ_BY = {
    "postgres:15": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"},
    "redis:7": {"REDISCLI_AUTH"},
    # Also any of its settings, under the name it has in elasticsearch.yml.
    "docker.elastic.co/elasticsearch/elasticsearch:8.19.5": {"ELASTIC_PASSWORD", "ES_JAVA_OPTS"},
}
KEPT_AT = {
    "postgres:15": "/var/lib/postgresql/data",
    "docker.elastic.co/elasticsearch/elasticsearch:8.19.5": "/usr/share/elasticsearch/data",
}
# Programs of the images that health checks call.
PROGRAMS = {
    "database": "pg_isready",
    "cache": "redis-cli",
    "elasticsearch": "curl",
    "web": "python",
}
SECTION = re.compile(r"(node|cluster|discovery|bootstrap|xpack\.security|xpack\.license)\.[a-z_.]+")
FILLED = {
    "SECRET_KEY": "a-key-for-the-test-" + "x7Qw" * 12,
    "ALLOWED_HOSTS": "help.example.com",
    "BASE_URL": "https://help.example.com",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.com:587",
    "POSTGRES_PASSWORD": "Pg7word",
    "REDIS_PASSWORD": "Redis7word",
    "ELASTIC_PASSWORD": "Es7word",
}
SAID = """
import django, json
from django.conf import settings
django.setup()
from search.engines import engine
database, made = settings.DATABASES["default"], engine()
[node] = made.client.transport.node_pool.all()
print(json.dumps([
    settings.MODE, [database[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")],
    settings.CACHES["default"]["LOCATION"], str(settings.STATIC_ROOT), made.name,
    [node.config.scheme, node.config.host, node.config.port, node.config.verify_certs],
    node.config.ca_certs, made.client._headers["authorization"], made.config.replicas,
]))
"""


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEXT)
    return loaded


def example() -> dict[str, str]:
    rows = [line.partition("=") for line in (ROOT / ".env.example").read_text().splitlines()]
    return {name: value for name, mark, value in rows if mark and not name.startswith("#")}


def test_every_variable_it_uses_is_in_the_example() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    assert used
    assert used <= set(example())


def test_every_variable_it_sets_for_the_site_is_one_the_site_reads() -> None:
    names = {name.removesuffix("_FILE") for name in compose()["x-site"]["environment"]}
    assert names <= set(example())


def test_no_secret_is_committed() -> None:
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|AUTH", name):
                assert value == "" or value.startswith("${"), name
    secret = re.compile("PASSWORD|SECRET|KEY$")
    assert {name for name, value in example().items() if secret.search(name) and value} == set()


def test_what_runs_is_watched_and_what_it_needs_exists() -> None:
    services, volumes = compose()["services"], set(compose()["volumes"])
    for name, service in services.items():
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
        if name not in ONCE | {"worker"}:
            assert "healthcheck" in service
        for needed, how in service.get("depends_on", {}).items():
            finishes = needed in ONCE
            assert how["condition"] == (
                "service_completed_successfully" if finishes else "service_healthy"
            )
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in volumes or (ROOT / source).is_dir()


def test_nothing_but_the_site_can_be_reached_and_only_from_this_machine() -> None:
    ports = {
        name: service["ports"]
        for name, service in compose()["services"].items()
        if "ports" in service
    }
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


@pytest.mark.parametrize(
    "path", sorted((ROOT / "compose").glob("*.sh")), ids=lambda path: path.name
)
def test_its_scripts_are_sound(path: Path) -> None:
    subprocess.run(["bash", "-n", str(path)], check=True)  # noqa: S603, S607
    assert f"/compose/{path.name}" in TEXT


def filled(text: str) -> str:
    """As compose puts variables in: ${NAME}, ${NAME:-default}, ${NAME:?why it is needed}."""
    found = re.sub(
        r"(?<!\$)\$\{([A-Z_]+)(?::([-?])([^}]*))?\}",
        lambda match: FILLED.get(match[1], match[3] if match[2] == "-" else ""),
        text,
    )
    return found.replace("$$", "$")


def test_every_image_is_given_what_it_reads() -> None:
    for name, service in compose()["services"].items():
        assert service.keys() <= KEYS, name
        image = service["image"]
        if image not in READ_BY:
            assert image.startswith("peerdesk:")
            continue
        named = service.get("environment", {})
        settings_of = {key for key in named if SECTION.fullmatch(key)}
        assert named.keys() - settings_of <= READ_BY[image], name
        # Compose takes a bare yes for a boolean, which no variable can be.
        assert all(isinstance(value, str) for value in named.values()), name
        if name not in ONCE and image in KEPT_AT:
            assert any(row.endswith(f":{KEPT_AT[image]}") for row in service["volumes"]), name


def test_health_is_asked_with_what_the_image_has() -> None:
    checked = {
        name: service["healthcheck"]
        for name, service in compose()["services"].items()
        if "healthcheck" in service
    }
    assert checked.keys() == PROGRAMS.keys()
    for name, check in checked.items():
        how, *command = check["test"]
        assert how in {"CMD", "CMD-SHELL"}
        assert command[0].split()[0] == PROGRAMS[name]
        assert check.keys() <= {"test", "interval", "timeout", "retries", "start_period"}
        for word in command[0].split() + command[1:]:
            if word.startswith("scripts/"):
                assert (ROOT / word).is_file()


def test_certificates_lie_where_both_sides_look() -> None:
    """The node reads them below its config folder, the site below its own mount."""
    script = (ROOT / "compose" / "certificates.sh").read_text()
    services = compose()["services"]
    for name, value in services["elasticsearch"]["environment"].items():
        if ".ssl." in name and value.startswith("certificates/"):
            assert value.removeprefix("certificates/") in script, name
    mounts = dict(row.split(":")[:2] for row in services["web"]["volumes"])
    site = services["web"]["environment"]
    assert site["ELASTICSEARCH_CA_CERTS"] == f"{mounts['certificates']}/ca/ca.crt"
    assert site["ELASTICSEARCH_API_KEY_FILE"] == f"{mounts['search-key']}/api_key"
    key = (ROOT / "compose" / "search_key.sh").read_text()
    assert "key=/search-key/api_key" in key
    [owner] = re.findall(r"chown (\d+)", key)
    assert f"useradd --uid {owner}" in (ROOT / "Dockerfile").read_text()
    host = site["ELASTICSEARCH_URL"].removeprefix("https://").partition(":")[0]
    assert f"--dns {host}" in script
    assert host in services


def test_the_site_understands_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "api_key").write_text("aWQ6a2V5\n")
    named = yaml.safe_load(filled(TEXT))["services"]["web"]["environment"]
    own = {name: str(value) for name, value in named.items()} | {
        "PEERDESK_VAR": str(tmp_path),
        "ELASTICSEARCH_CA_CERTS": certifi.where(),
        "ELASTICSEARCH_API_KEY_FILE": str(tmp_path / "api_key"),
        "EMAIL_URL": FILLED["EMAIL_URL"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    for arguments in (["-c", SAID], ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]):
        said = subprocess.run(  # noqa: S603
            [sys.executable, "-W", "ignore", *arguments],
            cwd=ROOT, env=own, check=True, capture_output=True, text=True,
        )  # fmt: skip
        if arguments[0] == "-c":
            found = json.loads(said.stdout)
    assert found == [
        "production",
        ["database", 5432, "peerdesk", "Pg7word", "peerdesk"],
        "redis://:Redis7word@cache:6379/0",
        str(tmp_path / "static"),
        "elasticsearch",
        ["https", "elasticsearch", 9200, True],
        certifi.where(),
        "ApiKey aWQ6a2V5",
        0,
    ]
