"""The move: proposed, decided, undone; seen from a source that is not a real case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Organisation
from common.errors import Refused
from ideas.actions import comments, posts, votes
from ideas.models import Idea, IdeaVote
from ideas.stages import ensure_defaults
from links import moves, registry
from links.models import Link, Move
from links.trail import trail_for
from notifications.actions import is_subscribed, subscribe
from notifications.models import Subscription
from search.models import Entry
from tests.cast import Cast
from tests.ideas.factories import make_idea, stage

pytestmark = pytest.mark.django_db

DRAFT = {
    "title": "Restore a single folder",
    "body": "Only whole accounts can be restored today.",
    "product": None,
    "language": "en",
    "show_name": False,
}


class FakeOrigin(registry.Origin):
    """An organisation stands in for a case: its name is its text, its country its state."""

    kind = "case"
    model = Organisation

    def check_propose(self, source: Any, *, by: Any) -> None:
        if source.country == "xx":
            raise Refused("Closed.")

    def _set(self, source: Any, state: str) -> None:
        Organisation.objects.filter(pk=source.pk).update(country=state)

    def proposed(self, source: Any, move: Move) -> dict[str, Any]:
        self._set(source, "wa")
        return {"country": source.country}

    def confirmed(self, source: Any, move: Move, target: Any) -> None:
        self._set(source, "r2")

    def declined(self, source: Any, move: Move) -> None:
        self._set(source, move.undo_data["origin"]["country"])

    def expired(self, source: Any, move: Move) -> None:
        self._set(source, "r2")

    undone = declined


@pytest.fixture(autouse=True)
def fake_origin() -> Iterator[None]:
    ensure_defaults()
    registry.register_origin(FakeOrigin())
    yield
    registry._origins.pop(Organisation)


@pytest.fixture
def case(cast: Cast) -> Organisation:
    cast.acme.country = "us"
    cast.acme.save(update_fields=["country"])
    return cast.acme


def state_of(case: Organisation) -> str:
    return Organisation.objects.get(pk=case.pk).country


def propose(case: Organisation, cast: Cast, **payload: Any) -> Move:
    return moves.propose(case, "idea", by=cast.dana, payload=payload or DRAFT, confirmer=cast.alice)


def test_nothing_exists_before_the_yes(case: Organisation, cast: Cast) -> None:
    """S-31: no idea is created without the customer's yes."""
    move = propose(case, cast)
    assert move.state == Move.State.PROPOSED
    assert state_of(case) == "wa"
    assert not Idea.objects.exists()
    assert not IdeaVote.objects.exists()
    assert not Link.objects.exists()
    assert moves.waiting_move(case) == move


def test_the_yes_makes_the_idea_votes_follows_links_and_closes(
    case: Organisation, cast: Cast
) -> None:
    """S-31, ID-06"""
    move = moves.confirm(propose(case, cast), by=cast.alice)
    idea = Idea.objects.get()
    assert (idea.title, idea.vote_count) == (DRAFT["title"], 1)
    assert (idea.author, idea.shown_as) == (cast.dana, Idea.ShownAs.SUPPORT)
    vote = IdeaVote.objects.get()
    assert (vote.user, vote.source, vote.added_by) == (cast.alice, "self", cast.dana)
    assert vote.move == move
    assert is_subscribed(cast.alice, idea)
    assert not is_subscribed(cast.dana, idea)
    link = Link.objects.get()
    assert (link.source, link.target, link.kind) == (case, idea, Link.Kind.PROMOTED_TO)
    assert state_of(case) == "r2"
    assert move.target == idea


def test_a_second_yes_changes_nothing(case: Organisation, cast: Cast) -> None:
    move = propose(case, cast)
    first = moves.confirm(move, by=cast.alice)
    second = moves.confirm(move, by=cast.alice)
    assert first.pk == second.pk
    assert Idea.objects.get().vote_count == 1


def test_the_requester_may_show_their_name(case: Organisation, cast: Cast) -> None:
    moves.confirm(propose(case, cast), by=cast.alice, show_name=True)
    idea = Idea.objects.get()
    assert (idea.author, idea.shown_as) == (cast.alice, Idea.ShownAs.PERSON)


@pytest.mark.parametrize("name", ["dana", "adam", "bob", "carol", "erin", "root"])
def test_nobody_else_says_yes_or_no(case: Organisation, cast: Cast, name: str) -> None:
    move = propose(case, cast)
    with pytest.raises(Refused):
        moves.confirm(move, by=cast.everyone[name])
    with pytest.raises(Refused):
        moves.decline(move, by=cast.everyone[name])
    assert not Idea.objects.exists()


