"""The Atom feed of articles: what is public, in the reader's language (AP-03)."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from kb.models import SectionPage
from tests.cast import Cast
from tests.kb.factories import make_article

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ET.fromstring(response.content).iter(f"{ATOM}entry")  # noqa: S314 (our own)
    return [entry.findtext(f"{ATOM}title", "") for entry in entries]


def test_the_newest_articles_of_a_language(mail: SectionPage, cast: Cast, sign_in: SignIn) -> None:
    make_article(mail, "Public one", summary="In short.")
    make_article(mail, "For customers", visibility="customers")
    make_article(mail, "For staff", visibility="staff")
    make_article(mail, "Last one")
    make_article(mail, "Of the past", is_archived=True)
    for client in (Client(), sign_in(cast.erin)):
        assert titles(client, "/help/feed.atom") == ["Last one", "Public one"]
        assert titles(client, "/pl/help/feed.atom") == []
    assert titles(Client(), "/help/feed.atom?product=none") == []
    assert "In short." in Client().get("/help/feed.atom").text
    assert 'href="/help/feed.atom"' in Client().get("/help/").text


def test_a_visitor_gets_it_once(client: Client, db: None) -> None:
    first = client.get("/help/feed.atom")
    assert first["Cache-Control"].startswith("public")
    assert (
        client.get("/help/feed.atom", headers={"if-none-match": first["ETag"]}).status_code == 304
    )
