"""SE-13: what editors pin stands first, once, for those who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.caching import raise_version
from search.models_editing import EditingState, Pin, SynonymGroup
from search.query import find, suggest
from tests.cast import Cast
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = [every_engine, pytest.mark.usefixtures("site_tree")]


def pin(queries: str, object_id: str, language: str = "", **more: Any) -> Pin:
    made = Pin(queries=queries, kind="note", object_id=object_id, language=language, **more)
    made.full_clean()
    made.save()
    return made


def titles(text: str, **more: Any) -> list[str]:
    return [hit.title for hit in find(text, viewer=None, **more).hits]


@pytest.fixture
def shelf(library: Library) -> Library:
    for number in range(6):
        library.add(f"Password number {number}", "Reset it. " * 3, product="mail")
    library.add("Start here", "About your account.", product="drive", solved=True)
    return library


@pytest.fixture
def start(shelf: Library) -> str:
    return next(pk for pk, one in shelf.source.documents.items() if one.title == "Start here")


def test_a_pin_stands_first_at_once(shelf: Library, start: str) -> None:
    assert "Start here" not in titles("password")
    made = pin("password\nforgot it", start)
    found = find("password", viewer=None)
    assert found.hits[0].title == "Start here"
    assert [hit.pinned for hit in found.hits] == [True] + [False] * 6
    assert found.total == 7
    made.delete()
    assert "Start here" not in titles("password")


@pytest.mark.parametrize(
    "text",
    ["reset password", "Password RESET", "resetting the passwords", "how do I reset a password?"],
)
def test_the_words_count_in_any_order_and_form(shelf: Library, start: str, text: str) -> None:
    pin("reset password", start)
    assert titles(text)[0] == "Start here"


@pytest.mark.parametrize(
    "text",
    ["nie mogę się zalogować", "nie moge sie zalogowac", "Jak sie zalogować?", "zalogowac"],
)
def test_accents_may_be_left_out(shelf: Library, start: str, text: str) -> None:
    """SE-10: small words are small without their accents, too."""
    pin("nie mogę się zalogować", start, language="pl")
    assert titles(text, language="pl")[0] == "Start here"
    SynonymGroup.objects.create(words="się zalogować\nwejść", language="pl")
    assert titles(text, language="pl")[0] == "Start here"
    assert titles("wejsc", language="pl")[0] == "Start here"


def test_typing_without_accents_is_on_the_way(shelf: Library, start: str) -> None:
    """SE-09, SE-10."""
    pin("zapomniałem hasła", start, language="pl")
    for text in ("zapomniałem has", "zapomnialem has", "haslo zapomniale"):
        assert suggest(text, viewer=None, language="pl")[0].title == "Start here"


@pytest.mark.parametrize("text", ["password", "reset password phone", "xylophone"])
def test_other_words_do_not_meet_it(shelf: Library, start: str, text: str) -> None:
    pin("reset password", start)
    assert "Start here" not in titles(text)


def test_a_slip_meets_it_too(shelf: Library, start: str) -> None:
    pin("password", start)
    for text in ("pasword", "Pasword?"):
        found = find(text, viewer=None)
        assert found.suggestion.startswith("password")
        assert found.hits[0].title == "Start here"
        assert found.total == 7


def test_synonyms_meet_it_too(shelf: Library, start: str) -> None:
    pin("log in password", start)
    assert "Start here" not in titles("password sign in")
    SynonymGroup.objects.create(words="sign in\nlog in")
    assert titles("password sign in")[0] == "Start here"


def test_what_is_pinned_is_counted_and_shown_once(shelf: Library) -> None:
    pk = next(iter(shelf.source.documents))
    before = find("password", viewer=None, facets=True)
    pin("password", pk)
    found = find("password", viewer=None, facets=True)
    assert found.total == before.total == 6
    assert len({hit.object_id for hit in found.hits}) == 6
    assert found.hits[0].object_id == pk
    assert _counts(found) == _counts(before)


def _counts(found: Any) -> dict[str, dict[Any, int]]:
    return {name: {one.value: one.count for one in some} for name, some in found.facets.items()}


def test_filters_count_it_as_they_count_others(shelf: Library, start: str) -> None:
    pin("password", start)
    found = find("password", viewer=None, facets=True)
    assert _counts(found)["product"] == {"mail": 6, "drive": 1}
    mail = find("password", viewer=None, facets=True, products=["mail"])
    assert mail.total == 6
    assert not any(hit.pinned for hit in mail.hits)
    assert _counts(mail)["product"] == {"mail": 6, "drive": 1}
    drive = find("password", viewer=None, facets=True, products=["drive"])
    assert [hit.title for hit in drive.hits] == ["Start here"]
    assert drive.total == 1


@pytest.mark.parametrize(
    "text",
    ["password is:unsolved", "password in:ideas", "password tag:dns", '"password"', "title:password",
     "password -phone"],
)  # fmt: skip
def test_nothing_is_put_before_what_was_asked_exactly(
    shelf: Library, start: str, text: str
) -> None:
    pin("password", start)
    assert "Start here" not in titles(text)


def test_the_newest_first_are_the_newest(shelf: Library, start: str) -> None:
    pin("password", start)
    assert "Start here" not in titles("password", newest=True)


def test_later_pages_neither_show_nor_count_it_again(shelf: Library, start: str) -> None:
    pin("password", start)
    seen, cursor, totals = [], None, set()
    while True:
        found = find("password", viewer=None, limit=3, cursor=cursor)
        assert len(found.hits) <= 3
        seen += [hit.title for hit in found.hits]
        totals.add(found.total)
        cursor = found.next
        if not cursor:
            break
    assert seen[0] == "Start here"
    assert len(seen) == len(set(seen)) == 7
    assert totals == {7}


def test_a_page_of_one_is_what_was_found(shelf: Library, start: str) -> None:
    pin("password", start)
    assert not find("password", viewer=None, limit=1).hits[0].pinned


def test_only_those_who_may_see_it_are_shown_it(library: Library, cast: Cast) -> None:
    """Classes 5 and 7: no title, no count."""
    library.add("Password for all")
    secret = library.add("Staff only", tokens=frozenset({"staff"}))
    pin("password", secret)
    found = find("password", viewer=None, facets=True)
    assert [hit.title for hit in found.hits] == ["Password for all"]
    assert found.total == 1
    assert _counts(found)["kind"] == {"note": 1}
    assert find("password", viewer=cast.dana).hits[0].title == "Staff only"
    assert [h.title for h in suggest("passw", viewer=None)] == ["Password for all"]


def test_a_right_that_was_lost_counts_at_once(library: Library, cast: Cast) -> None:
    """Class 8: the row has the last word, not the token."""
    pk = library.add("Start here")
    library.add("Password for all")
    pin("password", pk)
    assert find("password", viewer=None).total == 2
    library.source.refused.add(pk)
    found = find("password", viewer=None)
    assert found.total == 1
    assert [hit.title for hit in found.hits] == ["Password for all"]


def test_what_is_gone_is_silently_absent(shelf: Library, start: str) -> None:
    pin("password", start)
    shelf.withdraw(start)
    found = find("password", viewer=None)
    assert found.total == 6
    assert not any(hit.pinned for hit in found.hits)


def test_time_and_switch(shelf: Library, start: str) -> None:
    now = timezone.now()
    made = pin("password", start, ends_at=now + timedelta(days=1))
    assert titles("password")[0] == "Start here"
    for change in (
        {"ends_at": now - timedelta(minutes=1)},
        {"ends_at": None, "starts_at": now + timedelta(minutes=1)},
        {"starts_at": None, "is_active": False},
    ):
        for name, value in change.items():
            setattr(made, name, value)
        made.save()
        assert "Start here" not in titles("password")


def test_an_end_counts_without_anybody_saving(
    shelf: Library, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin("password", start, ends_at=timezone.now() + timedelta(days=1))
    assert titles("password")[0] == "Start here"
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("search.models_editing.timezone.now", lambda: later)
    assert "Start here" not in titles("password")


def test_readers_of_a_language(shelf: Library, start: str) -> None:
    pin("password", start, language="pl")
    assert "Start here" not in titles("password", language="en")
    assert titles("password", language="pl")[0] == "Start here"


def test_readers_get_the_translation(library: Library) -> None:
    """SE-07: one hit per family, in the reader's language."""
    english = library.add("Start here", family="f1")
    library.add("Zacznij tutaj", language="pl", family="f1")
    library.add("Password")
    pin("password", english)
    assert titles("password", language="pl") == ["Zacznij tutaj", "Password"]
    assert titles("password", language="de")[0] == "Start here"
    # The translations do not come again.
    assert find("password", viewer=None, language="pl").total == 2


