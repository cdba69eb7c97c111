"""What every answer says beside its body: policy, caching, cookies, robots."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access_table import TABLE, Row
from tests.factories import World
from tests.site import client_of

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
VARY = {"Cookie", "Accept-Language", "HX-Request"}

# Pictures lie in the folder of the world's module, not of these tests: tests/kb/test_files.py.
READABLE = [row for row in TABLE if row.method == "GET" and row.name != "picture"]
OPEN = [row for row in READABLE if row.status("anonymous") == 200]
# Not for caches: health, forms that a visitor fills in, the demo's doors, pages with a secret.
NEVER_KEPT = {
    "healthz", "readyz", "home:demo", "forum:ask", "kb:helpful", "notifications:unsubscribe",
    "account_login", "account_signup", "account_request_login_code", "accounts:invitation",
    "home:design", "account_reset_password",
}  # fmt: skip
SHARED = [row for row in OPEN if row.name not in NEVER_KEPT]


def fetch(client: Client, row: Row, world: World, person: str, **headers: str) -> Any:
    address = reverse(row.name, args=row.arguments(world, person))
    return client.get(address, row.body(world, person), headers=headers or None)


def directives(response: HttpResponse) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize("row", READABLE, ids=str)
def test_every_answer_carries_the_policy(world: World, row: Row) -> None:
    """Also refusals, redirects and files."""
    for person in ("anonymous", "root"):
        response = fetch(client_of(world.people[person]), row, world, person)
        if row.name in {"support:download", "posting:image"} and response.status_code == 200:
            assert "sandbox" in directives(response)
        else:
            assert directives(response) == {part.strip() for part in POLICY.split(";")}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["X-Frame-Options"] in {"SAMEORIGIN", "DENY"}
        assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize("row", SHARED, ids=str)
def test_a_visitors_page_can_be_shared(world: World, row: Row) -> None:
    """No cookie, one variant for all, and nothing sent again that nobody changed."""
    client = client_of(None)
    response = fetch(client, row, world, "anonymous")
    assert not response.cookies
    assert varies(response) >= VARY
    assert response.headers["Cache-Control"].startswith("public")
    assert "no-store" not in response.headers["Cache-Control"]
    tag = response.headers["ETag"]
    again = fetch(client, row, world, "anonymous", if_none_match=tag)
    assert again.status_code == 304
    assert again.headers["ETag"] == tag
    assert not again.cookies


@pytest.mark.parametrize("row", [row for row in OPEN if row.name in NEVER_KEPT], ids=str)
def test_what_is_for_one_visitor_is_not_kept(world: World, row: Row) -> None:
    response = fetch(client_of(None), row, world, "anonymous")
    kept = response.headers["Cache-Control"]
    assert "public" not in kept
    assert {"no-store", "no-cache"} & {part.strip() for part in kept.split(",")}


@pytest.mark.parametrize("row", READABLE, ids=str)
def test_a_signed_in_page_is_kept_by_nobody(world: World, row: Row) -> None:
    """Class 30."""
    response = fetch(client_of(world.cast.root), row, world, "root")
    kept = response.headers["Cache-Control"]
    assert "public" not in kept
    assert "private" in kept or "no-store" in kept
    assert "Cookie" in varies(response)
    assert "ETag" not in response.headers


def varies(response: HttpResponse) -> set[str]:
    return {name.strip() for name in response.headers.get("Vary", "").split(",")}


def test_a_member_and_a_visitor_behind_one_cache(world: World) -> None:
    """A visitor's tag is worth nothing to somebody who is signed in."""
    row = next(row for row in SHARED if row.name == "home:index")
    tag = fetch(client_of(None), row, world, "anonymous").headers["ETag"]
    own = fetch(client_of(world.cast.bob), row, world, "bob", if_none_match=tag)
    assert own.status_code == 200
    assert "Bob" in own.text


def test_robots_are_told_what_is_not_for_them(world: World) -> None:
    lines = client_of(None).get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /search/", "Disallow: /accounts/", "Disallow: /support/cases/"} <= set(lines)


def test_a_forged_host_is_refused(world: World) -> None:
    """Class 24."""
    assert client_of(None).get("/", headers={"host": "evil.example"}).status_code == 400


def test_nobody_is_led_away_from_the_site(world: World) -> None:
    """Class 16: after a form, `next` leads only to our own pages."""
    client = client_of(world.cast.bob)
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        for address in (
            reverse("ideas:vote", args=[world.open_idea.pk]),
            reverse("moderation:flag", args=["forum.question", world.solved.pk]),
        ):
            onward = client.post(address, {"state": "on", "reason": "spam", "next": target})
            assert "evil" not in onward.headers.get("Location", "")
    visitor = client_of(None)
    page = visitor.get(reverse("account_login"), {"next": "https://evil.example/"})
    assert 'value="https://evil' not in page.text
    person = {"person": world.cast.mia.pk, "next": "//evil.example"}
    assert "evil" not in visitor.post(reverse("home:demo_sign_in"), person).headers.get(
        "Location", ""
    )


def test_a_visitor_who_only_reads_gets_no_session(world: World) -> None:
    client = client_of(None)
    for row in SHARED:
        fetch(client, row, world, "anonymous")
    assert not client.cookies
    assert SESSION_KEY not in client.session
