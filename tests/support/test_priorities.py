"""S-18 to S-22: the guided choice of a priority."""

from __future__ import annotations

import pytest

from support.models import Affected, Priority, Usable
from support.priorities import LEVELS, level, propose


@pytest.mark.parametrize(
    ("affected", "usable", "workaround", "expected"),
    [
        # S-18: delays on most mail in and out; the same with one person is P2.
        (Affected.EVERYONE, Usable.NO, False, Priority.P1),
        (Affected.SEVERAL, Usable.NO, False, Priority.P1),
        (Affected.ONE, Usable.NO, False, Priority.P2),
        # S-19: a 500 page on one person's mail; a calendar broken between two teams.
        (Affected.SEVERAL, Usable.PARTLY, False, Priority.P2),
        (Affected.ONE, Usable.PARTLY, False, Priority.P2),
        # S-20: deletable by changing the address, not with the button.
        (Affected.ONE, Usable.PARTLY, True, Priority.P3),
        (Affected.EVERYONE, Usable.NO, True, Priority.P3),
        # S-21: words for the spelling dictionary; the default when nothing stronger holds.
        (Affected.ONE, Usable.YES, False, Priority.P4),
        (Affected.EVERYONE, Usable.YES, False, Priority.P4),
        ("", "", False, Priority.P4),
    ],
)
def test_the_examples_of_the_policy(
    affected: str, usable: str, workaround: bool, expected: Priority
) -> None:
    """S-18, S-19, S-20, S-21."""
    assert propose(affected, usable, workaround) == expected


def test_p1_only_if_all_three_hold() -> None:
    """S-18."""
    found = [
        (a, u, w)
        for a in Affected.values
        for u in Usable.values
        for w in (False, True)
        if propose(a, u, w) == Priority.P1
    ]
    assert found
    assert all(a != Affected.ONE and u == Usable.NO and not w for a, u, w in found)


def test_p3_only_if_there_is_a_way_round() -> None:
    """S-20: what is said of it on the same page is true of every case that gets it."""
    for affected in ("", *Affected.values):
        for usable in ("", *Usable.values):
            assert propose(affected, usable, True) == Priority.P3
            assert propose(affected, usable, False) != Priority.P3


def test_every_priority_has_a_meaning_and_an_example() -> None:
    """S-22: one table for form, policy and desk."""
    assert list(LEVELS) == list(Priority.values)
    assert all(level(p).meaning and level(p).example for p in Priority.values)