def test_its_translations_count_for_the_filters_that_leave_them(library: Library) -> None:
    """SE-06, SE-13: a count is what choosing it gives, of a pinned family too."""
    now = timezone.now()
    english = library.add("Start here", family="f1", updated_at=now - timedelta(20))
    library.add("Zacznij tutaj", language="pl", family="f1", updated_at=now)
    library.add("Password", updated_at=now)
    library.add("Password (hasło)", language="pl", updated_at=now)
    pin("password", english)
    found = find("password", viewer=None, facets=True)
    assert found.total == 3
    assert _counts(found)["language"] == {"en": 2, "pl": 2}
    for language, count in (("en", 2), ("pl", 2)):
        chosen = find("password", viewer=None, facets=True, languages=[language])
        assert chosen.total == len(chosen.hits) == count
        assert _counts(chosen)["language"] == {"en": 2, "pl": 2}


def test_the_spans_of_time_count_it_whatever_span_is_chosen(shelf: Library, start: str) -> None:
    """SE-06."""
    now = timezone.now()
    shelf.change(start, updated_at=now - timedelta(20))
    pin("password", start)
    month = _counts(find("password", viewer=None, facets=True))["since"]["month"]
    week = find("password", viewer=None, facets=True, since=now - timedelta(7))
    assert not any(hit.pinned for hit in week.hits)
    assert _counts(week)["since"]["month"] == month == 7


