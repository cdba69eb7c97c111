"""Fixtures for every test: the cast, a page tree, a clean cache, and signed-in clients."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

# Nothing a test writes may land in the project's own folder.
os.environ.setdefault("PEERDESK_VAR", tempfile.mkdtemp(prefix="peerdesk-test-"))
os.environ.setdefault("MODE", "demo")

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.test import Client
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from search.editing import live
from tests.cast import Cast, make_cast
from tests.factories import World
from tests.site import standing_world

collect_ignore_glob = ["browser/*"] if os.environ.get("PEERDESK_NO_BROWSER") else []


IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}


def absent(what: str) -> NoReturn:
    """The one way not to run a test: allowed on a developer's machine, a failure in CI."""
    message = f"{what}; make test starts what it finds"
    if IN_CI:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """A real Elasticsearch, shared: a test takes an index prefix of its own."""
    return os.environ.get("TEST_ELASTICSEARCH_URL") or absent("TEST_ELASTICSEARCH_URL is not set")


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ.get("TEST_REDIS_URL") or absent("TEST_REDIS_URL is not set")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that did not run is a test that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def compiled_words() -> None:
    """A fresh clone has no .mo files; they are made before the first page asks for them."""
    from home.setup import compile_messages

    compile_messages()


@pytest.fixture(scope="session", autouse=True)
def without_meaning() -> None:
    """The model is loaded by the tests that are about it, not in the background of any other.

    For the whole session: what a module makes once comes before the settings of its tests.
    """
    settings.SEARCH_SEMANTIC = False


@pytest.fixture(autouse=True)
def plain_settings(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "base_url": None},
        },
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.CACHES = {  # type: ignore[attr-defined]
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in ("default", "memory")
    }


@pytest.fixture(autouse=True)
def clean_state(plain_settings: None) -> Iterator[None]:
    for name in ("default", "memory"):
        caches[name].clear()
    live.forget()
    with translation.override("en"):
        yield


@pytest.fixture
def site_tree(db: None) -> None:
    """Root page, site and locales, which Wagtail's migrations make on a real site."""
    from wagtail.models import Locale, Page, Site

    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code="en")
    if not Page.objects.filter(depth=1).exists():
        Page.add_root(title="Root", slug="root")
    if not Site.objects.exists():
        Site.objects.create(
            hostname="localhost", root_page=Page.get_first_root_node(), is_default_site=True
        )


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any
) -> Iterator[World]:
    """One of everything, made once for the module; its tests carry the mark django_db."""
    with django_db_blocker.unblock(), standing_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A client signed in as a person; without one, a visitor's."""

    def make(person: object | None = None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
        return client

    return make
