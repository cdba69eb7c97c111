"""SE-11: what is searched for is counted, and nothing says by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from common.tokens import sign
from home.models import SiteVersion
from search.editing import log
from search.editing.log import token_of
from search.editing.masking import MASK, kept
from search.models_editing import QueryClick, QueryCount
from tests.cast import Cast
from tests.search.library import Library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def tell(client: Client, event: str, token: str, hit: str = "", **more: Any) -> int:
    data = {"event": event, "token": token, "hit": hit}
    return client.post(reverse("search:seen"), data, **(more or OWN)).status_code


def shown(query: str, *notes: str) -> str:
    """The token of a page with these results."""
    keys = [("note", pk) for pk in notes]
    return token_of(query, "en", results=len(notes), shown=keys)


def row(text: str = "mailbox full") -> QueryCount:
    return QueryCount.objects.get(text=text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("anna.nowak@example.com cannot log in", f"{MASK} cannot log in"),
        ("+48 600 700 800", MASK),
        ("call 600700800 now", f"call {MASK} now"),
        ("account 12345678901234", f"account {MASK}"),
        ("case 10234", MASK),
        ("my ticket #12 is open", f"my {MASK} is open"),
        ("zgłoszenie nr 10423", MASK),
        ("pd-10423 status", f"{MASK} status"),
        ("Password: Tulip7", MASK),
        ("192.168.1.20 ping", f"{MASK} ping"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc", MASK),
        ("ghp_0123456789abcdefABCDEF0123456789", MASK),
        ("6f9619ff-8b86-d011-b42d-00cf4fc964ff", MASK),
        ("a@b.example c@d.example", MASK),
        ("password Tulip7! refused", f"{MASK} refused"),
        ("my hasło jest zima2024 nie działa", f"my hasło jest {MASK} nie działa"),
        ("token abc123def456", MASK),
        ("pin 4711", MASK),
        ("contract ab123456", f"contract {MASK}"),
        ("8b2c1f0e-1111-2222-3333-444455556666", MASK),
        ("open https://files.example/x?token=abcdef now", f"open {MASK} now"),
    ],
)
def test_what_looks_personal_is_masked(typed: str, expected: str) -> None:
    assert kept(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["550 5.7.26", "password policy windows 11", "token expired 401",
     "pin code", "password kb5034441", "hasło wygasło", "error 0x80070005", "kb5034441 fails", "event 4625", "802.1x", "windows 11 24h2",
     "office 365", "reset password", "łódź", "outlook 予定表"],
)  # fmt: skip
def test_what_people_search_for_stays_legible(typed: str) -> None:
    assert kept(typed) == typed


def test_case_and_blanks_make_no_difference() -> None:
    assert kept("  Mailbox\tFULL ") == kept("mailbox full") == "mailbox full"
    assert len(kept("word " * 200)) <= 200
    assert kept("\x00\u202e") == ""


def test_a_search_is_counted_once_a_page(client: Client) -> None:
    token = token_of("Mailbox full", "en", results=3)
    assert [tell(client, "search", token) for _ in range(3)] == [204, 204, 204]
    assert (row().searches, row().empty, row().results) == (1, 0, 3)
    other = client.post(
        reverse("search:seen"), {"event": "search", "token": token}, REMOTE_ADDR="192.0.2.7", **OWN
    )
    assert other.status_code == 204
    assert row().searches == 2


def test_what_found_nothing_is_counted_as_such(client: Client) -> None:
    tell(client, "search", token_of("xylophone", "pl", results=0, is_filtered=True))
    found = row("xylophone")
    assert (found.language, found.empty, found.filtered, found.answered) == ("pl", 1, 1, 0)


def test_what_filters_leave_is_not_what_the_words_find(client: Client) -> None:
    for count, is_filtered, address in ((23, False, "1"), (8, True, "2"), (21, False, "3")):
        token = token_of("calendar", "en", results=count, is_filtered=is_filtered)
        data = {"event": "search", "token": token}
        client.post(reverse("search:seen"), data, REMOTE_ADDR=f"192.0.2.{address}", **OWN)
        assert row("calendar").results == {"1": 23, "2": 23, "3": 21}[address]
    assert (row("calendar").searches, row("calendar").filtered) == (3, 1)


def test_a_click_is_counted_with_what_was_opened(library: Library, client: Client) -> None:
    public, other = library.add("Mailbox"), library.add("Calendar")
    token = shown("mailbox full", public, other)
    tell(client, "search", token)
    for _ in range(2):
        tell(client, "click", token, f"note {public}")
    tell(client, "click", token, f"note {other}")
    assert (row().clicks, row().answered) == (2, 1)
    for pk in (public, other):
        assert QueryClick.objects.get(object_id=pk).clicks == 1


def test_what_did_not_stand_on_the_page_cannot_have_been_opened(
    library: Library, client: Client
) -> None:
    """Or one address could steer what `search_eval --own` takes for good."""
    public, other = library.add("Mailbox"), library.add("Calendar")
    token = shown("mailbox full", public)
    tell(client, "search", token)
    for hit in (f"note {other}", "note 999999", "x 1", "x 2", "note"):
        tell(client, "click", token, hit)
    assert (row().clicks, row().answered) == (0, 0)


def test_another_page_of_the_same_search_is_the_same_search(client: Client) -> None:
    """Each page has a token of its own: they hold the time."""
    tokens = {token_of("Mailbox full", "en", results=number) for number in range(6)}
    assert len(tokens) == 6
    for token in tokens:
        tell(client, "search", token)
    assert row().searches == 1


def test_a_token_of_an_older_release_is_refused(client: Client) -> None:
    old = sign("search.seen", ["mailbox full", "en", 1, False, "2026-01-01"])
    assert tell(client, "search", old) == 403


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("anna zolwinska mailbox", f"{MASK} mailbox"),
        ("mailbox of Żółwińska, Anna", f"mailbox of {MASK}"),
        ("tarnowska logistyka invoices", f"{MASK} invoices"),
        ("invoices for baltyk", f"invoices for {MASK}"),
        # Whoever calls themselves so must not take it out of the report; nor who is no customer.
        ("mailbox full", "mailbox full"),
        ("jan kowalski", "jan kowalski"),
    ],
)
def test_names_of_customers_are_masked(client: Client, db: None, typed: str, expected: str) -> None:
    caches["memory"].clear()
    for name in ("Tarnowska Logistyka Sp. z o.o.", "Bałtyk"):
        made = Organisation.objects.create(name=name, slug=name[:4].lower())
        for person in ("Anna Żółwińska", "Mailbox"):
            user = User.objects.create_user(None, display_name=person)
            Membership.objects.create(user=user, organisation=made)
    User.objects.create_user(None, display_name="Jan Kowalski")
    tell(client, "search", token_of(typed, "en", results=1))
    assert QueryCount.objects.get().text == expected


def test_what_only_some_may_see_is_not_named(library: Library, client: Client) -> None:
    private = library.add("My case", tokens=frozenset({"user:5"}))
    token = shown("mailbox full", private)
    tell(client, "search", token)
    tell(client, "click", token, f"note {private}")
    assert row().answered == 1
    assert not QueryClick.objects.exists()


def test_a_chosen_suggestion_is_a_search_with_a_click(library: Library, client: Client) -> None:
    public = library.add("Mailbox")
    tell(client, "pick", shown("mailb", public), f"note {public}")
    assert (row("mailb").searches, row("mailb").answered) == (1, 1)


def test_yes_after_a_search_is_counted_with_its_click(library: Library, client: Client) -> None:
    public = library.add("Mailbox")
    token = shown("mailbox full", public)
    tell(client, "search", token)
    tell(client, "click", token, f"note {public}")
    data = {"event": "helpful", "q": "Mailbox is:solved full", "hit": f"note {public}"}
    for address in ("192.0.2.1", "192.0.2.2"):
        client.post(reverse("search:seen"), data, REMOTE_ADDR=address, **OWN)
    # Never more than were opened: that bounds what can be made up.
    assert QueryClick.objects.get().helpful == 1


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("forged", OWN, 403),
        ("", OWN, 403),
        (None, {"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        (None, {"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        (None, {"HTTP_ORIGIN": "https://evil.example"}, 403),
        (None, {"HTTP_ACCEPT": "*/*"}, 403),
        (None, {"HTTP_ORIGIN": "http://testserver"}, 204),
        (None, OWN, 204),
    ],
)
def test_only_our_own_pages_are_believed(
    client: Client, token: str | None, headers: dict[str, str], status: int
) -> None:
    own = token_of("mailbox full", "en", results=1) if token is None else token
    assert tell(client, "search", own, **headers) == status
    assert QueryCount.objects.exists() is (status == 204)


def test_a_token_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of("mailbox full", "en", results=1)
    monkeypatch.setattr(log, "_TOKEN_LIFE", timedelta(seconds=-1))
    assert tell(client, "search", token) == 403


def test_forged_counts_are_bounded(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "seen": "5/m/ip"}
    codes = [
        tell(client, "search", token_of(f"mailbox {letter}", "en", results=1))
        for letter in "abcdefgh"
    ]
    assert codes == [204] * 5 + [429] * 3


@pytest.mark.parametrize("hit", ["", "note", "\x00 \x00", "x" * 500, "note " + "9" * 300])
def test_rubbish_does_no_harm(client: Client, hit: str) -> None:
    token = token_of("mailbox full", "en", results=1)
    tell(client, "search", token)
    assert tell(client, "click", token, hit) == 204


def test_counting_leaves_visitors_copies_and_cookies_alone(client: Client) -> None:
    SiteVersion.objects.create(pk=1, number=7)
    response = client.post(
        reverse("search:seen"),
        {"event": "search", "token": token_of("mailbox full", "en", results=1)},
        **OWN,
    )
    assert response.status_code == 204
    assert not response.cookies
    assert SiteVersion.objects.get().number == 7


def test_looking_counts_nothing(library: Library, client: Client) -> None:
    """GET never writes: the page only brings what its script tells back."""
    pk = library.add("Mailbox full")
    with CaptureQueriesContext(connection) as queries:
        html = client.get(reverse("search:results"), {"q": "Mailbox full"}).text
    assert not QueryCount.objects.exists()
    assert not [one for one in queries if one["sql"].startswith(("INSERT", "UPDATE"))
                and "search_query" in one["sql"]]  # fmt: skip
    token = html.split('data-seen="')[1].split('"')[0]
    day, shown = timezone.now().date(), frozenset({("note", pk)})
    assert log.Seen.read(token) == log.Seen("mailbox full", "en", 1, False, day, shown)
    assert html.count("<search-seen") == 1


def test_what_staff_search_for_is_not_counted(library: Library, cast: Cast, sign_in: Any) -> None:
    """They type customers' names, and find what editors may not know of."""
    library.add("Mailbox full")
    for name in ("search:results", "search:suggest"):
        html = sign_in(cast.dana).get(reverse(name), {"q": "Mailbox full"}).text
        assert "Mailbox" in html
        assert "<search-seen" not in html
        assert 'data-seen=""' in html