def test_a_pin_that_a_filter_hides_takes_no_place(shelf: Library, start: str) -> None:
    """SE-13."""
    pin("password", start)
    assert len(find("password", viewer=None, products=["mail"], limit=5).hits) == 5


def test_several_in_the_order_of_the_editor(library: Library) -> None:
    names = [library.add(f"Thing {letter}") for letter in "abcd"]
    library.add("Password")
    for place, pk in enumerate(reversed(names)):
        pin("password", pk, position=place + 1)
    assert titles("password") == ["Thing d", "Thing c", "Thing b", "Password"]


def test_suggestions_lead_with_it(shelf: Library, start: str) -> None:
    pin("reset password", start)
    for text in ("reset passw", "reset password", "password res"):
        hits = suggest(text, viewer=None)
        assert hits[0].title == "Start here", text
        assert hits[0].pinned
    for text in ("reset", "re", "pass", "reset passw "):
        assert "Start here" not in [hit.title for hit in suggest(text, viewer=None)], text


def test_pages_mark_it(shelf: Library, start: str, client: Client) -> None:
    pin("password", start)
    html = client.get(reverse("search:results"), {"q": "password"}).text
    assert html.count("Recommended") == 1
    assert (
        html.index("Start here") < html.index("Recommended") < html.index("Password</mark> number")
    )
    assert "Recommended" not in client.get(reverse("search:results"), {"q": "number"}).text


def test_it_is_among_the_results_that_an_empty_page_tells_of(
    shelf: Library, start: str, client: Client
) -> None:
    """SE-06, SE-13: without the filters, or without the quotes."""
    pin("password", start)
    url = reverse("search:results")
    assert "There are 7 results" in client.get(url, {"q": "password", "product": "x"}).text
    pin("reset phone", start)
    assert "There are 7 results" in client.get(url, {"q": '"reset phone"'}).text


def test_the_api_says_so(shelf: Library, start: str, client: Client) -> None:
    pin("password", start)
    found = client.get("/api/v1/search", {"q": "password"}).json()
    assert [one["pinned"] for one in found["results"]] == [True] + [False] * 6
    assert found["total"] == 7


def test_a_query_that_meets_no_pin_costs_no_more(shelf: Library, start: str) -> None:
    def cost() -> int:
        find("password", viewer=None)
        with CaptureQueriesContext(connection) as queries:
            find("password", viewer=None)
        return len(queries)

    before = cost()
    pin("elephant", start)
    assert cost() == before


@pytest.mark.parametrize(
    ("queries", "message"),
    [("", "blank|at least one"), ("?!", "holds no word"), ("a " * 30, "too long")],
)
def test_what_makes_no_pin_is_told(db: None, queries: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        pin(queries, "1")
    assert any(part in " ".join(caught.value.messages) for part in message.split("|"))


def test_an_end_before_the_start_is_told(db: None) -> None:
    now = timezone.now()
    with pytest.raises(ValidationError, match="after the start"):
        pin("password", "1", starts_at=now, ends_at=now - timedelta(days=1))


def test_a_pin_of_another_process_is_on_a_visitors_next_page(start: str, client: Client) -> None:
    """SE-04: or the old page would be kept under the number of the changed site."""
    address = f"{reverse('search:results')}?q=password"
    assert "Start here" not in client.get(address).text
    # As another process writes: no signal here, only rows; and the editor's POST raises the version.
    Pin.objects.bulk_create([Pin(queries="password", kind="note", object_id=start)])
    EditingState.objects.update_or_create(pk=1, defaults={"token": "from elsewhere"})
    raise_version()
    page = client.get(address)
    assert "Start here" in page.text
    again = client.get(address, headers={"if-none-match": page.headers["ETag"]})
    assert again.status_code == 304