def test_a_no_gives_the_case_back(case: Organisation, cast: Cast) -> None:
    move = moves.decline(propose(case, cast), by=cast.alice)
    moves.decline(move, by=cast.alice)
    assert state_of(case) == "us"
    assert not Idea.objects.exists()
    with pytest.raises(Refused):
        moves.confirm(move, by=cast.alice)
    with pytest.raises(Refused):
        moves.undo(move, by=cast.dana)
    propose(case, cast)


def test_one_offer_at_a_time(case: Organisation, cast: Cast) -> None:
    propose(case, cast)
    with pytest.raises(Refused):
        propose(case, cast)
    assert Move.objects.count() == 1


def test_after_fourteen_days_it_ends_without_idea_and_vote(case: Organisation, cast: Cast) -> None:
    move = propose(case, cast)
    assert moves.expire_due(timezone.now() + timedelta(days=13)) == 0
    later = timezone.now() + timedelta(days=14, minutes=1)
    with time_machine.travel(later), pytest.raises(Refused):
        moves.confirm(move, by=cast.alice)
    assert moves.expire_due(later) == 1
    assert moves.expire_due(later) == 0
    move.refresh_from_db()
    assert move.state == Move.State.EXPIRED
    assert state_of(case) == "r2"
    assert not Idea.objects.exists()
    assert not IdeaVote.objects.exists()


@pytest.mark.parametrize(
    "payload",
    [
        {"title": "short", "body": "x"},
        {"title": "Long enough a title", "body": "  "},
        {"title": "x" * 200, "body": "x"},
        {"existing": 999_999},
        {"existing": "9" * 40},
        {"existing": "12; drop"},
        {"existing": [1]},
        {"title": "\x00\x00\x00", "body": "\x00"},
    ],
)
def test_what_will_not_do_is_refused(
    case: Organisation, cast: Cast, payload: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        propose(case, cast, **payload)
    assert state_of(case) == "us"
    assert not Move.objects.exists()


def test_an_existing_idea_is_joined_once(case: Organisation, cast: Cast) -> None:
    """S-31: vote counted once, also when the requester voted before."""
    idea = make_idea(cast.bob)
    votes.set_vote(idea, by=cast.alice, on=True)
    move = moves.confirm(propose(case, cast, existing=idea.pk), by=cast.alice)
    idea.refresh_from_db()
    assert idea.vote_count == 2
    moves.undo(move, by=cast.alice)
    idea.refresh_from_db()
    assert idea.vote_count == 2
    assert not is_subscribed(cast.alice, idea)
    assert idea.is_public


@pytest.mark.parametrize("how", ["hidden", "deleted", "declined"])
def test_an_idea_that_is_gone_or_decided_cannot_be_joined(
    case: Organisation, cast: Cast, how: str
) -> None:
    idea = make_idea(cast.bob)
    move = propose(case, cast, existing=idea.pk)
    change: dict[str, Any] = {
        "hidden": {"hidden_at": timezone.now()},
        "deleted": {"deleted_at": timezone.now()},
        "declined": {"stage": stage("declined")},
    }[how]
    Idea.objects.filter(pk=idea.pk).update(**change)
    with pytest.raises(Refused):
        moves.confirm(move, by=cast.alice)
    assert state_of(case) == "wa"
    assert IdeaVote.objects.count() == 1


def test_undo_hides_an_idea_that_nobody_else_joined(case: Organisation, cast: Cast) -> None:
    move = moves.confirm(propose(case, cast), by=cast.alice)
    moves.undo(move, by=cast.dana)
    moves.undo(move, by=cast.dana)
    idea = Idea.objects.get()
    assert idea.is_hidden
    assert idea.vote_count == 0
    assert not IdeaVote.objects.exists()
    assert not Subscription.objects.exists()
    assert not Link.objects.exists()
    assert state_of(case) == "us"
    assert not Entry.objects.filter(kind="idea").exists()


@pytest.mark.parametrize("how", ["vote", "comment", "follow"])
def test_undo_leaves_an_idea_that_others_joined(case: Organisation, cast: Cast, how: str) -> None:
    move = moves.confirm(propose(case, cast), by=cast.alice, show_name=True)
    idea = Idea.objects.get()
    if how == "vote":
        votes.set_vote(idea, by=cast.carol, on=True)
    elif how == "comment":
        comments.comment(idea, "Us too.", by=cast.carol)
    else:
        subscribe(cast.carol, idea)
    moves.undo(move, by=cast.alice)
    idea.refresh_from_db()
    assert idea.is_public
    assert idea.vote_count == (1 if how == "vote" else 0)
    # Whoever took it back no longer stands as its author.
    assert (idea.author, idea.shown_as) == (cast.dana, Idea.ShownAs.SUPPORT)


def test_undo_keeps_a_vote_and_follow_of_ones_own(case: Organisation, cast: Cast) -> None:
    idea = make_idea(cast.bob)
    move = moves.confirm(propose(case, cast, existing=idea.pk), by=cast.alice)
    votes.set_vote(idea, by=cast.alice, on=False)
    votes.set_vote(idea, by=cast.alice, on=True)
    votes.set_follow(idea, by=cast.alice, on=False)
    moves.undo(move, by=cast.dana)
    idea.refresh_from_db()
    assert idea.vote_count == 2
    assert not is_subscribed(cast.alice, idea)


def test_undo_ends_after_seven_days_and_is_for_two(case: Organisation, cast: Cast) -> None:
    move = moves.confirm(propose(case, cast), by=cast.alice)
    for person in (cast.bob, cast.carol, cast.erin):
        with pytest.raises(Refused):
            moves.undo(move, by=person)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)), pytest.raises(Refused):
        moves.undo(move, by=cast.dana)
    assert state_of(case) == "r2"


