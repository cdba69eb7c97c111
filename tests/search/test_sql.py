"""The `sql` engine itself: what its tables answer to a query."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from search.engines.base import Found
from search.engines.sql.engine import SqlEngine
from search.models import Entry
from search.projection import live
from search.query import Filters, build
from search.syntax import parse
from tests.search.library import Library


def _at(year: int) -> datetime.datetime:
    return datetime.datetime(year, 3, 1, 12, tzinfo=datetime.UTC)


def _asked(text: str, **more: Any) -> Found:
    query = replace(build(parse(text), "en", Filters()), **more)
    return SqlEngine().search(query, live())


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
        assert found.total == SqlEngine().search(query, live()).total
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
