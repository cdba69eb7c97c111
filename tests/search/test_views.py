"""The results page, the list while typing, the browser's description and the API."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from search.query import find, suggest
from tests.search.library import Library

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add("Mailbox quota", "The mailbox is full. " * 3, product="mail", solved=True)
    library.add("Kwota skrzynki", "Skrzynka mailbox jest pełna.", language="pl", solved=False)
    library.add("Secret mailbox", "zanzibar", tokens=frozenset({"agents"}))
    return library


def page(client: Client, **query: object) -> str:
    response = client.get(reverse("search:results"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_hits_with_marks_counts_and_language(shelf: Library, client: Client) -> None:
    """SE-01, SE-06, ML-06."""
    html = page(client, q="mailbox")
    assert "2 results for “mailbox”" in html
    assert "<mark>Mailbox</mark> quota" in html
    assert 'lang="pl"' in html
    assert "solved=yes" in html
    assert "zanzibar" not in html
    assert "Secret" not in html


def test_a_phrase_is_not_quoted_once_more(shelf: Library, client: Client) -> None:
    """SE-05: neither in the heading, nor where the list while typing leads on."""
    assert "1 result for &quot;mailbox quota&quot;<" in page(client, q='"mailbox quota"')
    html = client.get(reverse("search:suggest"), {"q": '"mailbox quota"'}).text
    assert "Search everything for &quot;mailbox quota&quot;<" in html
    html = client.get(reverse("search:suggest"), {"q": "mailbox quota"}).text
    assert "Search everything for “mailbox quota”<" in html


def test_filters_narrow_without_scripts(shelf: Library, client: Client) -> None:
    html = page(client, q="mailbox", solved="yes")
    assert "1 result for" in html
    assert "Show everything" in html


def test_words_not_found_and_corrections_are_told(shelf: Library, client: Client) -> None:
    """SE-04."""
    html = page(client, q="mailbxo unheardof")
    assert "<b>mailbox unheardof</b>" in html
    assert "<del><bdi>unheardof</bdi></del>" in html
    assert "Search only for" in html
    assert "mailbox</mark>" not in page(client, q="mailbxo", exact="1")


def test_an_empty_result_leads_on(shelf: Library, client: Client) -> None:
    html = page(client, q="xylophone")
    assert "Nothing here answers that yet" in html
    assert reverse("support:contact") in html


def test_the_empty_page_explains_the_query_language(client: Client, db: None) -> None:
    assert "is:solved" in page(client)


def test_pages_are_linked_by_cursor(library: Library, client: Client) -> None:
    for number in range(25):
        library.add(f"Mailbox {number}")
    html = page(client, q="mailbox")
    cursor = find("mailbox", viewer=None, limit=20).next
    assert f"cursor={cursor}" in html
    assert html.count("row--result") == 20
    assert page(client, q="mailbox", cursor=cursor).count("row--result") == 5


def test_page_and_list_cost_the_same_for_many_rows(
    library: Library, client: Client, django_assert_max_num_queries: object
) -> None:
    library.add("Mailbox 0")
    page(client, q="mailbox")
    with django_assert_max_num_queries(16) as one:  # type: ignore[operator]
        page(client, q="mailbox")
    for number in range(19):
        library.add(f"Mailbox {number}")
    with django_assert_max_num_queries(len(one)):  # type: ignore[operator]
        page(client, q="mailbox")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><b>', "\x00", "%", "{{ q }}"])
def test_what_was_typed_is_shown_escaped(shelf: Library, client: Client, text: str) -> None:
    html = page(client, q=text)
    assert "<script>alert" not in html
    assert '"><b>' not in html


def test_the_list_while_typing_is_a_listbox(shelf: Library, client: Client) -> None:
    """SE-09: one ranking, a mark in front, and a last row that searches everything."""
    response = client.get(reverse("search:suggest"), {"q": "mailb"})
    html = response.content.decode()
    assert 'role="listbox"' in html
    assert html.count('role="option"') == 3
    assert "Search everything for “mailb”" in html
    assert "<html" not in html
    assert "Secret" not in html
    assert client.get(reverse("search:suggest"), {"q": " "}).content.strip() == b""


def test_a_word_that_is_one_already_comes_before_what_it_may_become(library: Library) -> None:
    """SE-09."""
    for number in range(6):
        library.add(f"Mailbox {number}", "A mailbox.")
    library.add("Mail arrives late", "Mail waits.")
    library.add("Old mail of the others", "Mail in a mailbox.")
    found = [hit.title for hit in suggest("mail", viewer=None)]
    assert set(found[:2]) == {"Mail arrives late", "Old mail of the others"}
    assert len(found) == 8
    assert suggest("mailb", viewer=None)[0].title.startswith("Mailbox")


def test_browsers_can_add_the_site(client: Client, db: None) -> None:
    response = client.get(reverse("search:opensearch"))
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own page
    assert "{searchTerms}" in "".join(
        element.get("template", "") for element in root if element.get("template")
    )


def test_too_many_searches_are_told_when_to_come_back(
    shelf: Library, client: Client, settings: pytest.FixtureRequest
) -> None:
    """SE-14."""
    settings.RATE_LIMITS = {"search": "2/m/ip"}  # type: ignore[attr-defined]
    for path in (reverse("search:results"), "/api/v1/search"):
        codes = [client.get(path, {"q": "mailbox"}).status_code for _ in range(3)]
        assert codes[-1] == 429
    response = client.get("/api/v1/search", {"q": "mailbox"})
    assert int(response["Retry-After"]) > 0
    assert response["Content-Type"] == "application/problem+json"
    assert int(client.get(reverse("search:suggest"), {"q": "m"})["Retry-After"]) > 0


@pytest.fixture
def answers(shelf: Library, client: Client) -> dict[str, object]:
    return client.get("/api/v1/search", {"q": "mailbox", "limit": 1}).json()


def test_the_api_answers_as_documented(answers: dict[str, object], client: Client) -> None:
    first_release = {"total", "took_ms", "results", "suggestion", "unmatched", "next"}
    assert set(answers) == first_release | {"degraded"}
    assert answers["total"] == 2
    [first] = answers["results"]  # type: ignore[misc]
    assert {"kind", "id", "title", "url", "snippet", "lang", "score"} <= set(first)
    assert isinstance(first["id"], str)
    second = client.get(
        "/api/v1/search", {"q": "mailbox", "limit": 1, "cursor": answers["next"]}
    ).json()
    assert second["next"] is None
    assert second["results"][0]["id"] != first["id"]


def test_the_api_filters_by_kind_and_language(shelf: Library, client: Client) -> None:
    found = client.get("/api/v1/search", {"q": "mailbox", "kind": ["note"], "lang": "pl"}).json()
    assert [hit["lang"] for hit in found["results"]] == ["pl"]
    assert client.get("/api/v1/search", {"q": "mailbox", "kind": "nothing"}).json()["total"] == 0


def test_the_api_refuses_nonsense_as_a_problem(client: Client, db: None) -> None:
    response = client.get("/api/v1/search", {"q": "x", "limit": "many"})
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
