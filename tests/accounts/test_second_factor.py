"""Staff need a second factor, on the site and in the editing area (AC-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.adapter import SecondFactorAdapter
from accounts.models import User
from tests.cast import Cast

SignIn = Callable[..., Client]
STAFF = ("dana", "sam", "erin", "ed", "pam", "root")


@pytest.mark.parametrize("name", STAFF)
def test_staff_without_factor_reach_only_the_set_up(cast: Cast, sign_in: SignIn, name: str) -> None:
    """AC-02"""
    person: User = getattr(cast, name)
    Authenticator.objects.filter(user=person).delete()
    client = sign_in(person)
    for path in ("/", "/ideas/", "/search/?q=x", "/settings/", "/people/1/", "/inbox/"):
        response = client.get(path)
        assert (response.status_code, response.headers.get("Location")) == (
            302,
            "/accounts/2fa/",
        ), path
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "signing in needs a second step" in page.content.decode()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    picture = client.get("/settings/authenticator.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("name", ["dana", "erin", "ed", "pam", "root"])
def test_admin_needs_a_second_factor(cast: Cast, sign_in: SignIn, name: str) -> None:
    """AC-02"""
    person: User = getattr(cast, name)
    assert sign_in(person).get("/admin/").status_code == 200
    Authenticator.objects.filter(user=person).delete()
    response = sign_in(person).get("/admin/")
    assert (response.status_code, response.url) == (302, "/accounts/2fa/")


def test_recovery_codes_are_no_second_factor(cast: Cast, sign_in: SignIn) -> None:
    Authenticator.objects.filter(user=cast.dana).update(type="recovery_codes")
    assert sign_in(cast.dana).get("/admin/").url == "/accounts/2fa/"


@pytest.mark.parametrize("name", ["alice", "mia", "xena", "sam"])
def test_admin_does_not_exist_for_others(cast: Cast, sign_in: SignIn, name: str) -> None:
    """Missing and forbidden look the same; specialists do their work on the site."""
    client = sign_in(getattr(cast, name))
    for path in ("/admin/", "/admin/login/", "/admin/pages/", "/admin/users/"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "path", ["/admin/users/", "/admin/users/1/", "/admin/groups/", "/admin/groups/new/"]
)
def test_wagtails_own_people_pages_are_closed(cast: Cast, sign_in: SignIn, path: str) -> None:
    """They would set addresses and passwords, and what a role may do."""
    assert sign_in(cast.root).get(path).status_code == 404


def test_admin_sign_in_goes_through_the_sites(cast: Cast, client: Client) -> None:
    """Wagtail's own form knows neither codes nor second factors."""
    for path in ("/admin/", "/admin/login/", "/admin/password_reset/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response.url == "/accounts/login/?next=/admin/"
    cast.root.set_password("long enough 12")
    cast.root.save()
    client.post("/admin/login/", {"username": cast.root.email, "password": "long enough 12"})
    assert "_auth_user_id" not in client.session


def test_demo_session_counts_as_second_factor(cast: Cast, client: Client, settings: Any) -> None:
    Authenticator.objects.all().delete()
    User.objects.filter(pk=cast.dana.pk).update(is_demo=True)
    client.post(reverse("home:demo_sign_in"), {"person": cast.dana.pk})
    assert client.get("/admin/").status_code == 200
    settings.IS_DEMO = False
    assert client.get("/admin/").url == "/accounts/2fa/"


def test_staff_keep_their_last_factor(cast: Cast) -> None:
    """AC-02"""
    adapter = SecondFactorAdapter()
    last = Authenticator.objects.get(user=cast.dana)
    assert not adapter.can_delete_authenticator(last)
    key = Authenticator.objects.create(user=cast.dana, type="webauthn", data={})
    assert adapter.can_delete_authenticator(last)
    assert adapter.can_delete_authenticator(key)
    own = Authenticator.objects.create(user=cast.mia, type="totp", data={"secret": "x"})
    assert adapter.can_delete_authenticator(own)


def test_the_api_tells_staff_without_a_second_factor_so(cast: Cast, sign_in: Any) -> None:
    """Class 22: a program gets a problem, never a page."""
    Authenticator.objects.filter(user=cast.dana).delete()
    client = sign_in(cast.dana)
    for method in (client.get, client.head):
        answer = method("/api/v1/search?q=mail")
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/search?q=mail").json()["title"] == "Second factor missing"
    assert sign_in(cast.erin).get("/api/v1/search?q=mail").status_code == 200
