"""Synonyms, pins and reports in Wagtail's admin, and who may use them (SE-04, SE-13, AA-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from search.models_editing import Pin, SynonymGroup
from search.query import find
from tests.cast import Cast
from tests.search.library import Library

pytestmark = pytest.mark.usefixtures("site_tree")
SignIn = Callable[..., Client]
SYNONYMS, PINS = "/admin/search/synonyms/", "/admin/search/pins/"


@pytest.fixture
def editor(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.ed)


def words(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def errors(response: Any, field: str) -> str:
    assert response.status_code == 200
    return " ".join(response.context["form"].errors.get(field, []))


def pinned(**more: Any) -> dict[str, Any]:
    return {"queries": "password", "language": "", "position": "1", "is_active": "on", **more}


@pytest.mark.parametrize("path", [SYNONYMS, f"{SYNONYMS}add/", PINS, f"{PINS}add/"])
def test_editors_and_administrators_only(cast: Cast, sign_in: SignIn, path: str) -> None:
    """A moderator, an agent and a product manager have the admin, but nothing of this in it."""
    statuses = {name: sign_in(person).get(path).status_code for name, person in
                cast.everyone.items()}  # fmt: skip
    assert {name for name, status in statuses.items() if status == 200} == {"ed", "root"}
    assert {statuses[name] for name in ("erin", "dana", "pam")} <= {302, 404}
    assert {statuses[name] for name in ("sam", "mia", "alice", "xena")} == {404}
    assert sign_in().get(path).status_code == 302


def test_nobody_else_can_write(cast: Cast, sign_in: SignIn, library: Library) -> None:
    pk = library.add("Start here")
    group = SynonymGroup.objects.create(words="a b\nc d")
    for person in (cast.erin, cast.dana, cast.pam, cast.sam, cast.mia):
        client = sign_in(person)
        client.post(f"{SYNONYMS}add/", {"words": "mailbox\npostbox", "language": ""})
        client.post(f"{SYNONYMS}delete/{group.pk}/")
        client.post(f"{PINS}add/", pinned(target=f"/notes/{pk}"))
    assert SynonymGroup.objects.get() == group
    assert not Pin.objects.exists()


def test_a_group_is_made_and_counts(editor: Client, library: Library) -> None:
    library.add("Turn on the postbox")
    response = editor.post(
        f"{SYNONYMS}add/", {"words": "mailbox, postbox", "language": "", "is_active": "on"}
    )
    assert response.status_code == 302
    assert SynonymGroup.objects.get().words == "mailbox\npostbox"
    assert find("mailbox", viewer=None).total == 1
    assert "mailbox, postbox" in editor.get(SYNONYMS).text


def test_mistakes_are_told_at_the_field(editor: Client) -> None:
    response = editor.post(f"{SYNONYMS}add/", {"words": "mailbox", "language": ""})
    assert "at least two" in errors(response, "words")


def test_a_word_in_two_groups_is_a_warning(editor: Client, db: None) -> None:
    SynonymGroup.objects.create(words="mailbox\nletterbox")
    response = editor.post(
        f"{SYNONYMS}add/", {"words": "Mailboxes\npostbox", "language": "en", "is_active": "on"}
    )
    assert SynonymGroup.objects.count() == 2
    assert "“Mailboxes” is also in the group “mailbox, letterbox”" in words(response)


def test_a_report_fills_the_forms(editor: Client, db: None) -> None:
    for path in (f"{SYNONYMS}add/", f"{PINS}add/"):
        html = editor.get(path, {"query": "mail <box>", "language": "pl"}).text
        assert "mail &lt;box&gt;" in html
        assert '<option value="pl" selected>' in html


@pytest.mark.parametrize(
    "address", ["/notes/{}", "http://testserver/notes/{}?x=1#top", "/pl/notes/{}/"]
)
def test_a_pin_by_address(editor: Client, library: Library, address: str) -> None:
    pk = library.add("Start here")
    response = editor.post(f"{PINS}add/", pinned(target=address.format(pk)))
    assert response.status_code == 302
    made = Pin.objects.get()
    assert made.key == ("note", pk)
    assert find("password", viewer=None).hits[0].pinned


def test_a_pin_by_searching(editor: Client, library: Library) -> None:
    library.add("Start there")
    pk = library.add("Start here")
    first = editor.post(f"{PINS}add/", pinned(target="start"))
    assert "Choose one" in errors(first, "target")
    assert f'value="note {pk}"' in first.text
    assert not Pin.objects.exists()
    second = editor.post(f"{PINS}add/", pinned(target="start", choice=f"note {pk}"))
    assert second.status_code == 302
    assert Pin.objects.get().key == ("note", pk)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("", "required"),
        ("/nowhere/", "Nothing that search can find"),
        ("https://elsewhere.example/x", "Nothing that search can find"),
        ("xylophone", "Nothing was found"),
    ],
)
def test_what_cannot_be_pinned_is_told(
    editor: Client, library: Library, target: str, message: str
) -> None:
    assert message in errors(editor.post(f"{PINS}add/", pinned(target=target)), "target")


def test_an_editor_pins_only_what_they_see(editor: Client, library: Library) -> None:
    """Class 5: neither by address nor by a made-up choice."""
    hidden = library.add("A case", tokens=frozenset({"agents"}))
    by_address = editor.post(f"{PINS}add/", pinned(target=f"/notes/{hidden}"))
    missing = editor.post(f"{PINS}add/", pinned(target="/notes/999999"))
    assert errors(by_address, "target") == errors(missing, "target")
    editor.post(f"{PINS}add/", pinned(target="case", choice=f"note {hidden}"))
    assert not Pin.objects.exists()


def test_the_list_says_what_stands_where(editor: Client, library: Library) -> None:
    good, staff, gone, hidden = (
        library.add("Good one"), library.add("Staff one", tokens=frozenset({"staff"})),
        library.add("Gone one"), library.add("Hidden one", tokens=frozenset({"agents"})),
    )  # fmt: skip
    for pk in (good, staff, gone, hidden):
        Pin.objects.create(queries=f"query {pk}", kind="note", object_id=pk)
    library.withdraw(gone)
    html = editor.get(PINS).text
    assert "Good one" in html
    assert "Staff one" in html
    assert "Hidden one" not in html
    assert "Gone one" not in html
    assert html.count("Gone, or not for you") == 2
    assert html.count("Not for every reader") == 1


def test_the_list_costs_the_same_for_many(
    editor: Client, library: Library, django_assert_max_num_queries: Any
) -> None:
    def add() -> None:
        Pin.objects.create(queries="password", kind="note", object_id=library.add("Start"))

    add()
    editor.get(PINS)
    with django_assert_max_num_queries(60) as one:
        editor.get(PINS)
    for _ in range(9):
        add()
    with django_assert_max_num_queries(len(one)):
        editor.get(PINS)


def test_a_pin_is_changed_and_taken_away(editor: Client, library: Library) -> None:
    pk = library.add("Start here")
    made = Pin.objects.create(queries="password", kind="note", object_id=pk)
    html = editor.get(f"{PINS}edit/{made.pk}/").text
    assert "Start here" in html
    assert f'value="/notes/{pk}"' in html
    editor.post(f"{PINS}edit/{made.pk}/", pinned(queries="reset\nforgot", target=f"/notes/{pk}"))
    assert find("forgot", viewer=None).hits[0].pinned
    editor.post(f"{PINS}delete/{made.pk}/")
    assert find("forgot", viewer=None).total == 0
