"""What people do to questions: FO-01, 02, 06, 08, 09, 10."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from common.errors import Refused
from forum import integrity
from forum.actions import answers, comments, questions, states, votes
from forum.models import (
    Answer,
    Comment,
    Event,
    MeToo,
    Question,
    Revision,
    State,
    TagTally,
    Tally,
)
from moderation.actions import hide, restore
from notifications.actions import is_subscribed
from notifications.models import Notification
from search.models import Entry
from search.query import find
from tests.cast import Cast
from tests.forum.factories import make_answer, make_product, make_question


def told(user: object, verb: str) -> int:
    return Notification.objects.filter(user=user, verb=verb, withdrawn_at=None).count()


def counted() -> int:
    return sum(Tally.objects.values_list("count", flat=True))


def faults() -> list[str]:
    return [fault for _name, found in integrity.checks() for fault in found]


def found(text: str) -> list[str]:
    return [hit.title for hit in find(text, viewer=AnonymousUser(), kinds=["question"]).hits]


def test_asking_makes_a_question_that_is_counted_followed_and_found(cast: Cast) -> None:
    question = make_question(
        cast.alice, tags=["Sharing", "sharing", "units"], product=make_product()
    )
    assert question.state == State.UNANSWERED
    assert question.slug == "shared-calendar-disappears-after-a-move"
    assert "<strong>eleven</strong>" in question.body_html
    assert is_subscribed(cast.alice, question)
    assert counted() == 1
    assert sorted(TagTally.objects.values_list("tag__slug", "count")) == [
        ("sharing", 1),
        ("units", 1),
    ]
    assert found("calendar disappears") == [question.title]
    assert question.waiting_count == 1


def test_an_answer_changes_state_and_counters_and_tells_the_asker(cast: Cast) -> None:
    question = make_question(cast.alice)
    before = question.last_activity_at
    post = make_answer(question, cast.bob)
    question.refresh_from_db()
    assert (question.state, question.answer_count) == (State.ANSWERED, 1)
    assert question.first_answer_at == post.created_at
    assert question.last_activity_at > before
    assert told(cast.alice, "forum.answered") == 1
    assert told(cast.bob, "forum.answered") == 0
    assert is_subscribed(cast.bob, question)


def test_the_asker_accepts_and_takes_back(cast: Cast) -> None:
    """FO-01: reversible, and it says who."""
    question = make_question(cast.alice)
    first, second = make_answer(question, cast.bob), make_answer(question, cast.carol)
    question = answers.accept(first, by=cast.alice)
    assert (question.state, question.accepted_answer, question.accepted_by) == (
        State.SOLVED,
        first,
        cast.alice,
    )
    assert told(cast.bob, "forum.accepted") == 1
    question = answers.accept(second, by=cast.dana)
    assert (question.accepted_answer, question.accepted_by) == (second, cast.dana)
    question = answers.unaccept(question, by=cast.alice)
    assert (question.state, question.accepted_answer, question.solved_at) == (
        State.ANSWERED,
        None,
        None,
    )
    assert list(Event.objects.values_list("verb", flat=True)) == [
        "accepted",
        "accepted",
        "unaccepted",
    ]
    assert faults() == []


def test_a_stranger_cannot_accept(cast: Cast) -> None:
    post = make_answer(make_question(cast.alice), cast.bob)
    with pytest.raises(Refused):
        answers.accept(post, by=cast.bob)


def test_an_answer_of_another_question_is_not_its_solution(cast: Cast) -> None:
    post = make_answer(make_question(cast.alice), cast.bob)
    hide(post, by=cast.erin, reason="wrong")
    with pytest.raises(Refused):
        answers.accept(post, by=cast.alice)


def test_me_too_counts_once_and_follows(cast: Cast) -> None:
    """FO-02: on and off are states, so a retry changes nothing."""
    question = make_question(cast.alice)
    for _again in range(2):
        votes.me_too(question, by=cast.bob, on=True)
    assert question.me_too_count == 1
    assert question.waiting_count == 2
    assert is_subscribed(cast.bob, question)
    for _again in range(2):
        votes.me_too(question, by=cast.bob, on=False)
    assert question.me_too_count == 0
    assert not is_subscribed(cast.bob, question)
    votes.me_too(question, by=cast.bob, on=True)
    assert is_subscribed(cast.bob, question)
    assert MeToo.objects.count() == 1


def test_nobody_votes_for_their_own(cast: Cast) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    with pytest.raises(Refused):
        votes.me_too(question, by=cast.alice, on=True)
    with pytest.raises(Refused):
        votes.vote_answer(post, by=cast.bob, value=1)


def test_helpful_turns_into_unhelpful_and_off(cast: Cast) -> None:
    post = make_answer(make_question(cast.alice), cast.bob)
    for value, expected in ((1, (1, 0, 1)), (1, (1, 0, 1)), (-1, (0, 1, -1)), (0, (0, 0, 0))):
        votes.vote_answer(post, by=cast.carol, value=value)
        assert (post.helpful_count, post.unhelpful_count, post.score) == expected
    with pytest.raises(Refused):
        votes.vote_answer(post, by=cast.carol, value=7)
    assert faults() == []


def test_an_archived_question_is_read_only(cast: Cast) -> None:
    """FO-10: 180 days after the last activity."""
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    fresh = make_question(cast.alice, "Another one, asked today")
    old = timezone.now() - timedelta(days=181)
    Question.objects.filter(pk=question.pk).update(last_activity_at=old)
    assert states.archive_old() == 1
    assert states.archive_old() == 0
    question.refresh_from_db()
    fresh.refresh_from_db()
    assert (question.state, fresh.state) == (State.ARCHIVED, State.UNANSWERED)
    entry = Entry.objects.get(kind="question", object_id=str(question.pk))
    assert (entry.state, entry.demoted) == (State.ARCHIVED, True)
    post.question = question
    with pytest.raises(Refused, match="archived"):
        make_answer(question, cast.carol)
    with pytest.raises(Refused):
        votes.me_too(question, by=cast.bob, on=True)
    with pytest.raises(Refused):
        votes.vote_answer(post, by=cast.carol, value=1)
    with pytest.raises(Refused):
        answers.accept(post, by=cast.alice)
    assert faults() == []


def test_details_are_asked_for_and_given(cast: Cast) -> None:
    question = make_question(cast.alice)
    with pytest.raises(Refused):
        states.ask_for_info(question, by=cast.alice)
    question = states.ask_for_info(question, by=cast.bob)
    assert question.state == State.NEEDS_INFO
    assert told(cast.alice, "forum.needs_info") == 1
    make_answer(question, cast.carol)
    question.refresh_from_db()
    assert question.state == State.NEEDS_INFO
    comments.comment(question, "It is version 4.", by=cast.alice)
    question.refresh_from_db()
    assert question.state == State.ANSWERED
    assert faults() == []


def test_the_old_words_stay_in_the_history(cast: Cast) -> None:
    """FO-08: staff edits leave a reason and tell the author."""
    question = make_question(cast.alice, tags=["one"])
    words = questions.Words("A better title for it", "New text", tags=["two"])
    question = questions.edit(question, words, by=cast.alice)
    assert question.slug == "a-better-title-for-it"
    assert Revision.objects.get().title == "Shared calendar disappears after a move"
    assert found("better title") == ["A better title for it"]
    with pytest.raises(Refused, match="why"):
        questions.edit(question, questions.Words("Another title", "x"), by=cast.erin)
    questions.edit(question, questions.Words("Another title", "x"), by=cast.erin, reason="Clearer")
    assert told(cast.alice, "forum.edited") == 1
    assert faults() == []


def test_nobody_edits_what_somebody_else_wrote(cast: Cast) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    for person in (cast.carol, cast.dana):
        with pytest.raises(Refused):
            questions.edit(question, questions.Words("Taken over now", "x"), by=person, reason="x")
        with pytest.raises(Refused):
            answers.edit_answer(post, "x", by=person, reason="x")


def test_a_question_without_dependants_can_be_taken_back(cast: Cast) -> None:
    """FO-09."""
    question = make_question(cast.alice, tags=["one"])
    questions.delete_own(question, by=cast.alice)
    assert counted() == 0
    assert found("calendar") == []
    assert not Question.objects.visible_to(cast.alice).exists()
    assert faults() == []


def test_a_question_with_dependants_stays(cast: Cast) -> None:
    answered = make_question(cast.alice)
    make_answer(answered, cast.bob)
    shared = make_question(cast.alice, "Somebody has this too")
    votes.me_too(shared, by=cast.bob, on=True)
    talked = make_question(cast.alice, "Somebody commented here")
    comments.comment(talked, "Me too", by=cast.bob)
    for question in (answered, shared, talked):
        with pytest.raises(Refused, match="stays"):
            questions.delete_own(question, by=cast.alice)
    with pytest.raises(Refused):
        questions.delete_own(make_question(cast.alice, "Not yours to delete"), by=cast.bob)


def test_an_answer_is_deleted_unless_it_is_the_solution(cast: Cast) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    answers.accept(post, by=cast.alice)
    with pytest.raises(Refused, match="solution"):
        answers.delete_answer(post, by=cast.bob)
    answers.unaccept(question, by=cast.alice)
    answers.delete_answer(post, by=cast.bob)
    question.refresh_from_db()
    assert (question.state, question.answer_count) == (State.UNANSWERED, 0)


def test_hidden_means_gone_and_restored_means_back(cast: Cast) -> None:
    question = make_question(cast.alice, product=make_product())
    post = make_answer(question, cast.bob, "The word zanzibar helps.")
    answers.accept(post, by=cast.alice)
    hide(post, by=cast.erin, reason="spam")
    question.refresh_from_db()
    assert (question.state, question.answer_count, question.solved_at) == (
        State.UNANSWERED,
        0,
        None,
    )
    assert found("zanzibar") == []
    restore(post, by=cast.erin)
    question.refresh_from_db()
    assert (question.state, question.answer_count) == (State.SOLVED, 1)
    assert found("zanzibar") == [question.title]
    hide(question, by=cast.erin, reason="spam")
    assert counted() == 0
    assert found("zanzibar") == []
    assert not Answer.objects.visible_to(cast.bob).exists()
    assert Question.objects.visible_to(cast.erin).exists()
    restore(question, by=cast.erin)
    assert counted() == 1
    assert faults() == []


def test_nothing_is_written_to_a_hidden_question(cast: Cast) -> None:
    question = make_question(cast.alice)
    hide(question, by=cast.erin, reason="spam")
    with pytest.raises(Refused):
        make_answer(question, cast.bob)
    with pytest.raises(Refused):
        comments.comment(question, "Hello", by=cast.bob)


def test_a_question_asked_before_points_to_the_first_one(cast: Cast) -> None:
    """FO-06: the chain always ends at the original."""
    original = make_question(cast.alice, "The first of its kind")
    second = make_question(cast.bob, "The second of its kind")
    third = make_question(cast.carol, "The third of its kind")
    questions.mark_duplicate(third, second, by=cast.erin)
    second = questions.mark_duplicate(second, original, by=cast.erin)
    third.refresh_from_db()
    assert (second.duplicate_of, third.duplicate_of) == (original, original)
    assert is_subscribed(cast.bob, original)
    assert told(cast.bob, "forum.duplicate") == 1
    assert list(Question.objects.unanswered()) == [original]
    with pytest.raises(Refused):
        questions.mark_duplicate(original, third, by=cast.erin)
    with pytest.raises(Refused):
        questions.mark_duplicate(second, third, by=cast.bob)
    third = questions.unmark_duplicate(third, by=cast.erin)
    assert third.duplicate_of is None


def test_comments_reach_the_author_and_are_bounded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    comments.comment(question, "Which version?", by=cast.carol, answer=post)
    assert told(cast.bob, "forum.commented") == 1
    monkeypatch.setattr(comments, "MAX_COMMENTS", 1)
    with pytest.raises(Refused, match="many comments"):
        comments.comment(question, "And another", by=cast.carol, answer=post)
    mine = Comment.objects.get()
    with pytest.raises(Refused):
        comments.delete_comment(mine, by=cast.alice)
    comments.delete_comment(mine, by=cast.carol)
    assert not Comment.objects.public().exists()


def test_naming_somebody_of_the_thread_reaches_them(cast: Cast) -> None:
    """FO-19."""
    question = make_question(cast.alice)
    make_answer(question, cast.bob)
    comments.comment(question, "@Bob and @Carol, which menu is it?", by=cast.alice)
    assert told(cast.bob, "forum.mentioned") == 1
    assert told(cast.carol, "forum.mentioned") == 0


def test_integrity_finds_and_repairs_wrong_counters(cast: Cast) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    Question.objects.update(me_too_count=9, answer_count=4)
    Answer.objects.filter(pk=post.pk).update(helpful_count=3)
    Tally.objects.update(count=12)
    assert len(faults()) == 4
    assert integrity.repair() > 0
    assert faults() == []
    question.refresh_from_db()
    assert (question.me_too_count, question.answer_count) == (0, 1)
