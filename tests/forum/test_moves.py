"""A question becomes an idea by the same service as a case (N-2, ID-06)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.errors import Refused
from forum.actions import votes
from forum.models import Event
from ideas.models import Idea
from ideas.stages import ensure_defaults
from links import moves
from links.models import Move
from notifications.actions import is_subscribed, subscribe
from notifications.models import Notification
from tests.cast import Cast
from tests.forum.factories import make_question

pytestmark = pytest.mark.usefixtures("site_tree")


def form(**changes: Any) -> dict[str, Any]:
    return {
        "existing": "0",
        "title": "Keep subscriptions through a move",
        "body": "When people change units.",
        "key": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def question(cast: Cast) -> Any:
    ensure_defaults()
    found = make_question(cast.alice)
    votes.me_too(found, by=cast.bob, on=True)
    subscribe(cast.carol, found)
    return found


def test_the_question_stays_and_points_to_the_idea(cast: Cast, question: Any, sign_in: Any) -> None:
    client = sign_in(cast.pam)
    url = f"/community/questions/{question.pk}/move"
    assert client.get(url).status_code == 200
    assert client.post(url, form())["Location"] == question.get_absolute_url()
    idea = Idea.objects.get()
    assert idea.title == "Keep subscriptions through a move"
    assert is_subscribed(cast.carol, idea)
    assert is_subscribed(cast.bob, idea)
    # Nobody's vote is cast for them, and the asker decides alone whether to follow.
    assert not is_subscribed(cast.alice, idea)
    assert idea.votes.filter(user__in=[cast.alice, cast.bob, cast.carol]).count() == 0
    told = Notification.objects.filter(verb="forum.moved").values_list("user", flat=True)
    assert sorted(told) == sorted([cast.alice.pk, cast.bob.pk])
    page = sign_in().get(question.get_absolute_url())
    assert idea.get_absolute_url() in page.text
    assert "moved this to the ideas" in page.text


def test_a_double_sending_moves_once(cast: Cast, question: Any, sign_in: Any) -> None:
    client, data = sign_in(cast.erin), form()
    url = f"/community/questions/{question.pk}/move"
    for _again in range(2):
        assert client.post(url, data).status_code == 302
    assert client.post(url, form()).status_code == 422
    assert Idea.objects.count() == 1
    assert Move.objects.count() == 1


def test_taking_back_hides_the_idea(cast: Cast, question: Any, sign_in: Any) -> None:
    client = sign_in(cast.erin)
    client.post(f"/community/questions/{question.pk}/move", form())
    idea = Idea.objects.get()
    client.post(f"/community/questions/{question.pk}/move-back")
    page = sign_in().get(question.get_absolute_url())
    assert "took this back" in page.text
    assert f'class="trail__title" href="{idea.get_absolute_url()}"' not in page.text
    assert sign_in().get(idea.get_absolute_url()).status_code == 404
    assert client.post(f"/community/questions/{question.pk}/move-back").status_code == 409


def test_a_new_idea_needs_words(cast: Cast, question: Any, sign_in: Any) -> None:
    answer = sign_in(cast.erin).post(
        f"/community/questions/{question.pk}/move", form(title="", body="")
    )
    assert answer.status_code == 422
    assert not Idea.objects.exists()


@pytest.mark.parametrize("name", ["alice", "sam", "ed"])
def test_others_cannot_move_it(cast: Cast, question: Any, name: str) -> None:
    with pytest.raises(Refused):
        moves.propose(question, "idea", by=getattr(cast, name), payload=form())
    assert not Event.objects.exists()


def test_whoever_may_takes_the_move_back_for_a_week(
    cast: Cast, question: Any, sign_in: Any
) -> None:
    """N-2: not only right after it, but from the question's own page."""
    page, back = question.get_absolute_url(), f"/community/questions/{question.pk}/move-back"
    erin = sign_in(cast.erin)
    assert back not in erin.get(page).text
    assert "Move to the ideas" in erin.get(page).text
    erin.post(f"/community/questions/{question.pk}/move", form())
    for person in (cast.erin, cast.dana, cast.pam):
        shown = sign_in(person).get(page).text
        # In the menu, and where it is said what became of the question.
        assert shown.count(f'action="{back}"') == 2
        assert "Move to the ideas" not in shown
    for person in (None, cast.alice, cast.bob, cast.sam):
        assert back not in sign_in(person).get(page).text
    Move.objects.update(undo_until=timezone.now() - timedelta(seconds=1))
    late = sign_in(cast.erin).get(page).text
    assert back not in late
    assert "Move to the ideas" not in late
    Move.objects.update(undo_until=timezone.now() + timedelta(days=6))
    assert erin.post(back).status_code == 302
    assert "Move to the ideas" in erin.get(page).text


def test_an_idea_made_of_a_question_names_who_made_it_and_who_waits(
    cast: Cast, question: Any, sign_in: Any
) -> None:
    """Question and asker are public: nobody needs to stand behind support, and both counts agree."""
    sign_in(cast.erin).post(f"/community/questions/{question.pk}/move", form())
    page = sign_in().get(Idea.objects.get().get_absolute_url()).text
    assert "for a customer" not in page
    assert ">Erin<" in page
    assert "Nobody waits for it yet" not in page
    # Bob has the problem too, and Carol follows it.
    assert "2 people hear about it" in page
    assert "2 people wait for this" in page
