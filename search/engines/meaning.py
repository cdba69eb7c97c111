"""What nearness in meaning adds to the fit of words: the weighted sum of search.md 4.1."""

from __future__ import annotations

from collections.abc import Collection as Keys
from collections.abc import Mapping
from dataclasses import replace

from search.engines.base import Query, Scored

# Cosines below FLOOR say nothing; one of CLEAR is worth the whole weight (decisions/0006).
FLOOR = 0.3
CLEAR = 0.6
# What the best hit of words alone would have, where there is none.
_ALONE = 1_000_000


def weight_of(query: Query, unmatched: Keys[str]) -> float:
    """Words that nothing has cannot rank: meaning then weighs as much as all words together."""
    asked = [word for word in query.words if not word.is_extra]
    return 1.0 if 2 * len(unmatched) > len(asked) else query.near_weight


def gains(cosines: Mapping[int, float], best: int, weight: float) -> dict[int, int]:
    """What each document gains beside a BEST score of words alone."""
    top = max([CLEAR, *cosines.values()])
    most = weight * (best or _ALONE)
    return {
        doc: int(most * max(0.0, cosine - FLOOR) / (top - FLOOR)) for doc, cosine in cosines.items()
    }


def lifted(
    hits: list[Scored], cosines: Mapping[int, float], weight: float, least: int
) -> list[Scored]:
    """HITS with the gain of those in COSINES (by doc); none of these ends below LEAST.

    It only adds, like everything that ranks: a page behind the first is a page of the same list.
    """
    gained = gains(cosines, max((hit.score for hit in hits), default=0), weight)
    return [
        replace(hit, score=max(least, hit.score + gained[hit.doc])) if hit.doc in gained else hit
        for hit in hits
    ]
