"""Rights that must end, and cases that went on."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Membership, User
from common.errors import Refused
from common.redaction import Names, redact
from ideas.models import Idea
from ideas.stages import ensure_defaults
from notifications.actions import unread_count
from notifications.models import Notification
from support.actions import closing, handling, moving, replies
from tests.cast import Cast
from tests.support.factories import fresh, make_case

pytestmark = pytest.mark.django_db


def test_an_invitation_does_not_outlive_the_account_that_sent_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Class 27: a closed account's open invitations let nobody in."""
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: "known-token")
    accounts.invite(cast.acme, cast.mia.email or "", role="member", by=cast.alice)
    assert accounts.open_invitation("known-token") is not None
    accounts.deactivate(User.objects.get(pk=cast.alice.pk), by=cast.root)
    assert accounts.open_invitation("known-token") is None
    with pytest.raises(Refused):
        accounts.accept_invitation("known-token", user=cast.mia)
    assert not Membership.objects.filter(user=cast.mia).exists()


def test_undoing_a_move_leaves_a_case_that_was_closed_anew(cast: Cast) -> None:
    """Class 18: the same resolution by hand is not the move's own."""
    ensure_defaults()
    case = make_case(cast.acme, cast.alice)
    moving.keep_text(case, "The product does not do this.", by=cast.dana)
    payload = {"title": "A wish of some length", "body": "What is wished for."}
    moving.offer(fresh(case), payload, checked=True, by=cast.dana)
    moving.accept(fresh(case), show_name=False, by=cast.alice)
    handling.reopen(fresh(case), by=cast.dana)
    closing.close(fresh(case), resolution="r2", text="Really not.", by=cast.dana)
    moving.undo(fresh(case), by=User.objects.get(pk=cast.alice.pk))
    assert fresh(case).is_closed
    assert fresh(case).resolution_text == "Really not."


def test_a_yes_counts_only_for_the_words_that_were_shown(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    """Class 9: an offer taken back and made anew in between is another question."""
    ensure_defaults()
    case = make_case(cast.acme, cast.alice)
    moving.keep_text(case, "The product does not do this.", by=cast.dana)
    payload = {"title": "A wish of some length", "body": "What is wished for."}
    shown = moving.offer(fresh(case), payload, checked=True, by=cast.dana)
    client = sign_in(cast.alice)
    page = client.get(reverse("support:case", args=[case.number])).content.decode()
    assert f'name="move" value="{shown.pk}"' in page
    moving.decline(fresh(case), by=cast.dana)
    moving.keep_text(fresh(case), "The product does not do this.", by=cast.dana)
    moving.offer(fresh(case), payload | {"title": "Other words"}, checked=True, by=cast.dana)
    url = reverse("support:decide", args=[case.number])
    assert client.post(url, {"answer": "yes", "move": shown.pk}).status_code == 409
    assert not Idea.objects.exists()


def test_redaction_of_a_large_organisation_takes_no_time() -> None:
    """Class 19: five hundred colleagues cost an agent's page seconds."""
    people = tuple(f"Ab{n:03d}cd Ef{n:03d}gh".translate(_LETTERS) for n in range(500))
    started = time.process_time()
    found = redact("lorem ipsum dolor sit amet " * 1_100 + people[7], names=Names(people=people))
    assert time.process_time() - started < 0.8
    assert [change.before for change in found.changes] == [people[7]]


_LETTERS = str.maketrans("0123456789", "klmnopqrst")


def test_who_left_the_organisation_gets_no_news_of_their_old_case(cast: Cast) -> None:
    """Class 6: not even a number beside the bell that grows with each reply."""
    case = make_case(cast.acme, cast.della)
    Notification.objects.all().delete()
    accounts.remove_member(Membership.objects.get(user=cast.della), by=cast.alice)
    replies.reply(case, "It is repaired.", by=cast.dana)
    assert unread_count(cast.della) == 0
