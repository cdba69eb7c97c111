"""What every engine answers to a query, beside what test_find, test_access and test_hostile say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

import search
from search import integrity, tasks
from search.engines import engine
from search.engines.base import Found
from search.models import Collection, Entry
from search.projection import live, reconcile
from search.query import Filters, build, find, suggest
from search.syntax import parse
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine


STAFF = frozenset({"public", "staff"})


def _at(year: int) -> datetime.datetime:
    return datetime.datetime(year, 3, 1, 12, tzinfo=datetime.UTC)


def _asked(text: str, **more: Any) -> Found:
    query = replace(build(parse(text), "en", Filters()), **more)
    return engine().search(query, live())


def _changed(found: Found) -> list[int]:
    by_pk = {entry.object_id: entry.updated_at.year for entry in Entry.objects.all()}
    return [by_pk[hit.object_id] for hit in found.hits]


@pytest.fixture
def years(library: Library) -> Library:
    for year in (2021, 2024, 2022, 2025, 2023):
        title = "Mail rule" if year % 2 else "About a rule for mail, and other things"
        library.add(title, "Rules sort mail.", updated_at=_at(year), solved=year > 2022)
    library.add("Mail rule of staff", tokens=frozenset({"staff"}), updated_at=_at(2026))
    return library


@pytest.mark.parametrize("text", ["mail rule", '"rule"', "is:solved"])
def test_newest_orders_by_the_last_change_and_pages(years: Library, text: str) -> None:
    seen, after, pages = [], None, 0
    while pages == 0 or after:
        found = _asked(text, newest=True, limit=2, after=after)
        query = build(parse(text), "en", Filters())
        assert found.total == engine().search(query, live()).total
        seen += _changed(found)
        after, pages = found.next, pages + 1
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) >= 3
    assert 2026 not in seen


def test_newest_behind_the_last_is_empty_but_counted(years: Library) -> None:
    found = _asked("mail rule", newest=True, after=(1, 1))
    assert (found.hits, found.total, found.next) == ([], 5, None)


def test_newest_keeps_filters_access_and_facets(years: Library) -> None:
    found = _asked("mail rule", newest=True, facets=True, tokens=frozenset({"public", "staff"}))
    assert _changed(found)[0] == 2026
    assert found.facets["solved"] == {True: 3, False: 2, None: 1}
    found = _asked("mail rule", newest=True, solved=False)
    assert _changed(found) == [2022, 2021]
    assert found.total == 2


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("text", ["mail rule", '"mail rule"'])
def test_since_leaves_out_what_changed_before(years: Library, text: str, newest: bool) -> None:
    found = _asked(text, since=_at(2023), newest=newest, facets=True)
    expected = {2023, 2024, 2025} if text == "mail rule" else {2023, 2025}
    assert set(_changed(found)) == expected
    assert found.total == sum(found.facets["kind"].values()) == len(expected)


def test_a_change_moves_a_document_to_the_front(years: Library) -> None:
    pk = years.add("Mail rule, the oldest", updated_at=_at(2001))
    assert _asked("mail rule", newest=True).hits[-1].object_id == pk
    years.change(pk, updated_at=_at(2027))
    assert _asked("mail rule", newest=True).hits[0].object_id == pk


def test_newest_shows_one_of_a_family(library: Library) -> None:
    library.add("Outlook set-up", language="en", family="a:1", updated_at=_at(2020))
    library.add("Outlook einrichten", language="de", family="a:1", updated_at=_at(2025))
    library.add("Outlook again", language="en", updated_at=_at(2022))
    found = _asked("outlook", newest=True)
    assert _changed(found) == [2022, 2020]
    assert found.total == 2


# Access and privacy


def test_private_texts_change_nothing_for_others(library: Library) -> None:
    """Reliability classes 5 and 7: no score, total, facet, spelling or completion."""
    for number in range(6):
        library.add(f"Mailbox quota {number}", "About a mailbox. " * number, product="mail")

    def seen() -> Any:
        found = _asked("mailbox quotaa", facets=True)
        return found.hits, found.total, found.facets, found.corrections, found.unmatched

    before = seen()
    for number in range(30):
        library.add(
            f"Mailbox quotaa zanzibar {number}",
            "quotaa mailbox zanzibar",
            tokens=frozenset({"staff"}),
            product="secret",
        )
    assert seen() == before
    assert _asked("zanzibar").unmatched == ["zanzibar"]
    assert _asked("zanzibr").corrections == {}
    assert engine().complete("zanz", live()) == []
    found = _asked("mailbox quotaa", tokens=STAFF, facets=True)
    assert found.total == 36
    assert found.facets["product"] == {"mail": 6, "secret": 30}


def test_who_may_see_it_finds_a_private_word(library: Library) -> None:
    library.add("Mailbox")
    library.add("Mailbox zanzibar", tokens=frozenset({"staff"}))
    found = _asked("zanzibar mailbox", tokens=STAFF)
    assert (found.total, found.unmatched) == (2, [])
    assert _asked("zanzibar nowhere", tokens=STAFF).unmatched == ["nowhere"]
    assert _asked("zanzibar", tokens=frozenset({"user:7"})).total == 0


def test_a_text_made_private_is_gone_for_others_with_its_words(library: Library) -> None:
    """Reliability class 8."""
    pk = library.add("Mailbox zanzibar")
    library.add("Mailbox")
    assert _asked("zanzibar").total == 1
    library.change(pk, tokens=frozenset({"staff"}))
    found = _asked("zanzibar mailbox", facets=True)
    assert (found.total, found.unmatched) == (1, ["zanzibar"])
    assert engine().complete("zanz", live()) == []


# Conditions


def test_what_is_left_out_is_neither_found_nor_counted(library: Library) -> None:
    first = library.add("Mail one")
    second = library.add("Mail two")
    library.add("Mail three")
    found = _asked("mail", without=(("note", first), ("note", second)), facets=True)
    assert found.total == sum(found.facets["kind"].values()) == len(found.hits) == 1


def test_a_phrase_keeps_its_gaps_and_does_not_span_title_and_body(library: Library) -> None:
    library.add("Reset the password", "Open the console.")
    library.add("Reset password", "Open the console of the tenant.")
    library.add("Reset", "Password rules.")
    titles = {hit.title for hit in find('"reset the password"', viewer=None).hits}
    assert titles == {"Reset the password"}
    titles = {hit.title for hit in find('"reset password"', viewer=None).hits}
    assert titles == {"Reset password"}
    assert find('"console of the tenant"', viewer=None).total == 1
    assert find('"password open"', viewer=None).total == 0


def test_filters_of_one_group_are_or_of_several_and(library: Library) -> None:
    for number, product in enumerate(["mail", "files", "chat"]):
        for language in ("en", "de"):
            library.add(f"Quota {number}", product=product, language=language, state="open")
    found = _asked("quota", products=("mail", "files"), languages=("de",), facets=True)
    assert found.total == 2
    assert found.facets["product"] == {"mail": 1, "files": 1, "chat": 1}
    assert found.facets["language"] == {"en": 2, "de": 2}
    assert found.facets["state"] == {"open": 2}
    assert _asked("quota", states=("closed",)).total == 0


def test_pages_of_families_follow_each_other(library: Library) -> None:
    """Behind the pool, too: a translation never comes twice, nor instead of another."""
    for number in range(70):
        text = "mail rule " * (number % 9)
        library.add(f"Mail {number}", text, language="en", family=f"f:{number}")
        if number % 2:
            library.add(f"Mail {number}", text * 3, language="de", family=f"f:{number}")
        if number % 3 == 0:
            library.add(f"Mail {number}", text, language="pl", family=f"f:{number}")
    for reader in ("en", "de"):
        seen: list[str] = []
        after, pages = None, 0
        while pages == 0 or after:
            found = _asked("mail rule", reader=reader, limit=16, after=after)
            assert found.total == 70
            seen += [hit.object_id for hit in found.hits]
            after, pages = found.next, pages + 1
        families = Entry.objects.filter(object_id__in=seen).values_list("family", flat=True)
        assert len(seen) == len(set(seen)) == len(set(families)) == 70
        shown = set(Entry.objects.filter(object_id__in=seen).values_list("language", flat=True))
        assert shown == ({"en"} if reader == "en" else {"en", "de"})


def test_a_page_begins_where_the_text_is_about_it(library: Library) -> None:
    body = "Nothing to see here. " * 200 + "The selector of the signature. " * 3
    library.add("Deliver mail", body)
    [hit] = _asked("signature selector").hits
    assert len("Nothing to see here. " * 190) < hit.offset < len(body)
    assert _asked("signature selector", places=False).hits[0].offset == 0


# Keeping


def test_a_removed_text_is_gone(library: Library) -> None:
    pk = library.add("Mailbox quota")
    library.add("Mailbox rules")
    assert _asked("mailbox").total == 2
    library.withdraw(pk)
    found = _asked("mailbox quota", facets=True)
    assert (found.total, found.unmatched) == (1, ["quota"])
    assert engine().complete("quo", live()) == []


def test_a_rebuild_changes_no_answer_and_leaves_one_collection(library: Library) -> None:
    for number in range(12):
        library.add(f"Mail {number}", "calendar " * number, family=f"f{number // 2}")
    library.add("Mail of staff", tokens=frozenset({"staff"}))
    before = [hit.object_id for hit in _asked("mail calendar").hits]
    assert search.rebuild() == 13
    assert [hit.object_id for hit in _asked("mail calendar").hits] == before
    assert Collection.objects.get().state == Collection.State.LIVE
    assert integrity_faults() == []
    assert [hit.title for hit in suggest("calen", viewer=None)]


def integrity_faults() -> list[str]:
    return [fault for _, found in integrity.checks() for fault in found if "note" in fault]


def test_what_changes_while_it_is_rebuilt_is_in_the_new_index(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, removed = library.add("Mail old"), library.add("Mail gone")
    for number in range(5):
        library.add(f"Mail {number}")
    made = type(engine())
    build = made.build

    def slow(self: Any, documents: Any, collection: Collection) -> int:
        count: int = build(self, documents, collection)
        library.change(changed, title="Mail new")
        library.withdraw(removed)
        library.add("Mail added")
        return count

    with monkeypatch.context() as patched:
        patched.setattr(made, "build", slow)
        search.rebuild()
    assert {hit.title for hit in find("new added old gone", viewer=None).hits} == {
        "Mail new",
        "Mail added",
    }
    assert _asked("mail").total == 7
    assert integrity_faults() == []
    assert Collection.objects.count() == 1


def test_nightly_work_and_reconciling_find_nothing_to_do(library: Library) -> None:
    for number in range(5):
        library.add(f"Mailbox {number}", "quota " * number)
    before = _asked("mailbox quota").hits
    tasks.refresh_statistics()
    tasks.tidy()
    assert reconcile(live()) == 0
    assert _asked("mailbox quota").hits == before
    assert engine().health()["documents"] == 5


def test_one_letter_stands_for_its_pairs(library: Library) -> None:
    library.add("删除邮箱", language="zh-hans")
    library.add("Other")
    assert find("邮", viewer=None, language="zh-hans").total == 1


def test_what_is_asked_for_outdoes_how(library: Library) -> None:
    calendar = library.add("Calendar view", "Day and week.")
    whose = library.add("Whose turn", "Day and week.")
    assert [hit.object_id for hit in _asked("whose calendar").hits] == [calendar, whose]
    assert _asked("whose calendar yourself").unmatched == []
