"""A judged set from the site's own log: what people opened after a search, and what helped them.

People open what stands at the top, so the figures flatter the ranking they come from; they are
good for comparing two rankings, and for seeing which queries lead nowhere.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from search.editing.masking import MASK
from search.engines.base import Engine
from search.evaluation import measures, slip
from search.models import Entry
from search.models_editing import QueryClick
from search.projection import live
from search.query import Filters, build
from search.syntax import Parsed

DAYS = 90
# Fewer openings are chance.
LEAST = 2
_DEPTH = 100
_SEED = 7


@dataclass(slots=True)
class OwnSet:
    """The queries of one language, and what was opened after each: {"kind id": grade}."""

    language: str
    judged: dict[str, dict[str, int]] = field(default_factory=dict)


def own_sets(days: int = DAYS, least: int = LEAST) -> list[OwnSet]:
    """Of the last DAYS, what was opened at least LEAST times; one set a language."""
    rows = (
        QueryClick.objects.filter(count__day__gt=timezone.now().date() - timedelta(days=days))
        .exclude(count__text__contains=MASK)
        .values_list("count__language", "count__text", "kind", "object_id")
        .annotate(opened=Sum("clicks"), helped=Sum("helpful"))
        .filter(opened__gte=least)
        .order_by("count__language", "count__text", "kind", "object_id")
    )
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for language, text, kind, object_id, opened, helped in rows:
        found[language, text][f"{kind} {object_id}"] = (opened, helped)
    sets: dict[str, OwnSet] = {}
    for (language, text), opened_by_key in found.items():
        own = sets.setdefault(language, OwnSet(language))
        own.judged[text] = _grades(opened_by_key)
    return list(sets.values())


def _grades(opened: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Opened, opened by most, and called helpful: 1 each."""
    total = sum(clicks for clicks, _helped in opened.values())
    return {
        key: 1 + (2 * clicks >= total) + (helped > 0) for key, (clicks, helped) in opened.items()
    }


def evaluate_own(
    engine: Engine, *, days: int = DAYS, least: int = LEAST, typos: bool = False
) -> Iterator[dict[str, Any]]:
    """The figures of each language on the live index, as a visitor finds."""
    for own in own_sets(days, least):
        figures = _run(own, engine, lambda text: text)
        result = {
            "set": f"own-{own.language}",
            "engine": engine.name,
            "documents": Entry.objects.filter(is_public=True).count(),
            "queries": len(own.judged),
            **figures,
        }
        if typos:
            # Not for secrets: the same slips every time make runs comparable.
            chance = random.Random(_SEED)  # noqa: S311
            wrong = _run(own, engine, lambda text, chance=chance: slip(text, chance))  # type: ignore[misc]
            result["typo_ndcg@10"] = wrong["ndcg@10"]
            result["typo_loss"] = round(1 - wrong["ndcg@10"] / (figures["ndcg@10"] or 1), 4)
        yield result


def _run(own: OwnSet, engine: Engine, typed: Callable[[str], str]) -> dict[str, float]:
    collection, totals, times, empty = live(), defaultdict[str, float](float), [], 0
    for text, grades in own.judged.items():
        cpu = time.process_time()
        query = build(Parsed(text=typed(text)), own.language, Filters())
        found = engine.search(replace(query, limit=_DEPTH, places=False), collection)
        times.append((time.process_time() - cpu) * 1000)
        ids = [f"{hit.kind} {hit.object_id}" for hit in found.hits]
        empty += not ids
        for name, value in measures(ids, grades).items():
            totals[name] += value
    count = len(own.judged)
    times.sort()
    return {
        **{name: round(total / count, 4) for name, total in totals.items()},
        "empty": round(empty / count, 4),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }
