"""The `sql` engine itself: what its tables answer to a query."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engines.base import Query
from search.engines.sql import reading
from search.engines.sql.engine import SqlEngine
from search.engines.sql.reading import Term
from search.engines.sql.top import Top
from search.models import Collection
from search.projection import live
from search.query import Filters, build, similar_query
from search.registry import Document
from search.syntax import parse
from tests.search.library import Library


def test_words_of_private_texts_take_no_places_of_a_long_body(library: Library) -> None:
    """A word that only private texts have is unknown to the public, not the rarest of all."""
    secret = " ".join(
        f"geheim{letter}{end}" for letter in "abcdefghijklmnopqrstuvwxyz" for end in "xyz"
    )
    note = library.add("Staff note", secret, tokens=frozenset({"staff"}))
    quota = library.add("Mailbox quota", "The quota of a mailbox is exceeded.")
    for number in range(20):
        library.add(f"Printer {number}", "Paper jam in the tray.")
    body = f"{secret} {secret} quota exceeded"
    query = similar_query("Something about a thing", body, "en")
    assert [hit.object_id for hit in SqlEngine().search(query, live()).hits] == [quota]
    staff = replace(query, tokens=frozenset({"public", "staff"}))
    assert [hit.object_id for hit in SqlEngine().search(staff, live()).hits] == [note]


def test_the_quick_way_ranks_as_the_whole_one_does(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading only the best documents gives the same list as joining all that match."""
    collection = Collection.objects.create(state=Collection.State.SCRATCH)
    documents = [
        Document(
            kind="note",
            object_id=str(number),
            title=f"Mail rule {number % 13}" if number % 6 else "Other things",
            body="mail " * (number % 7) + "rule " * (number % 5) + "and so on " * (number % 30),
            url="",
            language=("en", "de", "pl")[number % 3],
            family=f"a:{number // 3}" if number % 2 else "",
            demoted=number % 11 == 0,
            popularity=number % 4,
            tokens=frozenset({"staff"}) if number % 17 == 0 else frozenset({"public"}),
        )
        for number in range(500)
    ]
    SqlEngine().build(documents, collection)
    asked = [build(parse(text), "en", Filters()) for text in ("mail rule 3 5", "other mail", "so")]
    queries = [replace(query, limit=limit) for query in asked for limit in (5, 50)]
    quick, taken = [], 0
    for query in queries:
        found = Top(query, collection, _finding(query, collection), [("d.is_public", [])]).rows(30)
        taken += bool(found)
        quick.append(SqlEngine().search(query, collection))
    assert taken > 1
    monkeypatch.setattr(Top, "rows", lambda self, wanted: [])
    assert [SqlEngine().search(query, collection) for query in queries] == quick


def _finding(query: Query, collection: Collection) -> list[Term]:
    counts = reading.statistics(collection)
    terms = reading.lookup(reading.keyed(query.words), collection, counts)
    return reading.split(terms, counts, query.words)[0]
