"""BM25 in two halves: the document's at indexing, the collection's when asked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from search.analysis.documents import Analysed
from search.analysis.stemming import base_language

K1, B = 1.2, 0.75
# A word of the body counts this much of one of the title.
_BODY = 0.75
# Mean lengths assumed until the collection has been counted.
TITLE_MEAN, BODY_MEAN = 7.0, 120.0
_WEIGHT_SCALE = 1000
FACTOR_SCALE = 100
# A weight in thousandths, cut to the nine binary digits that a feature of Elasticsearch keeps:
# all engines score alike. No term of a document weighs nothing.
_CUT = [1, *(w & -(1 << max(0, w.bit_length() - 9)) for w in range(1, 2 * _WEIGHT_SCALE + 1))]
_DEMOTED = 400


@dataclass(slots=True)
class Means:
    """Mean lengths per language, of public texts only."""

    languages: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def of(cls, statistics: dict[str, Any]) -> Means:
        return cls(
            {
                language: [row["n"], row["title"] * row["n"], row["body"] * row["n"]]
                for language, row in statistics.get("languages", {}).items()
            }
        )

    def count(self, language: str, analysed: Analysed) -> None:
        row = self.languages.setdefault(base_language(language), [0, 0.0, 0.0])
        row[0] += 1
        row[1] += analysed.title_length
        row[2] += analysed.body_length

    def __call__(self, language: str) -> tuple[float, float]:
        n, title, body = self.languages.get(base_language(language), (0, 0.0, 0.0))
        if not n:
            return TITLE_MEAN, BODY_MEAN
        return max(title / n, 1.0), max(body / n, 1.0)

    def statistics(self) -> dict[str, Any]:
        return {
            "languages": {
                language: {"n": n, "title": round(title / n, 2), "body": round(body / n, 2)}
                for language, (n, title, body) in self.languages.items()
            }
        }


def saturation(length: float, mean: float, b: float = B) -> float:
    return K1 * (1 - b + b * length / mean)


def posting_weights(analysed: Analysed, means: tuple[float, float]) -> Iterator[tuple[str, int]]:
    """(key, weight) of each term; the lowest bit says that it stands in the title."""
    title_k = saturation(analysed.title_length, means[0])
    body_k = saturation(analysed.body_length, means[1])
    title, body = analysed.title, analysed.body
    # Nearly all words come once, twice or three times: their weights are worked out once.
    alone: dict[int, int] = {}
    for key, count in body.items():
        if key in title:
            in_title = title[key]
            weight = _BODY * count / (count + body_k) + in_title / (in_title + title_k)
            yield key, _CUT[int(weight * _WEIGHT_SCALE)] * 2 + 1
            continue
        if count not in alone:
            alone[count] = _CUT[int(_BODY * count / (count + body_k) * _WEIGHT_SCALE)] * 2
        yield key, alone[count]
    for key, count in title.items():
        if key not in body:
            yield key, _CUT[int(count / (count + title_k) * _WEIGHT_SCALE)] * 2 + 1
    for key in Counter(analysed.tags):
        yield key, _WEIGHT_SCALE * 2


def term_weights(analysed: Analysed, means: tuple[float, float]) -> dict[str, int]:
    """The weights alone, for whoever keeps apart what stands in the title.

    Most words stand once or twice in a text, so each weight is worked out once.
    """
    title_k = saturation(analysed.title_length, means[0])
    body_k = saturation(analysed.body_length, means[1])
    title, body = analysed.title, analysed.body
    by_count = {
        count: _CUT[int(_BODY * count / (count + body_k) * _WEIGHT_SCALE)]
        for count in set(body.values())
    }
    weights = {key: by_count[count] for key, count in body.items()}
    for key, count in title.items():
        weight = count / (count + title_k)
        in_body = body.get(key)
        if in_body:
            weight = _BODY * in_body / (in_body + body_k) + weight
        weights[key] = _CUT[int(weight * _WEIGHT_SCALE)]
    weights.update(dict.fromkeys(analysed.tags, _WEIGHT_SCALE))
    return weights


def idf(documents: int, having: int) -> float:
    having = max(having, 1)
    return math.log(1 + (max(documents, having) - having + 0.5) / (having + 0.5))


def factor_of(*, demoted: bool, popularity: int) -> int:
    """Per mille. Popularity is at most 2 %: it only parts what is otherwise equal."""
    if demoted:
        return _DEMOTED
    return 1000 + min(20, int(2 * math.log2(1 + max(popularity, 0))))


def family_number(family: str) -> int:
    """A stable negative number for a family of translations; 0 for a document without one."""
    if not family:
        return 0
    digest = blake2b(family.encode(errors="replace"), digest_size=8).digest()
    return -(int.from_bytes(digest, "big") >> 2) - 1
