"""How long something takes, in at most two units and without an empty one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.durations import span


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "1 min"),
        (38, "38 min"),
        (60, "1 h"),
        (130, "2 h 10 min"),
        (24 * 60, "1 day"),
        (24 * 60 + 61, "1 d 1 h"),
        (24 * 60 + 40, "1 day"),
        (6 * 24 * 60 + 300, "6 d 5 h"),
        (12 * 24 * 60 + 300, "12 days"),
    ],
)
def test_a_span_of_time(minutes: float, words: str) -> None:
    assert span(timedelta(minutes=minutes)) == words
