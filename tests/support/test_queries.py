"""Pages cost the same for one row and for twenty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support import integrity
from support.actions import closing, handling, replies
from support.models import Case, Message
from tests.cast import Cast
from tests.support.factories import make_case

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def tree(site_tree: None) -> None:
    """Pages need a site."""


def cost(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def grow(cast: Cast) -> Case:
    first = Case.objects.order_by("pk")[0]
    for index in range(19):
        case = make_case(cast.acme, cast.alice, subject=f"Another case, number {index}")
        handling.assign(case, cast.dana, by=cast.dana)
        replies.reply(first, f"Reply {index}", by=cast.dana)
        replies.answer(first, f"Answer {index}", by=cast.alice)
    return first


@pytest.mark.parametrize(
    ("who", "url", "most"),
    [
        ("alice", "/support/cases/?of=organisation", 16),
        ("alice", "/support/", 16),
        ("alice", "{case}", 20),
        ("dana", "/support/desk/?view=open", 16),
        ("dana", "{desk}", 22),
    ],
)
def test_the_same_for_one_and_twenty(
    cast: Cast, sign_in: SignIn, who: str, url: str, most: int
) -> None:
    case = make_case(cast.acme, cast.alice)
    handling.assign(case, cast.dana, by=cast.dana)
    replies.reply(case, "First", by=cast.dana)
    ContentType.objects.clear_cache()
    client = sign_in(getattr(cast, who))
    session = client.session
    session["demo"] = True
    session.save()
    address = url.format(case=case.get_absolute_url(), desk=case.desk_url)
    before = cost(client, address)
    grow(cast)
    after = cost(client, address)
    assert after <= before + 1, (before, after)
    assert after <= most


def test_a_visitor_reads_the_contact_page_cheaply(cast: Cast, sign_in: SignIn) -> None:
    assert cost(sign_in(), "/support/") <= 12


def test_integrity_finds_what_is_wrong_and_repairs_counters(cast: Cast) -> None:
    case = make_case(cast.acme, cast.alice)
    replies.note(case, "Note", by=cast.dana)
    replies.reply(case, "Reply", by=cast.dana)
    done = make_case(cast.acme, cast.alice)
    closing.close(done, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    assert [found for _label, found in integrity.checks()] == [[], [], [], []]
    Case.objects.filter(pk=case.pk).update(message_count=7)
    Case.objects.filter(pk=done.pk).update(resolution="", closed_at=None)
    found: dict[str, Any] = dict(integrity.checks())
    assert sum(map(len, found.values())) == 3
    assert integrity.repair() == 1
    case.refresh_from_db()
    assert case.message_count == Message.objects.public().written().filter(case=case).count() == 2
