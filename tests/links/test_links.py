"""Links between things, imported keys, and the line drawn from them (N-2)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from ideas.models import Idea
from links.actions import connect, disconnect, known_keys, remember_key
from links.models import ImportedKey, Link
from links.trail import MAX_STATIONS, trail_for
from moderation.actions import hide
from tests.cast import Cast
from tests.ideas.factories import make_idea, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(cast: Cast) -> list[Idea]:
    """Five ideas, each of which became the next."""
    made = []
    for number in range(5):
        idea = make_idea(cast.alice, f"Idea number {number} of the chain")
        idea.created_at = timezone.now() - timedelta(days=10 - number)
        idea.save(update_fields=["created_at"])
        made.append(idea)
    for source, target in pairwise(made):
        connect(source, target, Link.Kind.PROMOTED_TO, by=cast.alice)
    return made


def test_tying_twice_is_one_link(cast: Cast, chain: list[Idea]) -> None:
    link, created = connect(chain[0], chain[1], Link.Kind.PROMOTED_TO, by=cast.bob)
    assert not created
    assert link.created_by == cast.alice
    assert disconnect(chain[0], chain[1], Link.Kind.PROMOTED_TO)
    assert not disconnect(chain[0], chain[1], Link.Kind.PROMOTED_TO)


def test_an_unknown_kind_of_link_is_an_error(cast: Cast, chain: list[Idea]) -> None:
    with pytest.raises(ValueError, match="likes"):
        connect(chain[0], chain[1], "likes", by=cast.alice)


def test_the_line_holds_four_and_folds_the_rest(cast: Cast, chain: list[Idea]) -> None:
    line = trail_for(chain[2], cast.bob)
    assert [s["state"] for s in line[:MAX_STATIONS]] == ["past", "here", "past", "future"]
    assert [s["title"] for s in line if s["state"] == "here"] == [chain[2].title]
    assert sorted(s["title"] for s in line if s["kind"] == "idea") == sorted(i.title for i in chain)
    assert len(line) == len(chain) + 1


def test_what_led_here_stands_before(cast: Cast, chain: list[Idea]) -> None:
    line = trail_for(chain[1], AnonymousUser())
    titles = [s["title"] for s in line if s["kind"] == "idea"]
    assert (
        titles.index(chain[0].title) < titles.index(chain[1].title) < titles.index(chain[2].title)
    )


def test_an_outage_stands_before_what_it_caused(cast: Cast) -> None:
    case, outage = (
        make_idea(cast.alice, "The case of us all"),
        make_idea(cast.alice, "The outage itself"),
    )
    connect(case, outage, Link.Kind.CAUSED_BY, by=cast.dana)
    assert [s["title"] for s in trail_for(case, cast.bob)][:2] == [outage.title, case.title]


def test_a_hidden_thing_is_neither_shown_nor_stepped_through(cast: Cast, chain: list[Idea]) -> None:
    hide(chain[1], by=cast.erin, reason="Spam")
    titles = [s["title"] for s in trail_for(chain[2], cast.bob)]
    assert chain[1].title not in titles
    assert chain[0].title not in titles


def test_nothing_comes_after_a_decided_idea_and_alone_it_has_no_trail(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    assert [s["state"] for s in trail_for(idea, cast.bob)] == ["here", "future"]
    idea.stage = stage("declined")
    idea.save(update_fields=["stage"])
    assert trail_for(Idea.objects.get(pk=idea.pk), cast.bob) == []


def test_the_line_costs_the_same_for_one_neighbour_and_twenty(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    hub = make_idea(cast.alice, "The idea all others became")
    for total in (1, 20):
        for number in range(total):
            other = make_idea(cast.alice, f"Number {total} {number} of them")
            connect(other, hub, Link.Kind.DUPLICATE_OF, by=cast.alice)
        fresh = Idea.objects.select_related("stage").get(pk=hub.pk)
        trail_for(fresh, cast.bob)
        # Links, who may be seen, and the links of those.
        with django_assert_num_queries(3):
            trail_for(fresh, cast.bob)


def test_an_imported_key_is_remembered_once(cast: Cast, chain: list[Idea]) -> None:
    """IM-04"""
    remember_key("demo", "idea", "k1", chain[0])
    remember_key("demo", "idea", "k1", chain[1])
    assert ImportedKey.objects.get().thing == chain[0]
    assert known_keys("demo", "idea", ["k1", "k2"]) == {"k1": chain[0].pk}
    assert known_keys("other", "idea", ["k1"]) == {}
