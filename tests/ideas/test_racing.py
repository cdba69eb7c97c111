"""Votes under real threads: one row a person, and the counter is the rows (reliability 4.4)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from common.votes import set_vote
from ideas.models import Idea, IdeaVote, Stage
from ideas.stages import default_stage
from links.models import Move
from products.models import Product, Tag
from tests.racing import in_thread, race, racing

TABLES = (ContentType, Permission, Group, User, Product, Tag, Stage, Move, Idea, IdeaVote)


def _idea() -> int:
    people = [User.objects.create(email=f"p{n}@people.example", display_name="P") for n in range(4)]
    return Idea.objects.create(
        author=people[0], title="One of them", slug="one", stage=default_stage()
    ).pk


def _vote(idea: int, person: str, on: bool) -> bool:
    user = User.objects.get(email=person)
    return set_vote(IdeaVote, Idea.objects.get(pk=idea), user, on=on, counter="vote_count")


def _counted(idea: int) -> tuple[int, int]:
    return Idea.objects.get(pk=idea).vote_count, IdeaVote.objects.filter(target=idea).count()


@pytest.mark.django_db(transaction=True)
def test_racing_votes_count_each_person_once(tmp_path: Path) -> None:
    """ID-01"""
    with racing(tmp_path, *TABLES):
        idea = in_thread(_idea)
        votes = [
            partial(_vote, idea, f"p{number % 4}@people.example", True) for number in range(12)
        ]
        assert sorted(race(votes)) == [False] * 8 + [True] * 4
        assert in_thread(partial(_counted, idea)) == (4, 4)
        backs = [partial(_vote, idea, "p1@people.example", False) for _number in range(4)]
        assert sorted(race(backs)) == [False] * 3 + [True]
        assert in_thread(partial(_counted, idea)) == (3, 3)
