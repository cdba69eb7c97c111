"""A real Chromium against a live server; these tests run last, because they empty the database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import absent
from tests.factories import World, make_world

# Playwright's synchronous interface runs an event loop in this thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# A busy machine takes its time; who waits longer waits in vain.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic",
    # A container's is too small for pages with pictures.
    "--disable-dev-shm-usage",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last in any run: a live server's tests flush tables that others count on."""
    here = str(Path(__file__).parent)
    mine = [item for item in items if str(item.path).startswith(here)]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if item not in mine] + mine


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file, as a real site has: one in memory would be one connection for all threads.

    Then a request would see, and end, the transaction of another one beside it.
    """
    database = site_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(
            tmp_path_factory.mktemp("db") / "test.sqlite3"
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        absent("Chromium is not installed")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def site(transactional_db: None, site_tree: None, live_server: LiveServer) -> str:
    """The address of a running site with a page tree; `localhost` is a secure origin for passkeys."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def town(site: str, settings: Any) -> World:
    """The whole small site of tests/factories.py, without limits."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/m/user")
    return make_world()


@pytest.fixture
def enter(site: str) -> Callable[[BrowserContext, Any], None]:
    """Makes a browser be somebody, without the sign-in page."""

    def be(context: BrowserContext, person: Any) -> None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        name = site_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return be


@pytest.fixture
def plain_page(browser: Browser, site: str) -> Iterator[Page]:
    """A browser with scripts switched off."""
    made = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False)
    made.set_default_timeout(PATIENCE)
    yield made.new_page()
    made.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=site, locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose errors and CSP violations fail the test."""
    made = context.new_page()
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on(
        "console",
        lambda message: (
            troubles.append(message.text) if "Content Security" in message.text else None
        ),
    )
    yield made
    assert troubles == []