def test_after_an_undo_the_case_can_move_again(case: Organisation, cast: Cast) -> None:
    moves.undo(moves.confirm(propose(case, cast), by=cast.alice), by=cast.dana)
    moves.confirm(propose(case, cast), by=cast.alice)
    assert Idea.objects.public().get().vote_count == 1


class CaseThing(registry.Thing):
    """Seen by its own admin alone, as a case is."""

    def visible(self, viewer: Any, pks: set[int]) -> Any:
        rows = Organisation.objects.filter(pk__in=pks)
        if not viewer.is_authenticated:
            return rows.none()
        return rows.filter(memberships__role="admin", memberships__user=viewer)


def test_nothing_of_the_case_reaches_the_idea(case: Organisation, cast: Cast, sign_in: Any) -> None:
    """Reliability class 9: only the draft's own words; who asked is seen by nobody."""
    case.name = "CANARYORGANISATION CANARYCASETEXT canary-name@acme.example"
    case.save(update_fields=["name"])
    cast.alice.display_name = "CANARYREQUESTER"
    cast.alice.save(update_fields=["display_name"])
    move = propose(case, cast, **DRAFT, note="CANARYNOTE", messages=["CANARYMESSAGE"])
    assert "CANARY" not in str(move.payload)
    moves.confirm(move, by=cast.alice)
    idea = Idea.objects.get()
    registry._things[Organisation] = CaseThing(
        "case",
        Organisation,
        lambda row: {"kind": "case", "label": "", "title": row.name, "url": ""},
    )
    try:
        for person in (None, cast.bob, cast.carol, cast.mia):
            for url in ("/ideas/", "/ideas/?sort=newest", idea.get_absolute_url()):
                page = sign_in(person).get(url).content.decode()
                assert "CANARY" not in page
                assert "canary-name" not in page
    finally:
        registry._things.pop(Organisation)
    entry = Entry.objects.get(kind="idea")
    assert "CANARY" not in " ".join(str(value) for value in vars(entry).values())
    moves.undo(move, by=cast.dana)
    assert sign_in(None).get(idea.get_absolute_url()).status_code == 404


def test_the_trail_shows_only_what_the_viewer_may_see(case: Organisation, cast: Cast) -> None:
    """N-2: the link back is for those who may see the case."""
    moves.confirm(propose(case, cast), by=cast.alice)
    idea = Idea.objects.get()
    registry._things[Organisation] = CaseThing(
        "case",
        Organisation,
        lambda row: {"kind": "case", "label": "Case", "title": row.name, "url": "/c"},
    )
    try:
        assert [s["kind"] for s in trail_for(idea, cast.alice)] == ["case", "idea", "announcement"]
        assert [s["state"] for s in trail_for(idea, cast.alice)] == ["past", "here", "future"]
        assert [s["kind"] for s in trail_for(idea, cast.carol)] == ["idea", "announcement"]
        assert [s["kind"] for s in trail_for(case, cast.carol)] == ["case", "idea", "announcement"]
    finally:
        registry._things.pop(Organisation)


def test_words_of_an_author_come_from_the_draft_alone(case: Organisation, cast: Cast) -> None:
    moves.confirm(propose(case, cast), by=cast.alice)
    idea = posts.lock(Idea.objects.get())
    assert idea.body_source == DRAFT["body"]
    assert not idea.tags.exists()
