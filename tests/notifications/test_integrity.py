"""What check_integrity asks of mails and notices."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.utils import timezone

from accounts import integrity as accounts
from accounts.actions.claims import invite_to_claim
from accounts.models import Handover, User
from forum.models import Answer
from moderation.actions import hide
from notifications import integrity
from notifications.models import Notification
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question

pytestmark = pytest.mark.django_db


def findings(checks: Iterable[tuple[str, list[str]]]) -> int:
    return sum(len(problems) for _name, problems in checks)


def test_a_notice_of_something_hidden_is_found(cast: Cast) -> None:
    make_answer(make_question(cast.mia), cast.bob)
    assert findings(integrity.checks()) == 0
    Answer.objects.update(hidden_at=timezone.now())
    assert findings(integrity.checks()) == Notification.objects.count() == 1
    Answer.objects.update(hidden_at=None)
    hide(Answer.objects.get(), by=cast.erin, reason="Rude")
    assert findings(integrity.checks()) == 0


def test_two_open_links_and_one_too_late_are_found(cast: Cast) -> None:
    author = User.objects.create_user(None, None, display_name="Old", is_active=False)
    invite_to_claim(author, "one@acme.example", by=cast.dana)
    invite_to_claim(author, "other@acme.example", by=cast.dana)
    assert findings(accounts.checks()) == 0
    Handover.objects.update(cancelled_at=None)
    assert findings(accounts.checks()) == 1
    User.objects.filter(pk=author.pk).update(is_active=True)
    assert findings(accounts.checks()) == 3
