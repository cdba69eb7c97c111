"""Nobody overwrites unseen what somebody else changed meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from forum.actions import answers, comments, questions
from ideas.actions import comments as remarks
from ideas.actions import posts, stages, votes
from ideas.models import Idea
from jobs.testing import drain
from notifications.models import Notification
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea, stage
from tests.versions import save, seen_on

pytestmark = pytest.mark.django_db


def refused(client: Client, url: str, data: dict[str, Any], *, newer: str, mine: str) -> str:
    """Sends a form opened before: both texts come back; the second sending is informed."""
    answer = client.post(url, data)
    assert answer.status_code == 409
    page = answer.text
    assert "nothing is saved yet" in page
    assert "What stands there now" in page
    assert newer in page
    assert mine in page
    assert page.index(newer) < page.index(mine)
    seen: str = page.split('seen" value="')[1].split('"')[0]
    return seen


def test_a_question_that_a_moderator_changed_is_not_overwritten(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice, body="Call 555-0100.")
    url = reverse("forum:edit", args=[question.pk])
    alice = sign_in(cast.alice)
    sent = {
        "title": question.title,
        "body": "Call 555-0100 after nine.",
        "language": "en",
        "seen": seen_on(alice, url),
    }
    words = questions.Words(question.title, "Call us.", "en", tags=["phones"])
    questions.edit(question, words, by=cast.erin, reason="Private", withhold=True)
    now = refused(alice, url, sent, newer="Call us.", mine="Call 555-0100 after nine.")
    question.refresh_from_db()
    assert question.body_source == "Call us."
    assert alice.post(url, {**sent, "seen": now}).status_code == 302
    question.refresh_from_db()
    assert question.body_source == "Call 555-0100 after nine."


def test_what_only_the_tags_or_the_product_lost_is_not_overwritten(
    cast: Cast, sign_in: Any
) -> None:
    question = make_question(cast.alice)
    url = reverse("forum:edit", args=[question.pk])
    alice = sign_in(cast.alice)
    sent = {"title": question.title, "body": "Mine.", "language": "en", "tags": ""}
    sent["seen"] = seen_on(alice, url)
    words = questions.Words(question.title, question.body_source, "en", tags=["dkim"])
    questions.edit(question, words, by=cast.erin, reason="Tags")
    refused(alice, url, sent, newer="dkim", mine="Mine.")


def test_a_form_sent_twice_is_not_in_its_own_way(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    url = reverse("forum:edit", args=[question.pk])
    alice = sign_in(cast.alice)
    sent = {"title": question.title, "body": "Two\r\nlines.", "language": "en", "tags": "dkim"}
    sent["seen"] = seen_on(alice, url)
    for _twice in range(2):
        assert alice.post(url, sent).status_code == 302


@pytest.mark.parametrize("kind", ["answer", "comment"])
def test_answers_and_comments_are_not_overwritten(cast: Cast, sign_in: Any, kind: str) -> None:
    question = make_question(cast.alice)
    bob = sign_in(cast.bob)
    if kind == "answer":
        post: Any = make_answer(question, cast.bob, "Before")
        edit: Any = answers.edit_answer
    else:
        post = comments.comment(question, "Before", by=cast.bob)
        edit = comments.edit_comment
    url = reverse(f"forum:edit_{kind}", args=[post.pk])
    sent = {"body": "Of mine", "seen": seen_on(bob, url)}
    edit(post, "By a moderator", by=cast.erin, reason="Shorter")
    now = refused(bob, url, sent, newer="By a moderator", mine="Of mine")
    assert bob.post(url, {**sent, "seen": now}).status_code == 302
    post.refresh_from_db()
    assert post.body_source == "Of mine"


def test_an_idea_and_its_comments_are_not_overwritten(cast: Cast, sign_in: Any) -> None:
    idea = make_idea(cast.alice)
    url = reverse("ideas:edit", args=[idea.pk])
    alice = sign_in(cast.alice)
    sent = {"title": idea.title, "body": "Of mine", "language": "en"}
    sent["seen"] = seen_on(alice, url)
    posts.edit(idea, posts.Words(idea.title, "By the vendor"), by=cast.pam)
    now = refused(alice, url, sent, newer="By the vendor", mine="Of mine")
    assert alice.post(url, {**sent, "seen": now}).status_code == 302
    assert Idea.objects.get().body_source == "Of mine"
    remark = remarks.comment(idea, "Before", by=cast.alice)
    url = reverse("ideas:edit_comment", args=[remark.pk])
    sent = {"body": "Of mine", "seen": seen_on(alice, url)}
    remarks.edit_comment(remark, "In another tab", by=cast.alice)
    refused(alice, url, sent, newer="In another tab", mine="Of mine")


def test_two_product_managers_do_not_answer_over_each_other(cast: Cast, sign_in: Any) -> None:
    idea = make_idea(cast.alice)
    pam = sign_in(cast.pam)
    seen = seen_on(pam, idea.get_absolute_url(), "official-seen")
    stages.answer_officially(idea, "In spring.", by=cast.root)
    url = reverse("ideas:answer", args=[idea.pk])
    sent = {"official-text": "Never.", "official-seen": seen}
    refused(pam, url, sent, newer="In spring.", mine="Never.")


def test_two_product_managers_do_not_change_the_stage_over_each_other(
    cast: Cast, sign_in: Any
) -> None:
    idea = make_idea(cast.alice)
    votes.set_vote(idea, by=cast.bob, on=True)
    pam, url = sign_in(cast.pam), reverse("ideas:stage", args=[idea.pk])
    sent = {"stage-stage": stage("declined").pk, "stage-reason": "Too costly."}
    sent["stage-seen"] = seen_on(pam, idea.get_absolute_url(), "stage-seen")
    stages.set_stage(idea, stage("planned"), by=cast.root)
    assert '<p class="ink-2">Nothing</p>' in pam.post(url, sent).text
    stages.set_stage(idea, stage("planned"), by=cast.root, reason="For spring.")
    now = refused(pam, url, sent, newer="For spring.", mine="Too costly.")
    idea.refresh_from_db()
    assert (idea.stage, idea.stage_reason) == (stage("planned"), "For spring.")
    drain()
    assert not Notification.objects.filter(verb="ideas.declined").exists()
    for _twice in range(2):
        assert pam.post(url, {**sent, "stage-seen": now}).status_code == 302
    idea.refresh_from_db()
    assert (idea.stage, idea.stage_reason) == (stage("declined"), "Too costly.")
    drain()
    assert Notification.objects.filter(verb="ideas.declined", user=cast.bob).count() == 1


def test_the_same_stage_with_another_reason_is_a_change_too(cast: Cast, sign_in: Any) -> None:
    idea = make_idea(cast.alice)
    pam, url = sign_in(cast.pam), reverse("ideas:stage", args=[idea.pk])
    sent = {"stage-stage": idea.stage_id, "stage-reason": "Mine."}
    sent["stage-seen"] = seen_on(pam, idea.get_absolute_url(), "stage-seen")
    stages.set_stage(idea, idea.stage, by=cast.root, reason="Of another.")
    refused(pam, url, sent, newer="Of another.", mine="Mine.")


def test_settings_changed_in_another_window_are_not_overwritten(cast: Cast, sign_in: Any) -> None:
    url = reverse("accounts:settings")
    bob = sign_in(cast.bob)
    sent = {"display_name": "Bob", "about": "Of mine", "language": "en", "time_zone": "UTC"}
    sent |= {"mail_enabled": "on", "shortcuts": "on", "seen": seen_on(bob, url)}
    User.objects.filter(pk=cast.bob.pk).update(about="In another tab")
    refused(bob, url, sent, newer="In another tab", mine="Of mine")
    assert save(bob, url, sent).status_code == 302
    assert User.objects.get(pk=cast.bob.pk).about == "Of mine"


def test_a_form_that_says_nothing_of_what_it_saw_is_shown_what_stands_there(
    cast: Cast, sign_in: Any
) -> None:
    question = make_question(cast.alice, body="As it stands.")
    sent = {"title": question.title, "body": "Of mine", "language": "en"}
    url = reverse("forum:edit", args=[question.pk])
    refused(sign_in(cast.alice), url, sent, newer="As it stands.", mine="Of mine")
