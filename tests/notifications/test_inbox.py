"""The inbox page (NO-01): what happened, newest first, and nothing changes by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from ideas.models import Idea, Stage
from notifications import actions, notices
from notifications.models import Notification
from notifications.notices import Notice
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def verbs() -> Iterator[None]:
    before = dict(notices.registry)
    notices.register(
        Notice("tests.said", "Said", "%(actor)s said something on “%(title)s”", kind="idea"),
        Notice("tests.asked", "Asked", "%(actor)s asks you on “%(title)s”", needs_you=True),
    )
    yield
    notices.registry.clear()
    notices.registry.update(before)


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage.objects.create(code="open", names={"en": "Open"}, category="open")


def make_idea(author: User, stage: Stage, title: str = "Dark mode") -> Idea:
    return Idea.objects.create(title=title, slug="x", author=author, stage=stage, body_source="x")


def tell(
    user: User, idea: Idea, by: User, verb: str = "tests.said", **options: Any
) -> Notification:
    actions.notify(
        idea,
        verb,
        actor=by,
        title=idea.title,
        url=f"/ideas/{idea.pk}/x#comment-1",
        recipients=[user],
        **options,
    )
    return Notification.objects.latest("pk")


def test_the_inbox_tells_what_happened(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    tell(cast.mia, make_idea(cast.bob, stage), cast.bob, data={"excerpt": "First <words>"})
    page = sign_in(cast.mia).get("/inbox/").content.decode()
    assert 'Bob said something on “<bdi lang="en">Dark mode</bdi>”' in page
    assert "First &lt;words&gt;" in page
    assert "is-new" in page


def test_looking_changes_nothing_and_opening_marks_read(
    cast: Cast, stage: Stage, sign_in: SignIn
) -> None:
    row = tell(cast.mia, make_idea(cast.bob, stage), cast.bob)
    client = sign_in(cast.mia)
    client.get("/inbox/")
    assert actions.unread_count(cast.mia) == 1
    assert client.get(f"/inbox/{row.pk}/open/").status_code == 405
    answer = client.post(f"/inbox/{row.pk}/open/")
    assert answer.headers["Location"] == f"/ideas/{row.target_id}/x#comment-1"
    assert actions.unread_count(cast.mia) == 0


def test_a_reader_of_another_language_is_led_to_pages_in_it(
    cast: Cast, stage: Stage, sign_in: SignIn
) -> None:
    row = tell(cast.mia, make_idea(cast.bob, stage), cast.bob)
    answer = sign_in(cast.mia).post(f"/pl/inbox/{row.pk}/open/")
    assert answer.headers["Location"] == f"/pl/ideas/{row.target_id}/x#comment-1"


def test_nobody_opens_what_another_person_was_told(
    cast: Cast, stage: Stage, sign_in: SignIn
) -> None:
    row = tell(cast.mia, make_idea(cast.bob, stage), cast.bob)
    assert sign_in(cast.carol).post(f"/inbox/{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_all_can_be_marked_read_at_once(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    idea = make_idea(cast.bob, stage)
    for _ in range(3):
        tell(cast.mia, idea, cast.bob)
    tell(cast.carol, idea, cast.bob)
    assert sign_in(cast.mia).post("/inbox/read-all/").status_code == 302
    assert (actions.unread_count(cast.mia), actions.unread_count(cast.carol)) == (0, 1)


def test_what_needs_you_has_its_own_tab(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    idea = make_idea(cast.bob, stage)
    tell(cast.mia, idea, cast.bob)
    tell(cast.mia, idea, cast.bob, verb="tests.asked")
    page = sign_in(cast.mia).get("/inbox/?show=needs-you").content.decode()
    assert "asks you on" in page
    assert "said something" not in page


def test_what_a_person_lost_sight_of_is_not_named(
    cast: Cast, stage: Stage, sign_in: SignIn
) -> None:
    """Reliability class 6: a title is content."""
    idea = make_idea(cast.bob, stage, "CANARY title")
    tell(cast.mia, idea, cast.bob)
    Idea.objects.update(deleted_at=timezone.now())
    assert "CANARY" not in sign_in(cast.mia).get("/inbox/").content.decode()


def test_a_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/inbox/").status_code == 302


def test_the_inbox_pages_by_key(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    idea = make_idea(cast.bob, stage)
    for number in range(35):
        tell(cast.mia, idea, cast.bob, data={"excerpt": f"word-{number}-"})
    client = sign_in(cast.mia)
    first = client.get("/inbox/")
    assert first.content.decode().count("inbox__row") == 30
    second = client.get(first.context["page"].next_url).content.decode()
    assert second.count("inbox__row") == 5
    assert "word-0-" in second


def test_the_inbox_costs_the_same_for_one_and_twenty(
    cast: Cast, stage: Stage, sign_in: SignIn
) -> None:
    client = sign_in(cast.mia)
    tell(cast.mia, make_idea(cast.bob, stage), cast.bob)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    for number in range(20):
        tell(cast.mia, make_idea(cast.bob, stage, f"Idea {number}"), cast.dana)
    with CaptureQueriesContext(connection) as twenty:
        client.get("/inbox/")
    assert len(one) == len(twenty) <= 16


def test_unread_counts_stop_at_a_hundred(cast: Cast, stage: Stage) -> None:
    idea = make_idea(cast.bob, stage)
    row = tell(cast.mia, idea, cast.bob)
    Notification.objects.bulk_create(
        Notification(
            user=cast.mia,
            verb=row.verb,
            target_type_id=row.target_type_id,
            target_id=row.target_id,
            title="x",
            url="/",
        )
        for _ in range(150)
    )
    assert actions.unread_count(cast.mia) == 100
