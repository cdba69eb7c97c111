"""What may be done with ideas, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import Refused
from ideas import integrity
from ideas.actions import comments, posts, stages, votes
from ideas.models import Idea, IdeaComment, IdeaVote, StageChange
from ideas.stages import default_stage, ensure_defaults
from ideas.trending import recalculate, trend
from moderation.actions import hide, restore
from notifications.actions import is_subscribed
from notifications.models import Notification
from tests.cast import Cast
from tests.ideas.factories import make_idea, stage

pytestmark = pytest.mark.django_db


def told(person: object) -> list[str]:
    return list(
        Notification.objects.filter(user=person).order_by("pk").values_list("verb", flat=True)
    )


def test_a_new_idea_has_its_authors_vote_and_follow(cast: Cast) -> None:
    idea = make_idea(cast.alice, tags=["Folders", "restore"])
    assert idea.vote_count == 1
    assert idea.stage == default_stage()
    assert idea.slug == "restore-a-single-folder"
    assert "<strong>whole</strong>" in idea.body_html
    assert idea.summary == "We lose whole folders."
    assert is_subscribed(cast.alice, idea)
    assert {tag.slug for tag in idea.tags.all()} == {"folders", "restore"}


def test_one_person_has_one_vote_and_may_take_it_back(cast: Cast) -> None:
    """ID-01"""
    idea = make_idea(cast.alice)
    for _again in range(3):
        votes.set_vote(idea, by=cast.bob, on=True)
    assert idea.vote_count == 2
    for _again in range(3):
        votes.set_vote(idea, by=cast.bob, on=False)
    assert Idea.objects.get(pk=idea.pk).vote_count == 1
    votes.set_vote(idea, by=cast.alice, on=False)
    assert Idea.objects.get(pk=idea.pk).vote_count == 0


def test_the_database_itself_refuses_a_second_vote(cast: Cast) -> None:
    """ID-01: two racing requests meet the unique constraint, and the counter moves once."""
    idea = make_idea(cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdeaVote.objects.create(target=idea, user=cast.alice)
    stale = Idea.objects.get(pk=idea.pk)
    votes.set_vote(idea, by=cast.bob, on=True)
    votes.set_vote(stale, by=cast.bob, on=True)
    assert stale.vote_count == 2
    assert not any(problems for _name, problems in integrity.checks())


@pytest.mark.parametrize("category", ["shipped", "declined"])
def test_votes_end_when_an_idea_is_decided(cast: Cast, category: str) -> None:
    idea = make_idea(cast.alice)
    stages.set_stage(idea, stage(category), by=cast.pam, reason="Because.")
    idea = Idea.objects.get(pk=idea.pk)
    for on in (True, False):
        with pytest.raises(Refused):
            votes.set_vote(idea, by=cast.bob, on=on)
    assert idea.vote_count == 1


def test_following_is_no_vote_and_a_vote_no_following(cast: Cast) -> None:
    """ID-10"""
    idea = make_idea(cast.alice)
    votes.set_follow(idea, by=cast.bob, on=True)
    votes.set_vote(idea, by=cast.carol, on=True)
    assert idea.vote_count == 2
    assert is_subscribed(cast.bob, idea)
    assert not is_subscribed(cast.carol, idea)
    votes.set_follow(idea, by=cast.bob, on=False)
    assert not is_subscribed(cast.bob, idea)


def test_a_new_stage_is_told_to_voters_and_followers_once(cast: Cast) -> None:
    """ID-03: also to those who both vote and follow; never to whoever silenced it."""
    idea = make_idea(cast.alice)
    votes.set_vote(idea, by=cast.bob, on=True)
    votes.set_follow(idea, by=cast.bob, on=True)
    votes.set_vote(idea, by=cast.carol, on=True)
    votes.set_vote(idea, by=cast.mia, on=True)
    votes.set_follow(idea, by=cast.mia, on=False)
    stages.set_stage(idea, stage("planned"), by=cast.pam)
    stages.set_stage(idea, stage("planned"), by=cast.pam)
    assert [told(p) for p in (cast.alice, cast.bob, cast.carol)] == [["ideas.planned"]] * 3
    assert told(cast.mia) == told(cast.pam) == []
    assert StageChange.objects.filter(idea=idea).count() == 1


def test_declining_needs_a_reason_that_everybody_reads(cast: Cast) -> None:
    """ID-02"""
    idea = make_idea(cast.alice)
    with pytest.raises(Refused):
        stages.set_stage(idea, stage("declined"), by=cast.pam, reason="  ")
    stages.set_stage(idea, stage("declined"), by=cast.pam, reason=" The protocol ends in May. ")
    idea.refresh_from_db()
    assert idea.state == "declined"
    assert idea.stage_reason == "The protocol ends in May."


def test_only_product_managers_decide(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    for person in (cast.alice, cast.dana, cast.erin, cast.ed):
        with pytest.raises(Refused):
            stages.set_stage(idea, stage("planned"), by=person)
        with pytest.raises(Refused):
            stages.answer_officially(idea, "No.", by=person)
    stages.set_stage(idea, stage("started"), by=cast.root)


def test_the_official_answer_is_told_once_and_can_be_changed(cast: Cast) -> None:
    """ID-08"""
    idea = make_idea(cast.alice)
    stages.answer_officially(idea, "It comes **soon**.", by=cast.pam)
    stages.answer_officially(idea, "It comes in spring.", by=cast.pam)
    idea.refresh_from_db()
    assert "spring" in idea.official_html
    assert idea.official_by == cast.pam
    assert told(cast.alice) == ["ideas.official"]
    stages.answer_officially(idea, "", by=cast.pam)
    idea.refresh_from_db()
    assert (idea.official_html, idea.official_by) == ("", None)


def test_comments_are_told_to_followers_and_counted(cast: Cast) -> None:
    """ID-12"""
    idea = make_idea(cast.alice)
    votes.set_vote(idea, by=cast.carol, on=True)
    row = comments.comment(idea, "Us too.", by=cast.bob)
    idea.refresh_from_db()
    assert idea.comment_count == 1
    assert told(cast.alice) == ["ideas.comment"]
    assert told(cast.carol) == told(cast.bob) == []
    comments.edit_comment(row, "Us as well.", by=cast.bob)
    comments.delete_comment(row, by=cast.bob)
    comments.delete_comment(row, by=cast.bob)
    idea.refresh_from_db()
    assert idea.comment_count == 0
    assert not Notification.objects.of(cast.alice).exists()


def test_a_note_is_for_staff_alone(cast: Cast) -> None:
    """ID-12"""
    idea = make_idea(cast.alice)
    with pytest.raises(Refused):
        comments.comment(idea, "Secret.", by=cast.alice, note=True)
    note = comments.comment(idea, "Four cases on this.", by=cast.dana, note=True)
    idea.refresh_from_db()
    assert idea.comment_count == 0
    assert told(cast.alice) == []
    for name, person in cast.everyone.items():
        seen = IdeaComment.objects.visible_to(person).filter(pk=note.pk).exists()
        assert seen == (name in {"dana", "sam", "erin", "ed", "pam", "root"}), name


def test_comments_of_others_stay(cast: Cast) -> None:
    row = comments.comment(make_idea(cast.alice), "Us too.", by=cast.bob)
    for person in (cast.alice, cast.erin):
        with pytest.raises(Refused):
            comments.delete_comment(row, by=person)
        with pytest.raises(Refused):
            comments.edit_comment(row, "Changed", by=person)


def test_the_author_edits_for_a_day_and_a_product_manager_always(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    words = posts.Words("Restore one folder or one file", "Both.")
    with pytest.raises(Refused):
        posts.edit(idea, words, by=cast.bob)
    edited = posts.edit(idea, words, by=cast.alice)
    assert edited.slug == "restore-one-folder-or-one-file"
    assert edited.edited_at is not None
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        with pytest.raises(Refused):
            posts.edit(idea, words, by=cast.alice)
        posts.edit(idea, words, by=cast.pam)


def test_the_author_takes_it_back_until_others_join(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    with pytest.raises(Refused):
        posts.delete(idea, by=cast.bob)
    votes.set_vote(idea, by=cast.bob, on=True)
    with pytest.raises(Refused):
        posts.delete(idea, by=cast.alice)
    votes.set_vote(idea, by=cast.bob, on=False)
    posts.delete(idea, by=cast.alice)
    posts.delete(idea, by=cast.alice)
    assert not Idea.objects.public().exists()
    for person in cast.everyone.values():
        assert not Idea.objects.visible_to(person).exists()
    with pytest.raises(Refused):
        votes.set_vote(Idea.objects.get(pk=idea.pk), by=cast.bob, on=True)


def test_hidden_is_gone_and_comes_back(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    row = comments.comment(idea, "Buy pills.", by=cast.bob)
    hide(row, by=cast.erin, reason="Spam")
    idea.refresh_from_db()
    assert idea.comment_count == 0
    restore(row, by=cast.erin)
    idea.refresh_from_db()
    assert idea.comment_count == 1
    hide(idea, by=cast.erin, reason="Spam")
    assert not Idea.objects.visible_to(cast.alice).exists()
    assert not IdeaComment.objects.visible_to(cast.bob).exists()
    assert Idea.objects.visible_to(cast.erin).exists()
    assert not Idea.objects.public().exists()


def test_trend_falls_with_age_and_rises_with_votes(cast: Cast) -> None:
    """ID-14"""
    assert trend(10, 0, timedelta(hours=1)) > trend(10, 0, timedelta(hours=30))
    assert trend(0, 1, timedelta(hours=1)) < trend(1, 0, timedelta(hours=1))
    assert trend(1, 0, timedelta()) == pytest.approx(4 / 2**1.4)
    old, new = make_idea(cast.alice, "Old idea of ours"), make_idea(cast.alice, "New idea of ours")
    Idea.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    IdeaVote.objects.filter(target=old).update(created_at=timezone.now() - timedelta(days=40))
    votes.set_vote(new, by=cast.bob, on=True)
    assert recalculate() == 2
    old.refresh_from_db()
    new.refresh_from_db()
    assert new.trend > 1 > old.trend
    assert old.trend < 0


def test_integrity_finds_and_repairs_wrong_counters(cast: Cast) -> None:
    idea = make_idea(cast.alice)
    Idea.objects.filter(pk=idea.pk).update(vote_count=7, comment_count=3, base_votes=4)
    names = {name for name, problems in integrity.checks() if problems}
    assert names == {"ideas: votes are counted", "ideas: comments are counted"}
    integrity.repair()
    idea.refresh_from_db()
    assert (idea.vote_count, idea.comment_count) == (5, 0)
    assert not any(problems for _name, problems in integrity.checks())


def test_default_stages_are_made_once() -> None:
    first = ensure_defaults()
    assert ensure_defaults() == first
    assert {row.category for row in first} == {"open", "planned", "started", "shipped", "declined"}
    assert all(row.names["pl"] for row in first)
