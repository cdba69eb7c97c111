"""Commands on a day without Elasticsearch end in a sentence; a wrong engine never starts."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from config import env
from search.engines import _engine
from tests.search.library import Library

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_elasticsearch(settings: Any, library: Library) -> Any:
    library.add("Kestrel")
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL = ["http://127.0.0.1:1"]
    _engine.cache_clear()
    yield
    _engine.cache_clear()


@pytest.mark.usefixtures("without_elasticsearch")
def test_the_checks_after_it_still_run() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="findings"):
        call_command("check_integrity", stdout=out)
    said = out.getvalue()
    assert "the index cannot be asked: ConnectionError" in said
    later = said.partition("the index cannot be asked")[2]
    assert "accounts" in later
    assert "posting" in later


@pytest.mark.usefixtures("without_elasticsearch")
def test_mending_says_what_could_not_be_mended() -> None:
    with pytest.raises(CommandError):
        call_command("check_integrity", "--repair", stdout=StringIO())


@pytest.mark.usefixtures("without_elasticsearch")
def test_a_rebuild_ends_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="Elasticsearch does not answer"):
        call_command("rebuild_search", stdout=StringIO())


def test_an_engine_that_there_is_not_is_refused_at_start(monkeypatch: Any) -> None:
    process = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=site.BASE_DIR,
        env={**os.environ, "SEARCH_ENGINE": "bogus"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.returncode != 0
    assert "SEARCH_ENGINE must be sql or elasticsearch, not 'bogus'." in process.stderr
    monkeypatch.setenv("SEARCH_ENGINE", "")
    assert env.choice("SEARCH_ENGINE", "sql", known=("sql", "elasticsearch")) == "sql"
