"""The results page as a whole: filters, dates, orders, chips, what to do when nothing is found."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from products.models import Product
from search import query as search_query
from search.filters import Around
from search.hits import Results
from search.query import find
from tests.cast import Cast
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def shelf(library: Library) -> Library:
    now = timezone.now()
    Product.objects.create(code="mail", names={"en": "Alder Mail"})
    library.add("Mailbox one", product="mail", updated_at=now, state="open", solved=True)
    library.add("Mailbox two", updated_at=now - timedelta(5), state="closed", solved=False)
    library.add("Mailbox mailbox three", "mailbox", updated_at=now - timedelta(50), language="pl")
    library.add("Mailbox four", updated_at=now - timedelta(500), state="open", product="mail")
    library.add("Mailbox secret", tokens=frozenset({"agents"}), state="open")
    return library


def page(client: Client, address: str = "", **query: Any) -> str:
    response = client.get(reverse("search:results") + address, query or None)
    assert response.status_code == 200
    return response.text


def titles(html: str) -> list[str]:
    found = re.findall(r'class="row__title".*?<bdi>(.*?)</bdi>', html, re.DOTALL)
    return [re.sub(r"<.*?>", "", title).split()[-1] for title in found]


def links(html: str, label: str) -> list[dict[str, list[str]]]:
    """The queries of the links named LABEL."""
    found = []
    for href, text in re.findall(r'<a[^>]*href="(\?[^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL):
        if label in re.sub(r"<.*?>", "", text):
            found.append(parse_qs(urlsplit(unescape(href)).query))
    return found


@pytest.mark.parametrize(
    ("since", "expected"),
    [("day", 1), ("week", 2), ("year", 3), ("", 4), ("nonsense", 4), ("2000-01-01", 4)],
)
def test_only_what_changed_lately(
    shelf: Library, client: Client, since: str, expected: int
) -> None:
    """SE-06."""
    html = page(client, q="mailbox", since=since)
    assert f"{expected} result" in html
    assert len(titles(html)) == expected


def test_the_words_go_along_into_the_case(cast: Cast, sign_in: Any, library: Library) -> None:
    """Who may open one types its subject only once; found something or not."""
    library.add("Mailbox one")
    for words in ("mailbox", "zzzz"):
        own = sign_in(cast.alice).get(reverse("search:results"), {"q": words}).text
        new = reverse("support:new")
        assert f'{new}?q={words}&amp;subject={words}"' in own
        assert (
            f'value="{words}"' in sign_in(cast.alice).get(f"{new}?q={words}&subject={words}").text
        )
        assert new not in Client().get(reverse("search:results"), {"q": words}).text


def test_headings_and_items_do_not_run_into_the_text(library: Library, client: Client) -> None:
    library.add("Mailbox rules", "A mailbox is full.\n\nImportant\n\nKeep it:\n\nOne\nTwo")
    text = re.sub(r"<.*?>", "", page(client, q="mailbox"))
    assert "A mailbox is full. Important · Keep it: One · Two" in text


def test_no_time_is_offered_that_leads_to_nothing(library: Library, client: Client) -> None:
    library.add("Mailbox one", updated_at=timezone.now() - timedelta(20))
    library.add("Mailbox two", updated_at=timezone.now() - timedelta(200))
    html = page(client, q="mailbox")
    assert not links(html, "Past week")
    assert links(html, "Past month")
    # All that is there was changed in that time.
    assert not links(html, "Past year")
    assert links(page(client, q="mailbox", since="week"), "Past week")


def test_one_result_is_neither_ordered_nor_filtered(shelf: Library, client: Client) -> None:
    html = page(client, q="one")
    assert titles(html) == ["one"]
    assert "Best match" not in html
    assert "filters__body" not in html
    # What was chosen before can be undone.
    assert "Best match" in page(client, q="one", sort="newest")
    assert links(page(client, q="one", since="year"), "Any time")


@every_engine
def test_the_newest_first_page_by_page(library: Library, client: Client) -> None:
    """SE-06: the order is kept from page to page, nothing twice and nothing lost."""
    now = timezone.now()
    for number in range(45):
        library.add(f"Mailbox {number}", updated_at=now - timedelta(hours=number))
    html, seen = page(client, q="mailbox", sort="newest"), []
    for _ in range(5):
        seen += titles(html)
        onward = re.search(r'href="([^"]*)"\s+rel="next"', html)
        if not onward:
            break
        assert "sort=newest" in onward[1]
        html = client.get(unescape(onward[1])).text
    assert seen == [str(number) for number in range(45)]


def test_a_status_is_a_filter_with_a_count(shelf: Library, client: Client) -> None:
    """SE-06: in the words of the kind; a count holds only what the viewer may see (SE-03)."""
    shelf.source.states = lambda viewer=None: {"open": "Still open", "closed": "Done"}  # type: ignore[method-assign]
    html = page(client, q="mailbox")
    assert re.search(r'Still open</span>\s*<span class="num">2<', html)
    assert links(html, "Still open") == [{"q": ["mailbox"], "state": ["open"]}]
    narrowed = page(client, q="mailbox", state="open")
    assert sorted(titles(narrowed)) == ["four", "one"]
    assert "Status:" in narrowed


@every_engine
def test_everything_chosen_stays_together_and_each_can_go(shelf: Library, client: Client) -> None:
    """SE-06: links of filters, chips and orders keep the rest."""
    html = page(client, "?q=mailbox&product=mail&solved=yes&since=year&sort=newest")
    rest = {"q": ["mailbox"], "product": ["mail"], "solved": ["yes"], "since": ["year"]}
    assert links(html, "Best match") == [rest]
    kept = {**rest, "sort": ["newest"]}
    chips = {"Product:": "product", "Past year": "since"}
    for label, name in chips.items():
        expected = {key: value for key, value in kept.items() if key != name}
        assert expected in links(html, label), label
    assert {"q": ["mailbox"]} in links(html, "Show everything")
    for name, value in (("product", "mail"), ("solved", "yes"), ("since", "year")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in html


def test_fields_that_were_typed_are_chips_too(shelf: Library, client: Client) -> None:
    """SE-05, SE-06: and choosing another value takes the typed one over."""
    html = page(client, q="mailbox product:mail -four")
    assert titles(html) == ["one"]
    assert {"q": ["mailbox -four"]} in links(html, "product:mail")
    assert {"q": ["mailbox product:mail"]} in links(html, "-four")
    assert {"q": ["mailbox -four"]} in links(html, "Alder Mail")


def test_a_filter_needs_no_words(shelf: Library, client: Client) -> None:
    """SE-05, SE-06: a field that was the whole query moves into the address with a second value."""
    html = page(client, q="is:solved")
    assert titles(html) == ["one"]
    [other] = links(html, "Not solved")
    assert "q" not in other
    html = page(client, **other)
    assert titles(html) == ["two"]
    assert "1 result" in html
    assert [chip["solved"] for chip in links(html, "Solved") if "solved" in chip] == [["yes"]]
    # The newest first, and the next page goes on from there.
    assert titles(page(client, lang=["en", "pl"])) == ["one", "two", "three", "four"]
    assert titles(page(client, q="???", lang="en")) == []


@pytest.mark.parametrize("name", ["kind", "product", "lang", "state", "solved", "since"])
def test_an_empty_field_of_a_form_chooses_nothing(
    shelf: Library, client: Client, name: str
) -> None:
    """SE-06."""
    assert len(titles(page(client, q="mailbox", **{name: ""}))) == 4
    assert titles(page(client, **{name: ""})) == []


def test_filters_that_leave_nothing_say_how_many_there_were(shelf: Library, client: Client) -> None:
    html = page(client, q="mailbox in:notes", product="calendar")
    assert "Nothing with these filters" in html
    assert "There are 4 results without them." in html
    assert {"q": ["mailbox"]} in links(html, "Search without filters")


def test_a_phrase_that_stands_nowhere_leads_to_its_words(shelf: Library, client: Client) -> None:
    """SE-05: with what else was asked for."""
    html = page(client, q="“one mailbox” -four", product="mail")
    assert "There is 1 result without the quotes." in html
    [link] = links(html, "Search without quotes")
    assert link == {"q": ["one mailbox -four"], "product": ["mail"]}
    assert titles(page(client, **link)) == ["one"]
    assert "without the quotes" not in page(client, q='"zzz yyy"')
    # Nor is anything told of what the reader may not see.
    assert "without the quotes" not in page(client, q='"secret zzz"')


def test_a_filter_alone_that_leaves_nothing_says_so(shelf: Library, client: Client) -> None:
    """SE-06."""
    html = page(client, state="missing")
    assert "0 results" in html
    assert "How to search" not in html
    assert "How to search" in page(client)


def test_nothing_found_leads_on_with_the_words(shelf: Library, client: Client) -> None:
    html = page(client, q="xylophone is:solved")
    for name, parameter in (("forum:ask", "title"), ("support:contact", "q")):
        assert f'href="{reverse(name)}?{parameter}=xylophone"' in html
    assert reverse("ideas:list") in html
    assert 'value="xylophone"' in client.get(f"{reverse('forum:ask')}?title=xylophone").text


def test_the_end_of_a_list_leads_on_with_the_words(shelf: Library, client: Client) -> None:
    """S-44."""
    html = page(client, q="mailbox & quota")
    assert f'href="{reverse("forum:ask")}?title=mailbox%20%26%20quota"' in html
    assert f'href="{reverse("support:contact")}?q=mailbox%20%26%20quota"' in html


def test_what_is_not_in_the_readers_language_says_so(library: Library, client: Client) -> None:
    """ML-06: title, heading, passage, and the name of the language; in suggestions, too."""
    library.add("Kwota skrzynki", "Skrzynka mailbox jest pełna.", language="pl")
    library.add("Arabic mailbox", "صندوق mailbox", language="ar")
    html = page(client, q="mailbox")
    assert re.search(r'<li lang="pl"><bdi>Polski</bdi></li>', html)
    assert re.search(r'class="row__title"[^>]*lang="ar"', html)
    assert re.search(r'class="row__text" lang="pl" dir="auto"', html)
    listed = client.get(reverse("search:suggest"), {"q": "mailb"}).text
    assert re.search(r'class="listbox__words" lang="pl"', listed)
    assert "Polski" not in client.get("/pl/search/", {"q": "mailbox"}).text.split("results-q")[1]


@pytest.mark.parametrize("prefix", ["pl", "ar"])
def test_the_readers_language_comes_first(library: Library, client: Client, prefix: str) -> None:
    """SE-07: one hit for all translations of a thing, in the reader's language where there is one."""
    for language in ("en", "pl", "ar"):
        library.add(f"Mailbox {language}", "mailbox", language=language, family="note:1")
    library.add("Mailbox other", language="en", family="note:2")
    html = client.get(f"/{prefix}/search/", {"q": "mailbox"}).text
    assert titles(html) == [prefix, "other"]


