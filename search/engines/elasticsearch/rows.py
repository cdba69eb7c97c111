"""What a hit of an answer says, checked: a server may say anything."""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from search.analysis.stemming import base_language
from search.engines.base import Query
from search.engines.elasticsearch.client import Asker, Rubbish
from search.engines.elasticsearch.encoding import primary_of
from search.engines.sql.ranking import Words

# A score is a 32-bit float; so many binary digits behind the point keep it whole in a cursor.
DIGITS = 23
# Parts our cursors from those of `sql`, which may have answered the page before.
OURS = 1 << 58
# No score and no second is farther from nought.
_FARTHEST = 1 << 34
_SINGLE = struct.Struct("f")

Place = tuple[int, int]


def single(number: float) -> float:
    """NUMBER as the server holds it."""
    rounded: float = _SINGLE.unpack(_SINGLE.pack(number))[0]
    return rounded


READER_BONUS = 1.3
FACTOR = 0.001
_BONUS, _LIFT = single(READER_BONUS), single(FACTOR)


def lifted(score: float, factor: int, *, is_own: bool) -> float:
    """SCORE after popularity and the reader's language, to the digit as function_score has it."""
    lift = factor * _LIFT
    return single(score * (lift * _BONUS if is_own else lift))


@lru_cache(maxsize=200)
def own_language(reader: str) -> str:
    """As documents keep it, for they are many."""
    return primary_of(base_language(reader))


@dataclass(slots=True)
class Row:
    """A document that matched. KEY and DOC are its place in the list."""

    key: int
    doc: int
    kind: str
    object_id: str
    family: int
    factor: int
    # 2 in the reader's language, 1 in English.
    preference: int
    score: int
    words: Words | None = None

    @property
    def place(self) -> Place:
        return self.key, self.doc


def row_of(hit: dict[str, Any], query: Query, *, is_bare: bool = False) -> Row:
    """IS_BARE: the score is the sum of the terms alone, and lifted here."""
    fields = hit["fields"]
    sort = (hit["_score"], fields["doc"][0]) if is_bare else hit["sort"]
    kind, object_id, primary = fields["kind"][0], fields["object_id"][0], fields["primary"][0]
    if not (isinstance(kind, str) and isinstance(object_id, str) and isinstance(primary, str)):
        raise Rubbish("a hit without a name")
    if not -_FARTHEST < sort[0] < _FARTHEST or not 0 <= sort[1] < OURS << 1:
        raise Rubbish("a hit without a place")
    is_own = primary == own_language(query.reader)
    factor = int(fields["factor"][0])
    score = single(hit["_score"])
    if is_bare:
        score = lifted(score, factor, is_own=is_own)
    packed = fields.get("words", (None,))[0]
    return Row(
        key=int(sort[0]) if query.newest else key_of(score),
        doc=int(sort[1]),
        kind=kind,
        object_id=object_id,
        family=int(fields.get("family", (0,))[0]),
        factor=factor,
        preference=2 if is_own else int(primary == "en"),
        score=int(score),
        words=words_in(packed) if packed else None,
    )


def key_of(score: float) -> int:
    return int(score * (1 << DIGITS))


def place_of(row: Row) -> Place:
    return row.place


def shown_as(row: Row, shown: Row) -> Row:
    if (shown.kind, shown.object_id) == (row.kind, row.object_id):
        return row
    return replace(row, kind=shown.kind, object_id=shown.object_id, factor=shown.factor, words=None)


def hits_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    hits = answer["hits"]["hits"]
    if not isinstance(hits, list):
        raise Rubbish("no list of hits")
    return hits


def words_in(packed: str) -> Words:
    """The words of a document in order, as `encoding` packed them."""
    try:
        return Words(b64decode(packed))
    except (IndexError, TypeError, ValueError) as error:
        raise Rubbish("words cut off") from error


def read_words(
    rows: Sequence[Row], asker: Asker, scoring: Sequence[dict[str, Any]] = ()
) -> dict[tuple[str, str], int]:
    """Fills in the words of ROWS; what SCORING gives to each."""
    missing = {(row.kind, row.object_id): row for row in rows if row.words is None or scoring}
    if not missing:
        return {}
    ids = [f"{kind}:{object_id}" for kind, object_id in missing]
    body = {
        "query": {"bool": {"filter": [{"ids": {"values": ids}}], "should": list(scoring)}},
        "size": len(ids),
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["kind", "object_id", "words"],
    }
    scores = {}
    for hit in hits_of(asker.ask(body)):
        fields = hit["fields"]
        key = (fields["kind"][0], fields["object_id"][0])
        scores[key] = int(hit["_score"])
        if key in missing:
            missing[key].words = words_in(fields["words"][0])
    return scores
