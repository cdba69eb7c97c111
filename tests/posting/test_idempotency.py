"""A retry or double click never doubles a post (architecture.md, point 7)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from common.errors import Refused
from posting.actions import discard_draft, draft_for, save_draft
from posting.idempotency import new_key, once
from posting.models import Draft, IdempotencyKey
from posting.tasks import prune
from products.models import Tag
from tests.cast import Cast
from tests.racing import in_thread, race, racing

pytestmark = pytest.mark.django_db


def send(user: Any, key: str, word: str = "tag") -> str:
    with once(user, key, "tests.tag") as attempt:
        if not attempt.is_repeat:
            number = Tag.objects.count() + 1
            tag = Tag.objects.create(slug=f"{word}-{number}", name=word)
            attempt.done(f"/tags/{tag.pk}")
    return attempt.url


def test_the_second_sending_leads_to_the_first_result(cast: Cast) -> None:
    key = new_key()
    assert send(cast.mia, key) == send(cast.mia, key)
    assert Tag.objects.count() == 1


def test_another_key_person_or_action_is_another_sending(cast: Cast) -> None:
    key = new_key()
    urls = {send(cast.mia, key), send(cast.bob, key), send(None, key), send(cast.mia, new_key())}
    assert len(urls) == 4
    with once(cast.mia, key, "tests.other") as attempt:
        assert not attempt.is_repeat


def test_another_file_of_the_same_name_and_size_is_another_sending(cast: Cast) -> None:
    """Screenshots are all called image.png."""
    key, urls = new_key(), []
    for content in (b"red", b"blu", b"red"):
        file = SimpleUploadedFile("image.png", content)
        request = RequestFactory().post("/", {"key": key, "body": "See this.", "file": file})
        request.user = cast.mia
        urls.append(send(request, key))
        assert request.FILES["file"].read() == content
    assert urls[0] == urls[2] != urls[1]


def test_a_form_with_errors_can_be_sent_again(cast: Cast) -> None:
    key = new_key()
    with once(cast.mia, key, "tests.tag") as attempt:
        assert not attempt.is_repeat
    send(cast.mia, key)
    assert Tag.objects.count() == 1


def refuse(user: Any, key: str) -> None:
    with once(user, key, "tests.tag"):
        Tag.objects.create(slug="half", name="half")
        raise Refused("No.")


def test_a_refused_action_leaves_neither_key_nor_half_a_post(cast: Cast) -> None:
    key = new_key()
    with pytest.raises(Refused):
        refuse(cast.mia, key)
    assert not Tag.objects.exists()
    send(cast.mia, key)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("key", ["", None, "not a key", "'; DROP TABLE x", "1" * 500])
def test_a_damaged_key_loses_no_post(cast: Cast, key: Any) -> None:
    assert send(cast.mia, key) != send(cast.mia, key)


def test_old_keys_and_drafts_are_forgotten(cast: Cast) -> None:
    send(cast.mia, new_key())
    save_draft(cast.mia, "forum.ask", {"title": "x"})
    assert prune()["keys"] == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=4))
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=100))
    found = prune()
    assert (found["keys"], found["drafts"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_racing_requests_with_one_key_make_one_post(tmp_path: Path) -> None:
    key = new_key()
    with racing(tmp_path, IdempotencyKey, Tag):
        urls = race([partial(send, None, key, f"race{number}") for number in range(6)])
        assert in_thread(Tag.objects.count) == 1
    assert len(set(urls)) == 1
    assert urls[0].startswith("/tags/")


# Drafts


def test_a_draft_comes_back_and_goes_when_sent(cast: Cast) -> None:
    save_draft(cast.mia, "forum.ask", {"title": "Half a", "body": "sentence"})
    save_draft(cast.mia, "forum.ask", {"title": "Half a", "body": "sentence more"})
    assert draft_for(cast.mia, "forum.ask") == {"title": "Half a", "body": "sentence more"}
    assert draft_for(cast.bob, "forum.ask") is None
    discard_draft(cast.mia, "forum.ask")
    assert draft_for(cast.mia, "forum.ask") is None


def test_empty_words_remove_a_draft_and_endless_ones_are_refused(cast: Cast) -> None:
    save_draft(cast.mia, "k", {"title": "x"})
    save_draft(cast.mia, "k", {"title": "  "})
    assert draft_for(cast.mia, "k") is None
    with pytest.raises(Refused):
        save_draft(cast.mia, "k", {"body": "x" * 100_000})


def test_drafts_are_sent_by_the_form(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.mia)
    url = "/uploads/draft/forum.ask"
    assert client.post(url, {"title": "x", "key": "1", "next": "/"}).status_code == 204
    assert draft_for(cast.mia, "forum.ask") == {"title": "x"}
    assert client.post(url, {"discard": "1", "title": "x"}).status_code == 204
    assert draft_for(cast.mia, "forum.ask") is None
    assert client.post("/uploads/draft/" + "k" * 90, {"title": "x"}).status_code == 404
    assert client.get(url).status_code == 405
