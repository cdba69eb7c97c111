"""The Atom feed of ideas: what is public (AP-03)."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from ideas.models import Idea
from moderation.actions import hide
from tests.cast import Cast
from tests.ideas.factories import make_idea

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ET.fromstring(response.content).iter(f"{ATOM}entry")  # noqa: S314 (our own)
    return [entry.findtext(f"{ATOM}title", "") for entry in entries]


def test_the_newest_ideas_with_the_filters_of_the_list(cast: Cast, client: Client) -> None:
    for name in ("One", "Two <b>", "Three"):
        make_idea(cast.alice, f"Wish number {name}")
    assert titles(client, "/ideas/feed.atom") == [
        "Wish number Three", "Wish number Two <b>", "Wish number One",
    ]  # fmt: skip
    Idea.objects.filter(title="Wish number One").update(last_activity_at="2099-01-01T00:00Z")
    assert titles(client, "/ideas/feed.atom?sort=changed")[0] == "Wish number One"
    assert titles(client, "/ideas/feed.atom?stage=shipped") == []
    assert titles(client, "/ideas/feed.atom?product=%00") != []
    assert 'href="/ideas/feed.atom"' in client.get("/ideas/").text


def test_an_idea_has_one_address_in_every_language(cast: Cast, client: Client) -> None:
    """As the sitemap names it (AP-04)."""
    idea = make_idea(cast.alice)
    line = f'<link rel="canonical" href="http://127.0.0.1:8000{idea.get_absolute_url()}">'
    for prefix in ("", "/pl"):
        assert line in client.get(f"{prefix}{idea.get_absolute_url()}").text


def test_it_says_no_more_of_an_idea_than_its_page(cast: Cast, sign_in: SignIn) -> None:
    idea, hidden = make_idea(cast.alice, "For a customer"), make_idea(cast.bob, "Hidden wish")
    Idea.objects.filter(pk=idea.pk).update(shown_as=Idea.ShownAs.SUPPORT)
    hide(hidden, by=cast.erin, reason="Abuse")
    for client in (Client(), sign_in(cast.erin)):
        assert titles(client, "/ideas/feed.atom") == ["For a customer"]
        text = client.get("/ideas/feed.atom").text
        assert "Support, for a customer" in text
        assert cast.alice.display_name not in text
