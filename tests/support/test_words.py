"""What people read about a case: events, due times, notices; and text rendered anew."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from notifications import notices
from notifications.models import Notification
from support import policy, resolutions, tasks, timeline, times
from support.actions import closing, handling, replies
from support.models import Case, Message, Resolution, State
from tests.cast import Cast
from tests.support.factories import fresh, make_case

ACTIONS = [*Path("support").rglob("*.py")]
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def used(pattern: str) -> set[str]:
    return {found for path in ACTIONS for found in re.findall(pattern, path.read_text())}


def test_every_event_has_words(cast: Cast) -> None:
    codes = used(r'record\.event\(\s*[\w.]+,\s*"(\w+)"')
    assert len(codes) > 8
    assert codes <= set(timeline._WORDS)


def test_every_verb_is_registered() -> None:
    verbs = used(r'tell\.\w+\(\s*[\w.]+,\s*"(case\.\w+)"') | used(r'"(case\.\w+)" if')
    assert len(verbs) > 10
    assert verbs <= set(notices.registry)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_whole_life_reads_well(cast: Cast, language: str) -> None:
    case = make_case(cast.acme, cast.alice, channel="phone", by=cast.dana)
    handling.assign(case, cast.dana, by=cast.root)
    handling.set_priority(case, 1, reason="100 % of them", by=cast.dana)
    handling.object_to_priority(case, reason="No", by=cast.alice)
    handling.escalate(case, cast.sam, text="Look", by=cast.dana)
    replies.reply(case, "Hello", by=cast.sam)
    handling.take_back(case, by=cast.sam)
    handling.assign(case, None, by=cast.dana)
    closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    replies.answer(case, "No", by=cast.alice)
    with translation.override(language):
        for entry in timeline.entries_of(case, cast.dana):
            if entry.is_event:
                assert entry.words
                assert entry.words != entry.message.event, entry.message.event
                assert "%(" not in entry.words
        for notification in Notification.objects.all():
            words = notices.sentence(notification)
            assert words != notification.title, notification.verb
            assert "%(" not in words


def test_damaged_events_show_their_code(cast: Cast) -> None:
    case = make_case(cast.acme, cast.alice)
    for code, data in (("priority", {}), ("strange", {}), ("closed", {"resolution": "r9"})):
        message = Message.objects.create(case=case, kind="event", event=code, data=data)
        assert timeline.words_of(message)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(38, "38 min left"), (130, "by 11:10"), (24 * 60, "Tomorrow 09:00"), (-75, "1 h 15 min late")],
)
def test_a_due_time_in_words(minutes: int, expected: str) -> None:
    """N-4: in the reader's zone."""
    case = Case(
        state=State.WITH_US,
        first_replied_at=MONDAY,
        next_update_at=MONDAY + timedelta(minutes=minutes),
    )
    assert times.due_of(case, MONDAY).words == expected


def test_a_waiting_case_is_paused_and_a_closed_one_owes_nothing() -> None:
    """SU-04."""
    waiting = Case(state=State.WAITS, first_reply_due_at=MONDAY)
    assert times.due_of(waiting, MONDAY).words == "Paused"
    closed = Case(state=State.CLOSED, closed_at=MONDAY, next_update_at=MONDAY)
    assert times.due_of(closed, MONDAY).words == ""
    assert times.share_used(closed, MONDAY) == 0


def test_the_reader_s_zone_decides() -> None:
    with timezone.override("Asia/Kathmandu"):
        assert times.exact(MONDAY).endswith("14:45")
        assert times.zone_name() == "Kathmandu time"
    with timezone.override("UTC"):
        assert times.zone_name() == "UTC"
    assert times.zone_words("America/New_York") == "New York time"
    assert times.zone_words("Europe/Warsaw") == "Warsaw time"


def test_the_policy_knows_hours_and_holidays() -> None:
    """S-17: a Polish holiday counts as closed."""
    assert policy.is_open_now(MONDAY)
    assert not policy.is_open_now(MONDAY.replace(hour=20))
    eve = datetime(2026, 12, 23, 10, 0, tzinfo=UTC)
    due = policy.first_reply_due(eve)
    assert due.date().isoformat() == "2026-12-28"
    assert policy.holidays_ahead(MONDAY.date())


def test_every_resolution_has_a_rule() -> None:
    """S-29."""
    assert list(resolutions.RULES) == list(Resolution.values)
    assert resolutions.details("r4", {"third_party": "X", "reference": ""}) != []
    assert resolutions.details("", {}) == []


def test_old_text_is_rendered_anew_by_a_job(cast: Cast) -> None:
    case = make_case(cast.acme, cast.alice, body="**bold**")
    closing.close(case, resolution="r1", text="*done*", extra={"outcome": "fixed"}, by=cast.dana)
    Message.objects.update(renderer_version=0, body_html="old")
    Case.objects.update(renderer_version=0, resolution_html="old")
    tasks.renew_html()
    assert "<strong>bold</strong>" in case.messages.get(kind="customer").body_html
    assert "<em>done</em>" in fresh(case).resolution_html


def test_what_nobody_did_reads_as_a_sentence(cast: Cast) -> None:
    event = Message(event="reopened", data={"resolution": "r2"}, author=None)
    assert timeline.words_of(event).startswith("The case is open again")
    event.author = cast.dana
    assert timeline.words_of(event).startswith("opened the case again")
