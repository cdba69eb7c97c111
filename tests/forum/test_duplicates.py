"""Asked before, and what others have built on: links follow, and nothing is taken from beneath them."""

from __future__ import annotations

from typing import Any

import pytest

from common.errors import Refused
from forum.actions import questions
from forum.models import Question
from ideas.stages import ensure_defaults
from links import moves
from links.models import Link
from tests.cast import Cast
from tests.forum.factories import make_question

pytestmark = pytest.mark.django_db


def pointers(target: Any) -> set[int]:
    """The questions whose links say that they are the same as TARGET."""
    rows = Link.objects.filter(kind=Link.Kind.DUPLICATE_OF, target_id=target.pk)
    return set(rows.values_list("source_id", flat=True))


def test_links_follow_to_the_first_question_of_a_chain(cast: Cast) -> None:
    """FO-06: the trail and the page say the same."""
    first, second, third = (make_question(cast.alice) for _number in range(3))
    questions.mark_duplicate(third, second, by=cast.erin)
    assert pointers(second) == {third.pk}
    questions.mark_duplicate(second, first, by=cast.erin)
    assert pointers(second) == set()
    assert pointers(first) == {second.pk, third.pk}
    other = make_question(cast.alice)
    questions.mark_duplicate(third, other, by=cast.erin)
    assert pointers(first) == {second.pk}
    assert pointers(other) == {third.pk}


def test_two_moderators_cannot_make_a_circle(cast: Cast) -> None:
    one, other = make_question(cast.alice), make_question(cast.bob)
    questions.mark_duplicate(other, one, by=cast.erin)
    with pytest.raises(Refused, match="cannot repeat itself"):
        questions.mark_duplicate(one, other, by=cast.erin)


def test_a_question_that_became_an_idea_is_not_deleted(cast: Cast, site_tree: None) -> None:
    ensure_defaults()
    question = make_question(cast.alice)
    payload = {"title": "A wish of many admins", "body": "So.", "product": None, "language": "en"}
    move = moves.propose(question, "idea", by=cast.pam, payload=payload, confirmer=None)
    moves.confirm(move, by=cast.pam)
    with pytest.raises(Refused, match="has become an idea"):
        questions.delete_own(question, by=cast.alice)
    moves.undo(move, by=cast.pam)
    questions.delete_own(question, by=cast.alice)
    assert not Question.objects.visible_to(cast.alice).filter(pk=question.pk).exists()
