"""AA-02, U-27: what people searched for and did not find, per language and with trend."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from search import projection
from search.editing import figures
from search.models_editing import QueryCount
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]
REPORT = "/admin/reports/searches/"


def log(text: str, days_ago: int = 0, language: str = "en", **counts: int) -> None:
    day = timezone.now().date() - timedelta(days=days_ago)
    QueryCount.objects.create(
        day=day, language=language, text=text, **{"searches": 1, "results": 5, **counts}
    )


@pytest.fixture
def searched(db: None) -> None:
    log("vpn", searches=4, empty=4, results=0)
    log("vpn", 31, searches=2, empty=2, results=0)
    log("vpn", 65, searches=50, empty=50, results=0)
    log("drukarka", 3, "pl", searches=2, empty=2, results=0)
    log("mailbox", 1, searches=10, answered=1)
    log("calendar", 1, searches=10, answered=9)
    log("once", 1)


def rows(show: str, days: int = 30, language: str = "") -> list[figures.Row]:
    return figures.rows_of(figures.queries(show, days, language))


def test_what_was_not_found(searched: None) -> None:
    found = rows(figures.EMPTY)
    assert [(row.text, row.about, row.about_before) for row in found] == [
        ("vpn", 4, 2), ("drukarka", 2, 0),
    ]  # fmt: skip
    assert (found[0].trend, found[0].is_new) == (100, False)
    assert found[1].is_new


def test_what_was_found_but_hardly_opened(searched: None) -> None:
    """Once is chance."""
    assert [(row.text, row.about, row.opened) for row in rows(figures.LOW)] == [("mailbox", 9, 10)]


def test_everything_by_number(searched: None) -> None:
    assert [row.text for row in rows(figures.ALL)][:3] == ["calendar", "mailbox", "vpn"]


def test_what_was_typed_once_is_counted_but_not_told(searched: None) -> None:
    """It may name somebody (docs/decisions/0004-query-log.md)."""
    log("anna nowak pension", empty=1, results=0)
    log("twice on two days")
    log("twice on two days", 40)
    shown = {row.text for show in figures.SHOWS for row in rows(show)}
    assert "twice on two days" in shown
    assert not shown & {"once", "anna nowak pension"}
    assert figures.totals(30).queries == 7


def test_a_period_and_a_language(searched: None) -> None:
    assert [row.text for row in rows(figures.EMPTY, 30, "pl")] == ["drukarka"]
    assert rows(figures.EMPTY, 90)[0].about == 56
    assert [row.text for row in rows(figures.EMPTY, 7)] == ["vpn", "drukarka"]


def test_the_page_shows_it_with_ways_on(searched: None, cast: Cast, sign_in: SignIn) -> None:
    html = sign_in(cast.ed).get(REPORT).text
    assert "vpn" in html
    assert "+100\u00a0%" in html
    assert "calendar" not in html
    assert "/admin/search/synonyms/add/?query=vpn&amp;language=en" in html
    assert "/admin/search/pins/add/?query=drukarka&amp;language=pl" in html
    assert "/admin/help/draft/?title=Vpn&amp;language=en" in html
    assert "found at once" in html
    assert "Trend" in html
    # Of the year before nothing is known any more.
    assert "Trend" not in sign_in(cast.ed).get(REPORT, {"days": "365"}).text
    low = sign_in(cast.ed).get(REPORT, {"show": "low", "days": "7"}).text
    assert "mailbox" in low
    assert "10\u00a0%" in low


def test_an_empty_report_says_why(cast: Cast, sign_in: SignIn) -> None:
    assert "without saying who" in sign_in(cast.ed).get(REPORT).text


@pytest.mark.parametrize("query", [{"show": "x", "days": "-1", "language": "'"}, {"p": "x"}])
def test_odd_addresses_are_the_plain_report(
    searched: None, cast: Cast, sign_in: SignIn, query: dict[str, str]
) -> None:
    assert "vpn" in sign_in(cast.ed).get(REPORT, query).text


def test_the_export_is_complete_and_harmless(searched: None, cast: Cast, sign_in: SignIn) -> None:
    """ASVS 1.2.10: a spreadsheet must not take a query for a formula."""
    log("=cmd|' /c calc'!a0", searches=9, empty=9, results=0)
    for number in range(60):
        log(f"missing {number}", searches=2, empty=1, results=0)
    response = sign_in(cast.ed).get(REPORT, {"export": "csv", "show": "empty"})
    text = b"".join(response.streaming_content).decode()
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][:4] == ["Typed", "Language", "Searches", "Without result"]
    assert len(lines) == 1 + 2 + 1 + 60
    assert lines[1][0] == "'=cmd|' /c calc'!a0"


def test_masked_queries_lead_nowhere(cast: Cast, sign_in: SignIn) -> None:
    log("[…]", searches=3, empty=3, results=0)
    html = sign_in(cast.ed).get(REPORT).text
    assert "[…]" in html
    assert "query=" not in html


def test_the_report_costs_the_same_for_many(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(cast.ed)
    log("missing", empty=1)
    client.get(REPORT)
    with django_assert_max_num_queries(60) as one:
        client.get(REPORT)
    for number in range(40):
        log(f"missing {number}", empty=1)
    with django_assert_max_num_queries(len(one)):
        client.get(REPORT)


def test_editors_and_administrators_only(cast: Cast, sign_in: SignIn, searched: None) -> None:
    """A moderator and an agent have the admin, but not what people typed."""
    for name, person in cast.everyone.items():
        for path in (REPORT, f"{REPORT}results/", f"{REPORT}?export=csv"):
            response = sign_in(person).get(path)
            assert (response.status_code == 200) is (name in {"ed", "root"}), (name, path)
    assert sign_in().get(REPORT).status_code == 302
    assert "Searches" in sign_in(cast.ed).get("/admin/").text
    assert "/reports/searches/" not in sign_in(cast.erin).get("/admin/").text


def test_a_server_says_how_far_it_is_behind(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SE-15, with the figures of Elasticsearch."""
    told = {
        "engine": "elasticsearch", "documents": 1_234_567, "is_away": True, "waiting": 12,
        "refused": 3, "lag_seconds": 95, "is_outdated": True,
    }  # fmt: skip
    monkeypatch.setattr(projection, "health", lambda: told)
    html = sign_in(cast.ed).get(REPORT).text
    for text in (
        "elasticsearch", "1,234,567", "the database answers", "95 seconds", "of an earlier version",
    ):  # fmt: skip
        assert text in html
    # A few searches come before it is taken for away.
    told |= {"is_away": False, "is_in_doubt": True}
    html = sign_in(cast.ed).get(REPORT).text
    assert "did not answer the last time" in html
    assert "the database answers" not in html
