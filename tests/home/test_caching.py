"""Visitors' pages are shared and revalidated; members' pages are private."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/privacy/"


def test_a_visitor_gets_an_etag_no_cookie_and_a_shared_page() -> None:
    response = Client().get(PAGE)
    assert response.status_code == 200
    assert response.headers["ETag"]
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Language", "HX-Request"} <= {
        name.strip() for name in response.headers["Vary"].split(",")
    }


def test_a_page_nobody_changed_is_not_sent_again() -> None:
    tag = Client().get(PAGE).headers["ETag"]
    again = Client().get(PAGE, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""


def test_any_write_makes_every_page_new(cast: Cast) -> None:
    client = Client()
    tag = client.get(PAGE).headers["ETag"]
    Client().post("/accounts/login/", {"login": "nobody@people.example"})
    assert client.get(PAGE, headers={"if-none-match": tag}).status_code == 200


def test_another_address_language_or_fragment_has_another_etag() -> None:
    client = Client()
    tags = {
        client.get(PAGE).headers["ETag"],
        client.get(f"{PAGE}?a=1").headers["ETag"],
        client.get(PAGE, headers={"accept-language": "pl"}).headers["ETag"],
        client.get(f"/pl{PAGE}").headers["ETag"],
    }
    assert len(tags) == 4


def test_a_signed_in_page_is_private_and_never_validated_by_etag(cast: Cast) -> None:
    client = Client()
    tag = client.get(PAGE).headers["ETag"]
    client.force_login(cast.mia, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(PAGE, headers={"if-none-match": tag})
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "private, no-store"
