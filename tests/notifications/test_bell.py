"""The number on the bell is what the inbox shows (reliability class 6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.access import forget
from accounts.models import Membership, User
from forum.actions import comments
from forum.models import Answer, Question
from jobs.testing import drain
from moderation.actions import hide, restore
from notifications.actions import unread_count
from notifications.models import Notification
from support.actions import handling, replies
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]


def shown(client: Client) -> list[str]:
    return [row["sentence"][0] for row in client.get("/inbox/").context["rows"]]


def same(user: User, client: Client, count: int) -> None:
    fresh = User.objects.get(pk=user.pk)
    assert unread_count(fresh) == len(shown(client)) == count


def test_a_hidden_answer_stays_gone_when_its_question_comes_back(
    cast: Cast, sign_in: SignIn
) -> None:
    question = make_question(cast.mia)
    post = make_answer(question, cast.bob)
    make_answer(question, cast.carol)
    client = sign_in(cast.mia)
    same(cast.mia, client, 2)
    hide(post, by=cast.erin, reason="Rude")
    same(cast.mia, client, 1)
    hide(Question.objects.get(), by=cast.erin, reason="Rude")
    # Only that it was hidden.
    same(cast.mia, client, 1)
    restore(Question.objects.get(), by=cast.erin)
    # Carol's answer, and that the question is shown again.
    same(cast.mia, client, 2)
    restore(Answer.objects.get(pk=post.pk), by=cast.erin)
    same(cast.mia, client, 3)


def test_comments_go_and_come_back_with_their_answer(cast: Cast, sign_in: SignIn) -> None:
    question = make_question(cast.mia)
    post = make_answer(question, cast.bob)
    comments.comment(question, "A remark.", by=cast.carol, answer=post)
    client = sign_in(cast.bob)
    same(cast.bob, client, 1)
    hide(post, by=cast.erin, reason="Rude")
    same(cast.bob, client, 1)
    assert shown(client)[0].startswith("A moderator has hidden what you wrote")
    restore(Answer.objects.get(), by=cast.erin)
    same(cast.bob, client, 2)


def test_an_author_is_told_why_and_not_by_whom(cast: Cast, sign_in: SignIn) -> None:
    post = make_answer(make_question(cast.mia), cast.bob)
    hide(post, by=cast.erin, reason="Names a colleague")
    page = sign_in(cast.bob).get("/inbox/").content.decode()
    assert "Names a colleague" in page
    assert "Erin" not in page
    assert "Names a colleague" not in sign_in(cast.mia).get("/inbox/").content.decode()
    restore(Answer.objects.get(), by=cast.erin)
    page = sign_in(cast.bob).get("/inbox/").content.decode()
    assert "is shown again" in page
    assert "Names a colleague" not in page


def test_moderators_are_not_told_of_what_they_did_themselves(cast: Cast) -> None:
    post = make_answer(make_question(cast.mia), cast.erin)
    hide(post, by=cast.erin, reason="Wrong")
    assert not Notification.objects.filter(user=cast.erin, verb="moderation.hidden").exists()


def test_who_loses_a_case_loses_its_notices_and_gets_them_back(cast: Cast, sign_in: SignIn) -> None:
    case = make_case(cast.acme, cast.della)
    replies.reply(case, "Which domain?", by=cast.dana)
    told = unread_count(cast.della)
    assert told >= 1
    membership = Membership.objects.get(user=cast.della)
    accounts.remove_member(membership, by=cast.alice)
    same(cast.della, sign_in(cast.della), 0)
    membership.refresh_from_db()
    membership.is_active = True
    membership.save()
    same(cast.della, sign_in(cast.della), told)


def test_an_organisation_that_is_closed_takes_its_peoples_notices(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make_case(cast.acme, cast.della)
    replies.reply(case, "Which domain?", by=cast.dana)
    told = unread_count(cast.della)
    for is_active, count in ((False, 0), (True, told)):
        cast.acme.is_active = is_active
        cast.acme.save()
        drain()
        same(cast.della, sign_in(cast.della), count)
    Membership.objects.get(user=cast.della).delete()
    same(cast.della, sign_in(cast.della), 0)


def test_a_specialist_who_gives_a_case_back_hears_no_more_of_it(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make_case(cast.acme, cast.della)
    handling.assign(case, cast.dana, by=cast.dana)
    handling.escalate(case, cast.sam, by=cast.dana)
    same(cast.sam, sign_in(cast.sam), 1)
    handling.take_back(case, by=cast.sam)
    same(cast.sam, sign_in(cast.sam), 0)


def test_an_agent_who_leaves_the_desk_does_too(cast: Cast, sign_in: SignIn) -> None:
    make_case(cast.acme, cast.della)
    assert unread_count(cast.dana) == 1
    cast.dana.groups.clear()
    forget(cast.dana)
    same(cast.dana, sign_in(cast.dana), 0)