def test_what_is_archived_or_declined_comes_last(library: Library, client: Client) -> None:
    """SE-12."""
    library.add("Mailbox mailbox mailbox archived", "mailbox mailbox", demoted=True)
    library.add("About the mailbox and many other things live", "other words")
    assert titles(page(client, q="mailbox")) == ["live", "archived"]


def test_a_search_that_had_to_be_simpler_says_so(
    shelf: Library, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A calm note instead of an error."""

    def less(*args: Any, **more: Any) -> Results:
        found = find(*args, **more)
        found.degraded = True
        return found

    assert "in a simpler way" not in page(client, q="mailbox")
    monkeypatch.setattr("search.views.find", less)
    assert "in a simpler way" in page(client, q="mailbox")
    monkeypatch.setattr("search.api.find", less)
    assert client.get("/api/v1/search", {"q": "mailbox"}).json()["degraded"] is True


def test_too_many_searches_keep_what_was_typed(
    shelf: Library, client: Client, settings: Any
) -> None:
    """SE-14: in the reader's language, with the words and the filters still there."""
    settings.RATE_LIMITS = {"search": "1/m/ip"}
    address = "/pl/search/?q=mailbox+quota&kind=note"
    client.get(address)
    response = client.get(address)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert 'value="mailbox quota"' in response.text
    assert '<input type="hidden" name="kind" value="note">' in response.text
    assert '<html lang="pl"' in response.text


def test_the_page_costs_the_same_whatever_is_chosen(
    shelf: Library, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        shelf.add(f"Mailbox {number}", product="mail", state="open", solved=True)
    chosen = "?q=mailbox+product:mail&state=open&solved=yes&since=year&sort=newest&lang=en"
    page(client, chosen)
    with django_assert_max_num_queries(16):
        page(client, chosen)


def test_links_of_an_empty_answer_are_whole() -> None:
    """Nothing searched, nothing chosen: no filters, no orders, no chips."""
    around = Around(QueryDict(""), Results(), {})
    assert (around.groups(), around.orders(), around.chosen(), around.kept()) == ([], [], [], [])
    assert search_query.find("", viewer=None).hits == []


@every_engine
def test_spans_of_time_are_counted(shelf: Library, client: Client) -> None:
    """SE-06: under the other filters, whatever span is chosen; families count once."""
    now = timezone.now()
    for language in ("en", "pl"):
        shelf.add(
            "Mailbox five", language=language, family="note:5", updated_at=now - timedelta(20)
        )
    spans = [("Past day", 1), ("Past week", 2), ("Past month", 3), ("Past year", 4)]
    for chosen in ({}, {"since": "week"}, {"since": "year", "sort": "newest"}):
        html = page(client, q="mailbox", **chosen)
        for label, count in spans:
            assert re.search(rf'{label}</span>\s*<span class="num">{count}<', html), (chosen, label)
    html = page(client, q="mailbox", product="mail", since="month")
    assert re.search(r'Past year</span>\s*<span class="num">1<', html)
    html = page(client, q='"mailbox one"', since="year")
    assert re.search(r'Past day</span>\s*<span class="num">1<', html)
