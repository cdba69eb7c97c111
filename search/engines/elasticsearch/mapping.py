"""The fields of an index, and nothing else: what is not declared here is refused."""

from __future__ import annotations

from typing import Any

from elasticsearch.dsl import Boolean, Double, Keyword, Long, Mapping, SparseVector, Text
from elasticsearch.dsl.field import Binary

from search.engines.elasticsearch.facets import COLUMN

PUBLIC, PRIVATE = "public_terms", "private_terms"
TITLE, PHRASE = "title_terms", "stems"
# Between title and body, so that no phrase spans both.
GAP = 100


def mapping() -> Mapping:
    made = Mapping()
    # Weights by term. Private texts have a field of their own, so that counting the public one
    # says nothing about them.
    made.field(PUBLIC, SparseVector())
    made.field(PRIVATE, SparseVector())
    made.field(TITLE, Text(analyzer="whitespace", norms=False, index_options="docs"))
    made.field(PHRASE, Text(analyzer="whitespace", norms=False, position_increment_gap=GAP))
    # Columns of what a hit tells; what only filters needs none.
    for name in ("kind", "object_id", "primary"):
        made.field(name, Keyword())
    for name in ("language", "product", "state", "solved", "tokens"):
        made.field(name, Keyword(doc_values=False))
    made.field("is_public", Boolean(doc_values=False))
    made.field(COLUMN, Keyword())
    for name in ("doc", "family", "changed"):
        made.field(name, Long())
    made.field("factor", Double(index=False))
    made.field("words", Binary(doc_values=True))
    # Columns answer; entries are the source of everything, so no second one is kept here.
    made.meta("_source", enabled=False)
    made.meta("dynamic", "strict")
    return made


def body(replicas: int, *, is_filling: bool = False) -> dict[str, Any]:
    """Settings and mappings of a new index."""
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": 0 if is_filling else replicas,
            "refresh_interval": "-1" if is_filling else "1s",
            # What is lost while it is filled is filled again.
            "translog": {"durability": "async" if is_filling else "request"},
        },
        "mappings": mapping().to_dict(),
    }
