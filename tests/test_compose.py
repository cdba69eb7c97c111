"""compose.yaml, as far as it can be judged without a container engine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "compose.yaml").read_text()
ONCE = {"certificates", "search-key", "prepare"}


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
