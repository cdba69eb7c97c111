"""Orphans among links, keys and moves are found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from ideas.models import Idea
from links import integrity
from links.actions import connect, remember_key
from links.models import Link, Move, type_of
from tests.cast import Cast
from tests.ideas.factories import make_idea

pytestmark = pytest.mark.django_db


def problems() -> dict[str, int]:
    return {name: len(found) for name, found in integrity.checks() if found}


def test_sound_links_have_no_problems(cast: Cast) -> None:
    one, two = make_idea(cast.alice), make_idea(cast.bob, "Another idea of ours")
    connect(one, two, Link.Kind.DUPLICATE_OF, by=cast.erin)
    remember_key("demo", "idea", "k1", one)
    assert problems() == {}


def test_what_leads_nowhere_is_found(cast: Cast) -> None:
    one, two = make_idea(cast.alice), make_idea(cast.bob, "Another idea of ours")
    connect(one, two, Link.Kind.DUPLICATE_OF, by=cast.erin)
    remember_key("demo", "idea", "k1", one)
    Idea.objects.filter(pk=one.pk).delete()
    now = timezone.now()
    common = {"destination": "idea", "proposed_by": cast.dana, "source_type": type_of(Organisation)}
    Move.objects.create(**common, source_id=1, state=Move.State.CONFIRMED, expires_at=now)
    Move.objects.create(**common, source_id=2, expires_at=now - timedelta(days=3))
    assert problems() == {
        "links: both ends are there": 1,
        "links: imported keys lead to something": 1,
        "links: confirmed moves have a target": 1,
        "links: offers end in time": 1,
    }
