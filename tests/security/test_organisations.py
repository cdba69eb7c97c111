"""Rights that must end, and cases that went on."""

from __future__ import annotations

import pytest

from accounts import actions as accounts
from accounts.models import Membership, User
from common.errors import Refused
from ideas.stages import ensure_defaults
from support.actions import closing, handling, moving
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
