"""What somebody with bad intentions tries on questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common.errors import Refused
from forum.actions import answers, comments, questions, votes
from home.models import SiteVersion
from ideas.models import Idea
from ideas.stages import ensure_defaults
from jobs.testing import drain
from links import moves
from moderation.actions import hide
from notifications.actions import subscribe, unread_count
from notifications.models import Notification
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_withheld_words_are_withheld_in_every_older_revision(cast: Cast, sign_in: SignIn) -> None:
    """Class 5: the private number also stood in the revision before the last one."""
    question = make_question(cast.mia, body="Call me at 555-0100, please.")
    words = questions.Words(question.title, "Call me at 555-0100, please!")
    questions.edit(question, words, by=_again(cast.mia))
    words = questions.Words(question.title, "Call me, please.")
    questions.edit(question, words, by=cast.erin, reason="Private data", withhold=True)
    url = reverse("forum:history", args=[question.pk])
    assert b"555-0100" not in sign_in(cast.bob).get(url).content
    assert b"555-0100" in sign_in(cast.erin).get(url).content


def test_withheld_words_of_an_answer_are_withheld_in_older_revisions(
    cast: Cast, sign_in: SignIn
) -> None:
    """Class 5."""
    post = make_answer(make_question(cast.mia), cast.bob, "Call 555-0100.")
    answers.edit_answer(post, "Call 555-0100 now.", by=_again(cast.bob))
    answers.edit_answer(post, "Call now.", by=cast.erin, reason="Private", withhold=True)
    url = reverse("forum:answer_history", args=[post.pk])
    assert b"555-0100" not in sign_in(cast.carol).get(url).content


def test_accepting_again_and_again_sends_one_mail(cast: Cast) -> None:
    """Class 14: an asker cannot flood followers by taking a solution back and forth."""
    question = make_question(cast.mia)
    post = make_answer(question, cast.bob)
    subscribe(cast.carol, question)
    for _ in range(3):
        answers.accept(post, by=_again(cast.mia))
        answers.unaccept(question, by=_again(cast.mia))
    assert Notification.objects.filter(user=cast.carol, verb="forum.accepted").count() == 1


def test_asking_for_details_everywhere_is_limited(
    cast: Cast, sign_in: SignIn, settings: pytest.FixtureRequest
) -> None:
    """Class 14: each of them sends a mail."""
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "post": "2/m/user"}  # type: ignore[attr-defined]
    asked = [make_question(cast.mia, title=f"Question number {n} of mine") for n in range(3)]
    client = sign_in(cast.bob)
    urls = [reverse("forum:ask_info", args=[question.pk]) for question in asked]
    assert [client.post(url).status_code for url in urls] == [302, 302, 429]


def test_votes_are_limited_and_taking_back_is_not(cast: Cast, sign_in: SignIn) -> None:
    """FO-02: five a minute, whatever they are for; who erred may take one back."""
    asked = [make_question(cast.mia, title=f"Question number {n} of mine") for n in range(4)]
    post = make_answer(asked[0], cast.mia)
    urls = [reverse("forum:me_too", args=[question.pk]) for question in asked]
    urls.append(reverse("forum:helpful", args=[post.pk]))
    idea = make_idea(cast.mia)
    client = sign_in(cast.bob)
    assert [client.post(url, {"state": "on"}).status_code for url in urls] == [302] * 5
    one_more = reverse("ideas:vote", args=[idea.pk])
    assert client.post(one_more, {"state": "on"}).status_code == 429
    assert [client.post(url, {"state": "off"}).status_code for url in urls] == [302] * 5
    assert client.post(reverse("forum:follow", args=[asked[0].pk])).status_code == 302
    assert client.post(one_more, {"state": "on"}).status_code == 429
    assert sign_in(cast.carol).post(one_more, {"state": "on"}).status_code == 302


def test_a_hidden_idea_is_not_mailed_to_those_who_had_the_question(cast: Cast) -> None:
    """Class 6: the notice of a move carries the idea's title."""
    ensure_defaults()
    question = make_question(cast.mia)
    votes.me_too(question, by=cast.bob, on=True)
    payload = {"title": "An idea with abusive words", "body": "More of them."}
    move = moves.propose(question, "idea", by=cast.erin, payload=payload)
    moves.confirm(move, by=cast.erin)
    hide(Idea.objects.get(), by=cast.erin, reason="Abuse")
    drain()
    assert mail.outbox == []


