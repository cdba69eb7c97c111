"""Bytes and numbers that a database may not take, and texts that no column holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from forum.models import Question
from jobs.testing import drain
from moderation.models import Flag
from notifications import mails
from notifications.actions import subscribe
from notifications.models import Notification
from posting.actions import MAX_DRAFTS
from posting.models import Draft, IdempotencyKey
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LONG = "予定表が共有後に消えてしまい元に戻せない問題について教えてください" * 3


def test_a_report_is_stored_without_invisible_characters(cast: Cast, sign_in: SignIn) -> None:
    """Section 4.6: PostgreSQL refuses NUL; bidi overrides would fool the moderator."""
    question = make_question(cast.bob)
    url = reverse("moderation:flag", args=[question.moderation_key, question.pk])
    answer = sign_in(cast.mia).post(url, {"reason": "spam", "note": "see\0 \u202ethis"})
    assert answer.status_code == 302
    assert Flag.objects.get().note == "see this"


def test_a_draft_is_stored_without_invisible_characters(cast: Cast, sign_in: SignIn) -> None:
    """Section 4.6."""
    url = reverse("posting:draft", args=["forum.ask"])
    assert sign_in(cast.mia).post(url, {"bo\0dy": "one\0two"}).status_code == 204
    assert Draft.objects.get().data == {"body": "onetwo"}


def test_drafts_do_not_fill_the_disk(cast: Cast, sign_in: SignIn) -> None:
    """ASVS 5.2.4: keys are free, their number is not."""
    client = sign_in(cast.mia)
    for number in range(MAX_DRAFTS + 3):
        client.post(reverse("posting:draft", args=[f"key-{number}"]), {"body": "words"})
    assert Draft.objects.count() == MAX_DRAFTS
    assert not Draft.objects.filter(key="key-0").exists()
    assert Draft.objects.filter(key=f"key-{MAX_DRAFTS + 2}").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/community/?lang=%00&tag=%00&product=%00&state=%00&answer=%00",
        "/community/feed.atom?lang=%00&tag=%00",
        "/search/?q=mail%00&product=%00&lang=%00&kind=%00&solved=%00&cursor=%00",
        "/search/suggest/?q=mail%00",
        "/api/v1/search?q=mail&lang=%00&kind=%00&cursor=%00",
        "/ideas/?product=%00&stage=%00&lang=%00&tag=%00&tab=%00",
        "/community/ask?title=mail%00box&product=%00&from=article:%00",
        "/support/?from=%00&q=%00",
    ],
)
def test_nul_in_an_address_is_no_error(cast: Cast, sign_in: SignIn, path: str) -> None:
    """Section 4.6."""
    make_question(cast.mia, title="Mail is late")
    make_idea(cast.mia)
    assert sign_in().get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/uploads/i/%00", "/support/cases/1/files/%00/", "/help/%00/", "/community/q/1/%00"]
)
def test_nul_in_a_path_is_a_missing_page(cast: Cast, sign_in: SignIn, path: str) -> None:
    """Section 4.6."""
    assert sign_in(cast.mia).get(path).status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_key_can_be_is_a_missing_page(
    cast: Cast, sign_in: SignIn, number: int
) -> None:
    """Section 5, R12: SQLite raises OverflowError, PostgreSQL "out of range"."""
    client = sign_in(cast.dana)
    for path in (
        f"/help/-/helpful/{number}/",
        f"/community/q/{number}",
        f"/ideas/{number}/",
        f"/support/cases/{number}/",
        f"/support/desk/{number}/",
        f"/people/{number}/",
    ):
        assert client.get(path).status_code == 404, path


def test_a_long_japanese_title_has_an_address_that_every_column_holds(
    cast: Cast, sign_in: SignIn
) -> None:
    """Nine signs a letter: 735 do not go into 500, and PostgreSQL refused the whole post."""
    form = {"title": LONG[:120], "body": "本文", "language": "ja", "key": ""}
    answer = sign_in(cast.mia).post(reverse("forum:ask"), form)
    assert answer.status_code == 302
    question = Question.objects.get()
    column = IdempotencyKey._meta.get_field("url").max_length or 0
    assert len(IdempotencyKey.objects.get().url) <= column
    subscribe(cast.carol, question)
    post = make_answer(question, cast.bob)
    assert Notification.objects.get(user=cast.carol).url == post.get_absolute_url()
    assert len(make_idea(cast.mia, title=LONG[:120]).get_absolute_url()) < column


def test_one_mail_that_cannot_be_made_does_not_keep_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Section 4.9: a poison job."""

    def build(row: Notification) -> EmailMultiAlternatives:
        if row.user_id == cast.bob.pk:
            raise ValueError("cannot be made")
        return mails_build(row)

    mails_build = mails.build
    monkeypatch.setattr(mails, "build", build)
    question = make_question(cast.mia)
    for person in (cast.bob, cast.carol, cast.xena):
        subscribe(person, question)
    make_answer(question, cast.dana)
    drain()
    told = {message.to[0] for message in mail.outbox}
    assert told == {cast.mia.email, cast.carol.email, cast.xena.email}
