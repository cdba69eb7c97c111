"""What the two databases say differently, and how a posting's id is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection

SHIFT = 31
MASK = (1 << SHIFT) - 1
# Below SQLite's limit of 32,766 variables a statement.
CHUNK = 5_000
_ROWS = 2_000

T = TypeVar("T")


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def marks(values: Sequence[Any]) -> str:
    """`%s, %s, %s` for VALUES."""
    return ", ".join(["%s"] * len(values))


def rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def execute(sql: str, parameters: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def insert_postings(postings: Any) -> None:
    """(id, weight) pairs, from a generator too; sorted by id, which is several times faster."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy("COPY search_posting (id, weight) FROM STDIN") as copy:
                for posting in postings:
                    copy.write_row(posting)
        else:
            stream = iter(postings)
            # Many rows a statement take half the time of many statements.
            while some := list(islice(stream, _ROWS)):
                values = ", ".join(["(%s, %s)"] * len(some))
                sql = f"INSERT INTO search_posting (id, weight) VALUES {values}"
                cursor.execute(sql, list(chain.from_iterable(some)))


def terms_of(collection: int, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Key → (term id, documents) of the keys that exist."""
    found: dict[str, tuple[int, int]] = {}
    for some in chunks(list(keys)):
        sql = f"SELECT key, id, df FROM search_term WHERE collection_id = %s AND key IN ({marks(some)})"
        found.update((key, (term, df)) for key, term, df in rows(sql, [collection, *some]))
    return found


def beginning_with(prefix: str) -> tuple[str, list[str]]:
    """A condition on `key` that a b-tree answers in byte order on both databases."""
    # The last code point of the alphabet stands behind every word that begins so.
    last = f"{prefix}\U0010ffff"
    if connection.vendor == "postgresql":
        return "key ~>=~ %s AND key ~<~ %s", [prefix, last]
    return "key >= %s AND key < %s", [prefix, last]


# "peerdesk terms", as a number that nothing else locks.
_TERMS_LOCK = 7_331_650_001


def keep_terms() -> None:
    """Nobody takes terms away before this transaction has ended. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        execute("SELECT pg_advisory_xact_lock_shared(%s)", [_TERMS_LOCK])


def may_take_terms() -> bool:
    """Whether nobody is writing who may need a term; if so, until this transaction has ended."""
    if connection.vendor != "postgresql":
        return True
    # It does not wait: whoever waits for it would hold up all writers behind it.
    return bool(rows("SELECT pg_try_advisory_xact_lock(%s)", [_TERMS_LOCK])[0][0])