def test_the_title_of_a_hidden_original_is_not_mailed(cast: Cast) -> None:
    """Class 6."""
    question = make_question(cast.mia)
    original = make_question(cast.bob, title="Original with abusive words")
    questions.mark_duplicate(question, original, by=cast.erin)
    hide(original, by=cast.erin, reason="Abuse")
    drain()
    assert mail.outbox == []


def test_what_its_author_deleted_is_no_news(cast: Cast) -> None:
    """Class 7: the number of unread news counts only what the inbox shows."""
    question = make_question(cast.mia)
    post = make_answer(question, cast.bob)
    remark = comments.comment(question, "A remark.", by=cast.carol)
    assert unread_count(cast.mia) == 2
    answers.delete_answer(post, by=_again(cast.bob))
    comments.delete_comment(remark, by=_again(cast.carol))
    assert unread_count(cast.mia) == 0


def test_the_form_of_a_question_is_no_way_round_the_limit_of_searches(
    cast: Cast, sign_in: SignIn, settings: pytest.FixtureRequest
) -> None:
    """Class 19: the page works on, without suggestions."""
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "2/m/ip"}  # type: ignore[attr-defined]
    make_question(cast.mia, title="Calendar sharing is broken")
    client = sign_in()
    url = reverse("forum:ask") + "?title=calendar+sharing"
    hits = [len(client.get(url).context["hits"]) for _ in range(3)]
    assert hits == [1, 1, 0]


def test_a_key_of_one_question_does_not_swallow_the_answer_to_another(
    cast: Cast, sign_in: SignIn
) -> None:
    """Class 18: a form brought back by the browser keeps its key."""
    one, other = make_question(cast.mia), make_question(cast.mia, title="Another one of mine")
    client, key = sign_in(cast.bob), "5f0c1a52-6f0e-4a57-9d0c-0d6a4a1a9b3e"
    for question in (one, one, other):
        url = reverse("forum:answer", args=[question.pk])
        client.post(url, {"body": "Share it anew.", "key": key})
    assert (one.answers.count(), other.answers.count()) == (1, 1)


def test_refused_attempts_of_strangers_empty_no_caches(sign_in: SignIn) -> None:
    """Class 19: a loop of refused posts would write to the database each time."""
    SiteVersion.objects.create(pk=1, number=7)
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("forum:ask"), {"title": "x"}).status_code == 403
    assert Client().post(reverse("forum:list")).status_code == 405
    assert SiteVersion.objects.get().number == 7


def test_what_only_asks_empties_no_caches(cast: Cast, sign_in: SignIn) -> None:
    """Composers ask at each pause while somebody types."""
    SiteVersion.objects.create(pk=1, number=7)
    client = sign_in(cast.alice)
    for name in ("forum:similar", "ideas:similar", "support:suggest", "posting:preview"):
        answer = client.post(reverse(name), {"title": "Shared calendar", "body": "It is empty."})
        assert answer.status_code == 200, name
    assert client.post(reverse("posting:draft", args=["x"]), {"body": "x"}).status_code == 204
    assert SiteVersion.objects.get().number == 7


def test_withheld_words_are_neither_mailed_nor_kept_in_the_inbox(cast: Cast) -> None:
    """Class 6: the mail of an answer leaves a minute later, with its first words."""
    question = make_question(cast.mia)
    post = make_answer(question, cast.bob, "Call 555-0100.")
    remark = comments.comment(question, "Or 555-0100.", by=cast.carol)
    answers.edit_answer(post, "Call.", by=cast.erin, reason="Private", withhold=True)
    comments.edit_comment(remark, "Or.", by=cast.erin, reason="Private", withhold=True)
    assert not Notification.objects.filter(data__icontains="555-0100").exists()
    drain()
    assert mail.outbox
    assert not any("555-0100" in message.body for message in mail.outbox)


def test_a_question_that_others_are_led_to_stays(cast: Cast) -> None:
    """Class 18: their pointer would lead nowhere."""
    question = make_question(cast.mia)
    original = make_question(cast.bob, title="Original with other words")
    questions.mark_duplicate(question, original, by=cast.erin)
    with pytest.raises(Refused):
        questions.delete_own(original, by=_again(cast.bob))