def test_pages_say_what_can_be_counted(library: Library, client: Client) -> None:
    pk = library.add("Mailbox full")
    results = reverse("search:results")
    assert f'data-hit="note {pk}"' in client.get(results, {"q": "mailbox"}).text
    empty = client.get(results, {"q": "xylophone"}).text
    assert "<search-seen" in empty
    assert "<search-seen" not in client.get(results).text
    for number in range(21):
        library.add(f"Mailbox {number}")
    first = client.get(results, {"q": "mailbox"})
    cursor = first.context["results"].next
    later = client.get(results, {"q": "mailbox", "cursor": cursor}).text
    assert "<search-seen" not in later
    # A click there follows the same search.
    assert 'data-seen="' in later
    suggestions = client.get(reverse("search:suggest"), {"q": "mailb"}).text
    assert 'data-seen-event="pick"' in suggestions
    assert 'data-hit="note ' in suggestions


def test_old_counts_are_forgotten(db: None) -> None:
    today = timezone.now().date()
    for days, text in ((0, "new"), (364, "old"), (366, "older")):
        made = QueryCount.objects.create(day=today - timedelta(days=days), text=text, language="en")
        QueryClick.objects.create(count=made, kind="note", object_id="1", clicks=1)
    log.prune()
    assert set(QueryCount.objects.values_list("text", flat=True)) == {"new", "old"}
    log.prune(rows=1)
    assert set(QueryCount.objects.values_list("text", flat=True)) == {"new"}
    assert QueryClick.objects.count() == 1


def test_nothing_in_the_tables_could_name_anybody() -> None:
    names = {field.name for model in (QueryCount, QueryClick) for field in model._meta.get_fields()}
    assert names == {
        "id", "day", "language", "text", "searches", "filtered", "empty", "answered", "clicks",
        "results", "clicked", "count", "kind", "object_id", "helpful",
    }  # fmt: skip
