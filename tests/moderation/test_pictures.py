"""A moderator's word counts for the pictures in a post, too (reliability class 23)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from forum.actions.questions import Words, edit
from forum.models import Question
from moderation.actions import hide, restore
from posting.actions import store_upload
from posting.models import Upload
from tests.cast import Cast
from tests.forum.factories import make_question
from tests.posting import pictures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]


def keep(cast: Cast) -> Upload:
    return store_upload(pictures.sent("a.png", pictures.picture()), by=cast.mia, purpose="image")


def test_a_picture_is_as_open_as_the_post_it_stands_in(
    cast: Cast, client: Client, sign_in: SignIn
) -> None:
    """A screenshot may be why a moderator hides a post, or takes something out of it."""
    upload = keep(cast)
    address = f"/uploads/i/{upload.pk}"
    body = f"See here: ![It]({address})"
    question = make_question(upload.owner, "With a picture of it", body=body)
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    tag = {"if-none-match": answer.headers["ETag"]}
    assert client.get(address, headers=tag).status_code == 304
    hide(question, by=cast.erin, reason="It shows a password")
    assert client.get(address).status_code == 404
    assert client.get(address, headers=tag).status_code == 404
    assert sign_in(cast.carol).get(address).status_code == 404
    assert sign_in(cast.erin).get(address).status_code == 200
    restore(Question.objects.get(pk=question.pk), by=cast.erin)
    assert client.get(address).status_code == 200
    words = Words(title="With a picture of it", body="Taken out.")
    edit(
        Question.objects.get(pk=question.pk),
        words,
        by=cast.erin,
        reason="A password",
        withhold=True,
    )
    assert client.get(address).status_code == 404


def test_nobody_takes_another_ones_picture_along(cast: Cast, client: Client) -> None:
    """Whoever shows it in a post of their own could otherwise have it hidden everywhere."""
    upload = keep(cast)
    thief = make_question(cast.carol, "With his picture", body=f"![It](/uploads/i/{upload.pk})")
    make_question(upload.owner, "With my picture", body=f"![It](/uploads/i/{upload.pk})")
    hide(thief, by=cast.erin, reason="spam")
    assert client.get(f"/uploads/i/{upload.pk}").status_code == 200
