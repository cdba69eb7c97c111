"""What a member has begun is kept on the server until it is posted."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from posting.actions import draft_for, save_draft
from posting.models import Draft
from tests.cast import Cast
from tests.forum.factories import make_question

pytestmark = pytest.mark.usefixtures("site_tree")
WORDS = {"title": "Printer refuses", "body": "Since Monday it says no.", "language": "en"}


@pytest.mark.parametrize(
    ("key", "url"), [("question-new", "/community/ask"), ("idea-new", "/ideas/new/")]
)
def test_what_was_begun_is_there_again(cast: Cast, client: Client, key: str, url: str) -> None:
    client.force_login(cast.alice)
    assert reverse("posting:draft", args=[key]) in client.get(url).text
    kept = client.post(reverse("posting:draft", args=[key]), {**WORDS, "key": "x"})
    assert kept.status_code == 204
    page = client.get(url).text
    assert "Printer refuses" in page
    assert "Since Monday it says no." in page
    client.force_login(cast.bob)
    assert "Printer refuses" not in client.get(url).text


def test_a_link_with_its_own_words_begins_anew(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    save_draft(cast.alice, "question-new", WORDS)
    page = client.get("/community/ask?title=Another").text
    assert "Another" in page
    assert "Printer refuses" not in page
    assert draft_for(cast.alice, "question-new")


@pytest.mark.parametrize(
    ("key", "url"), [("question-new", "/community/ask"), ("idea-new", "/ideas/new/")]
)
def test_posting_ends_the_draft(cast: Cast, client: Client, key: str, url: str) -> None:
    client.force_login(cast.alice)
    save_draft(cast.alice, key, WORDS)
    client.post(url, {"title": "Printer", "key": str(uuid.uuid4())})
    assert draft_for(cast.alice, key)
    client.post(url, {**WORDS, "tags": "", "key": str(uuid.uuid4())})
    assert not Draft.objects.exists()


def test_an_answer_is_kept_beneath_its_question(cast: Cast, client: Client) -> None:
    question = make_question(cast.alice, "About the calendar")
    client.force_login(cast.bob)
    key = f"answer-{question.pk}"
    client.post(reverse("posting:draft", args=[key]), {"body": "Half an answer"})
    assert "Half an answer" in client.get(question.get_absolute_url()).text
    quoting = client.get(f"{question.get_absolute_url()}?quote=question").text
    assert "Half an answer" in quoting
    url = reverse("forum:answer", args=[question.pk])
    client.post(url, {"body": "A whole answer.", "key": str(uuid.uuid4())})
    assert not Draft.objects.exists()
    assert "Half an answer" not in client.get(question.get_absolute_url()).text
