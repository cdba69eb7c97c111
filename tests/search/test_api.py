"""GET /api/v1/search: what was added to the first release, and that nothing of it went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.search.conftest import every_engine
from tests.search.library import Library


@pytest.fixture
def ask(library: Library, client: Client) -> Any:
    now = timezone.now()
    library.add("Mailbox one", product="mail", state="open", solved=False, updated_at=now)
    library.add("Mailbox mailbox two", "mailbox", state="closed", updated_at=now - timedelta(9))
    library.add("Mailbox three", solved=True, updated_at=now - timedelta(99))

    def get(status: int = 200, **query: Any) -> Any:
        response = client.get("/api/v1/search", {"q": "mailbox", **query})
        assert response.status_code == status
        return response.json()

    return get


def last_words(found: Any) -> list[str]:
    return [hit["title"].split()[-1] for hit in found["results"]]


@every_engine
def test_sorted_by_last_change(ask: Any) -> None:
    """SE-06."""
    assert last_words(ask())[0] == "two"
    first = ask(sort="newest", limit=2)
    assert last_words(first) == ["one", "two"]
    assert last_words(ask(sort="newest", limit=2, cursor=first["next"])) == ["three"]
    assert ask(422, sort="oldest")["status"] == 422


@every_engine
def test_by_last_change_new_texts_repeat_and_hide_nothing(ask: Any, library: Library) -> None:
    """As docs/api.md promises it; pages by fit have no such promise."""
    shown, cursor, moment = [], "", timezone.now()
    for number in range(3):
        page = ask(sort="newest", limit=1, cursor=cursor)
        shown += last_words(page)
        cursor = page["next"] or ""
        for text in ("mailbox", "mailbox mailbox", "nothing like it"):
            library.add(f"New {text}", text, updated_at=moment + timedelta(minutes=number))
    assert shown == ["one", "two", "three"]
    assert cursor == ""


@every_engine
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"product": "mail"}, {"one"}),
        ({"state": ["open", "closed"]}, {"one", "two"}),
        ({"solved": "true"}, {"three"}),
        ({"solved": "false"}, {"one"}),
        ({"since": "month"}, {"one", "two"}),
        ({"since": "day", "state": "closed"}, set()),
    ],
)
def test_filtered(ask: Any, query: dict[str, Any], expected: set[str]) -> None:
    """SE-06."""
    found = ask(**query)
    assert set(last_words(found)) == expected
    assert found["total"] == len(expected)


@every_engine
def test_a_filter_needs_no_words(ask: Any) -> None:
    """SE-06: what passes it, the last changed first; nothing asked for is nothing found."""
    assert last_words(ask(q="", lang="en")) == ["one", "two", "three"]
    assert last_words(ask(q="", state="closed")) == ["two"]
    assert ask(q="")["total"] == ask(q="", lang="")["total"] == 0


@pytest.mark.parametrize("zone", ["", "Z", "+02:00", " 02:00"])
def test_since_a_moment(ask: Any, zone: str) -> None:
    """SE-06: a plus that was not encoded arrives as a space."""
    moment = (timezone.now() - timedelta(30)).strftime("%Y-%m-%dT%H:%M:%S")
    assert set(last_words(ask(since=f"{moment}{zone}"))) == {"one", "two"}


@pytest.mark.parametrize("since", ["yesterday", "2026-02-31", "1e9", "9" * 99])
def test_a_time_that_cannot_be_read_is_a_problem(ask: Any, since: str) -> None:
    problem = ask(422, since=since)
    assert problem["title"]
    assert "ISO 8601" in problem["detail"]


def test_the_interface_is_described(client: Client, db: None) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/search"]["get"]
    named = {parameter["name"]: parameter for parameter in described["parameters"]}
    first_release = {"q", "kind", "lang", "limit", "cursor"}
    assert first_release | {"product", "state", "solved", "since", "sort"} == set(named)
    assert "sort:newest" in named["q"]["description"]
    assert "ISO 8601" in named["since"]["description"]


@every_engine
def test_the_words_are_read_in_the_language_asked_for(library: Library, client: Client) -> None:
    """ML-09: one document a family, that of the reader."""
    for language, title in (("en", "Calendar mailbox"), ("pl", "Kalendarz mailbox")):
        library.add(title, language=language, family="calendar")

    def title(query: dict[str, str], accepted: str = "") -> str:
        headers = {"Accept-Language": accepted}
        [hit] = client.get("/api/v1/search", query, headers=headers).json()["results"]
        return str(hit["title"])

    assert title({"q": "mailbox"}) == "Calendar mailbox"
    assert title({"q": "mailbox"}, "pl,en;q=0.5") == "Kalendarz mailbox"
    assert title({"q": "mailbox"}, "tlh") == "Calendar mailbox"
    assert title({"q": "kalendarzach", "lang": "pl"}) == "Kalendarz mailbox"
    response = client.get("/api/v1/search", {"q": "mailbox"})
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=abc", "Give a whole number."),
        ("limit=0", "Give 1 or more."),
        ("limit=1000", "Give 50 or less."),
        ("sort=oldest", "Give 'relevance' or 'newest'."),
        ("solved=perhaps", "Give true or false."),
    ],
)
def test_a_bad_parameter_is_told_of_in_plain_words(
    client: Client, db: None, query: str, message: str
) -> None:
    answer = client.get(f"/api/v1/search?q=mail&{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    name = query.partition("=")[0]
    assert answer.json()["errors"] == [{"where": f"query.{name}", "message": message}]


def test_head_is_answered_as_get(client: Client, db: None) -> None:
    answer = client.head("/api/v1/search?q=mail")
    assert answer.status_code == 200
    assert answer.content == b""
