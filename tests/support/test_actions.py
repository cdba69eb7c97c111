"""Every transition of a case, who causes it, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.access import forget
from accounts.models import Membership
from common.errors import Refused
from jobs.testing import drain
from notifications.models import Notification
from support import tasks
from support.actions import closing, handling, opening, replies
from support.models import Case, Channel, Message, Priority, Resolution, State
from tests.cast import Cast
from tests.support.factories import fresh, make_case

FRIDAY = datetime(2026, 11, 20, 15, 50, tzinfo=UTC)  # 16:50 in Warsaw


def verbs(user: object) -> list[str]:
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("verb", flat=True)
    )


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast.acme, cast.alice)


def test_opening_promises_a_first_reply_and_acknowledges(cast: Cast) -> None:
    """S-17, S-09, S-15: due on Monday at the same time; the promise's version is kept."""
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(cast.acme, cast.alice)
    assert case.state == State.NEW
    assert case.number >= opening.FIRST_NUMBER
    assert case.first_reply_due_at == datetime(2026, 11, 23, 15, 50, tzinfo=UTC)
    assert case.policy_version == 1
    assert fresh(case).message_count == 1
    assert verbs(cast.alice) == ["case.acknowledged"]
    assert verbs(cast.dana) == ["case.new"]


def test_numbers_count_up(cast: Cast) -> None:
    first, second = (make_case(cast.acme, cast.alice) for _ in range(2))
    assert second.number == first.number + 1


def test_only_admins_and_delegates_of_an_entitled_organisation_open_cases(cast: Cast) -> None:
    """S-01."""
    for person, organisation in (
        (cast.bob, cast.acme),
        (cast.mia, cast.acme),
        (cast.carol, cast.acme),
    ):
        with pytest.raises(Refused):
            make_case(organisation, person)
    assert make_case(cast.acme, cast.della).requester == cast.della
    cast.acme.plan.has_support = False
    cast.acme.plan.save()
    forget(cast.alice)
    with pytest.raises(Refused):
        make_case(cast.acme, cast.alice)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.CHAT, Channel.EMAIL, Channel.WEB])
def test_an_agent_writes_down_a_call(cast: Cast, channel: Channel) -> None:
    """S-05: every channel ends in the same list; only agents open cases for others."""
    case = make_case(cast.acme, cast.alice, by=cast.dana, channel=channel)
    assert case.channel == channel
    assert case.messages.get(kind="customer").author == cast.alice
    assert Case.objects.visible_to(cast.alice).count() == 1
    with pytest.raises(Refused):
        make_case(cast.acme, cast.alice, by=cast.adam)


@pytest.mark.parametrize(("subject", "body"), [("", "x"), ("Hi", "x"), ("Long enough", " \n ")])
def test_empty_words_are_refused(cast: Cast, subject: str, body: str) -> None:
    with pytest.raises(Refused):
        make_case(cast.acme, cast.alice, subject=subject, body=body)
    assert not Case.objects.exists()


def test_a_reply_stops_the_first_reply_clock_and_assigns(cast: Cast, case: Case) -> None:
    """S-17: a public human message stops it; a note, an owner and a state do not."""
    handling.assign(case, cast.dana, by=cast.dana)
    replies.note(case, "Looks like the relay.", by=cast.dana)
    assert fresh(case).first_replied_at is None
    replies.reply(case, "We are looking at it.", by=cast.dana)
    now = fresh(case)
    assert now.first_replied_at is not None
    assert now.state == State.WITH_US
    assert now.next_update_at is not None
    assert verbs(cast.alice)[-1] == "case.replied"


def test_the_first_to_reply_owns_the_contact(cast: Cast, case: Case) -> None:
    replies.reply(case, "We are looking at it.", by=cast.dana)
    assert fresh(case).assignee == cast.dana


def test_asking_waits_for_the_customer_and_the_answer_comes_back(cast: Cast, case: Case) -> None:
    """Case states: waits for you (an agent asked), with us (the customer answered)."""
    replies.reply(case, "Which domains?", by=cast.dana, effect=replies.WAIT)
    waiting = fresh(case)
    assert waiting.state == State.WAITS
    assert waiting.due_at is None
    assert verbs(cast.alice)[-1] == "case.asks"
    replies.answer(case, "All of them.", by=cast.adam)
    assert fresh(case).state == State.WITH_US
    assert verbs(cast.dana)[-1] == "case.answered"


def test_a_note_moves_nothing_that_the_customer_sees(cast: Cast, case: Case) -> None:
    before = fresh(case)
    replies.note(case, "Secret of the desk", by=cast.dana)
    after = fresh(case)
    assert (after.last_activity_at, after.message_count) == (
        before.last_activity_at,
        before.message_count,
    )
    assert "case.noted" not in verbs(cast.alice)
    assert not Message.objects.visible_to(cast.alice).filter(kind="note").exists()


def test_strangers_cannot_write(cast: Cast, case: Case) -> None:
    for person in (cast.bob, cast.carol, cast.mia, cast.erin, cast.pam):
        with pytest.raises(Refused):
            replies.answer(case, "Hello", by=person)
    for person in (cast.alice, cast.sam, cast.erin, cast.ed):
        with pytest.raises(Refused):
            replies.reply(case, "Hello", by=person)
        with pytest.raises(Refused):
            replies.note(case, "Hello", by=person)


def test_escalating_keeps_number_clock_and_owner(cast: Cast, case: Case) -> None:
    """S-27: the first-reply clock is unchanged; a next update is promised (S-28)."""
    handling.assign(case, cast.dana, by=cast.dana)
    before = fresh(case)
    assert not Case.objects.visible_to(cast.sam).exists()
    handling.escalate(case, cast.sam, text="Please look at the relay.", by=cast.dana)
    after = fresh(case)
    assert after.state == State.SPECIALISTS
    assert (after.number, after.first_reply_due_at, after.assignee) == (
        before.number,
        before.first_reply_due_at,
        cast.dana,
    )
    assert after.next_update_at is not None
    assert Case.objects.visible_to(cast.sam).get() == case
    assert verbs(cast.sam)[-1] == "case.escalated"
    replies.reply(case, "Found it.", by=cast.sam)
    assert fresh(case).state == State.SPECIALISTS
    handling.take_back(case, by=cast.dana)
    assert fresh(case).state == State.WITH_US
    assert not Case.objects.visible_to(cast.sam).exists()
    with pytest.raises(Refused):
        replies.reply(case, "Late", by=cast.sam)


def test_only_specialists_are_escalated_to_and_only_agents_are_assigned(
    cast: Cast, case: Case
) -> None:
    for person in (cast.alice, cast.dana, cast.erin):
        with pytest.raises(Refused):
            handling.escalate(case, person, by=cast.dana)
    with pytest.raises(Refused):
        handling.assign(case, cast.sam, by=cast.dana)
    with pytest.raises(Refused):
        handling.assign(case, cast.dana, by=cast.alice)


def test_assigning_and_unassigning(cast: Cast, case: Case) -> None:
    handling.assign(case, cast.dana, by=cast.root)
    assert fresh(case).state == State.WITH_US
    assert verbs(cast.dana)[-1] == "case.assigned"
    handling.assign(case, None, by=cast.dana)
    assert fresh(case).assignee is None
    events = Message.objects.visible_to(cast.alice).filter(event__in=["assigned", "unassigned"])
    assert not events.exists()


def test_reclassifying_keeps_both_values_and_tells(cast: Cast, case: Case) -> None:
    """S-16, S-23: the submission time stays, the customer's choice too; a reason is needed."""
    with pytest.raises(Refused):
        handling.set_priority(case, Priority.P1, reason="  ", by=cast.dana)
    with pytest.raises(Refused):
        handling.set_priority(case, Priority.P3, reason="Same", by=cast.dana)
    handling.set_priority(case, Priority.P1, reason="All of the region", by=cast.dana)
    after = fresh(case)
    assert (after.chosen_priority, after.priority) == (Priority.P3, Priority.P1)
    assert after.opened_at == case.opened_at
    assert verbs(cast.alice)[-1] == "case.priority"
    shown = Message.objects.visible_to(cast.alice).get(event="priority")
    assert shown.data["reason"] == "All of the region"


def test_an_objection_resets_nothing_and_reaches_the_agents(cast: Cast, case: Case) -> None:
    """S-23."""
    with pytest.raises(Refused):
        handling.object_to_priority(case, reason="?", by=cast.alice)
    handling.set_priority(case, Priority.P4, reason="Usable", by=cast.dana)
    with pytest.raises(Refused):
        handling.object_to_priority(case, reason="No", by=cast.carol)
    handling.object_to_priority(case, reason="We stand still", by=cast.alice)
    after = fresh(case)
    assert after.priority == Priority.P4
    assert after.objected_at is not None
    assert "case.objected" in verbs(cast.dana)
    with pytest.raises(Refused):
        handling.object_to_priority(case, reason="Again", by=cast.alice)


GOOD = {
    Resolution.FIXED: {"outcome": "answer"},
    Resolution.NOT_A_FEATURE: {},
    Resolution.NOT_REPRODUCED: {"advice": "Collect the headers."},
    Resolution.THIRD_PARTY: {
        "third_party": "Relay Ltd",
        "reference": "RL-1",
        "referred_on": "2026-11-20",
        "shared": "The headers",
        "consent": "yes",
    },
    Resolution.NOT_SOLVABLE: {"reason": "Out of scope."},
}


@pytest.mark.parametrize("resolution", list(GOOD))
def test_closing_needs_one_resolution_and_its_words(
    cast: Cast, case: Case, resolution: Resolution
) -> None:
    """S-29, S-30, S-32, S-33, S-34."""
    extra = GOOD[resolution]
    for missing in extra:
        wrong = extra | {missing: ""}
        with pytest.raises(Refused):
            closing.close(case, resolution=resolution, text="Done", extra=wrong, by=cast.dana)
    with pytest.raises(Refused):
        closing.close(case, resolution=resolution, text=" ", extra=extra, by=cast.dana)
    closing.close(case, resolution=resolution, text="**Done**", extra=extra, by=cast.dana)
    after = fresh(case)
    assert (after.state, after.resolution) == (State.CLOSED, resolution)
    assert "<strong>Done</strong>" in after.resolution_html
    assert after.resolution_data == extra
    assert verbs(cast.alice)[-1] == "case.closed"


@pytest.mark.parametrize("resolution", ["", "r7", "R1", "r6"])
def test_no_other_resolution_closes(cast: Cast, case: Case, resolution: str) -> None:
    """S-29; S-35: none is closed by an incident while there are none."""
    with pytest.raises(Refused):
        closing.close(case, resolution=resolution, text="Done", by=cast.dana)
    assert fresh(case).state == State.NEW


def test_only_agents_close_and_only_once(cast: Cast, case: Case) -> None:
    handling.escalate(case, cast.sam, by=cast.dana)
    for person in (cast.alice, cast.sam, cast.erin, cast.pam):
        with pytest.raises(Refused):
            closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=person)
    closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    with pytest.raises(Refused):
        closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    assert Message.objects.filter(case=case, event="closed").count() == 1
    assert not Case.objects.visible_to(cast.sam).exists()


DESK_ACTIONS: list[Callable[[Case, Cast], object]] = [
    lambda case, cast: replies.reply(case, "x", by=cast.dana),
    lambda case, cast: handling.assign(case, cast.dana, by=cast.dana),
    lambda case, cast: handling.set_priority(case, 1, reason="x", by=cast.dana),
    lambda case, cast: handling.escalate(case, cast.sam, by=cast.dana),
    lambda case, cast: handling.take_back(case, by=cast.dana),
    lambda case, cast: closing.withdraw(case, by=cast.alice),
]


@pytest.mark.parametrize("act", DESK_ACTIONS)
def test_a_stale_form_on_a_closed_case_is_refused(
    cast: Cast, case: Case, act: Callable[[Case, Cast], object]
) -> None:
    closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    with pytest.raises(Refused):
        act(case, cast)
    assert fresh(case).state == State.CLOSED


def test_a_reply_within_four_days_reopens_with_the_same_number(cast: Cast, case: Case) -> None:
    """S-32: new evidence comes back to the same case."""
    with time_machine.travel(FRIDAY):
        closing.close(
            case, resolution="r3", text="Not seen", extra={"advice": "Headers"}, by=cast.dana
        )
    with time_machine.travel(FRIDAY + timedelta(days=4) - timedelta(minutes=1)):
        assert replies.answer(case, "It is back.", by=cast.alice) == case
    after = fresh(case)
    assert (after.state, after.resolution, after.closed_at) == (State.WITH_US, "", None)
    event = Message.objects.get(case=case, event="reopened")
    assert event.data["resolution"] == "r3"


def test_a_later_reply_opens_a_linked_follow_up(cast: Cast, case: Case) -> None:
    """SU-10."""
    with time_machine.travel(FRIDAY):
        closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    with time_machine.travel(FRIDAY + timedelta(days=5)):
        follow_up = replies.answer(case, "It is back again.", by=cast.alice)
    assert follow_up != case
    assert follow_up.follow_up_of == case
    assert follow_up.state == State.NEW
    assert fresh(case).state == State.CLOSED


def test_a_follow_up_keeps_what_each_side_said_of_the_priority(cast: Cast) -> None:
    """S-23: who chose P4 did not choose the P2 that support made of it."""
    case = make_case(cast.acme, cast.alice, priority=Priority.P4)
    handling.set_priority(case, Priority.P2, reason="Many are affected.", by=cast.dana)
    with time_machine.travel(FRIDAY):
        closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    with time_machine.travel(FRIDAY + timedelta(days=5)):
        replies.answer(case, "It is back again.", by=cast.alice)
    made = Case.objects.get(follow_up_of=case)
    assert (made.chosen_priority, made.priority) == (Priority.P4, Priority.P2)


def test_the_customer_closes_what_works_now(cast: Cast, case: Case) -> None:
    closing.withdraw(case, text="", by=cast.adam)
    after = fresh(case)
    assert (after.state, after.resolution) == (State.CLOSED, Resolution.FIXED)
    assert after.resolution_text
    with pytest.raises(Refused):
        closing.withdraw(make_case(cast.acme, cast.alice), by=cast.carol)


def test_an_agent_reopens(cast: Cast, case: Case) -> None:
    with pytest.raises(Refused):
        handling.reopen(case, by=cast.dana)
    closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    handling.reopen(case, by=cast.dana)
    assert fresh(case).state == State.WITH_US


def test_the_desk_is_warned_once_of_a_late_word(cast: Cast) -> None:
    """S-28: also when the worker was down at the moment."""
    with time_machine.travel(FRIDAY):
        case = make_case(cast.acme, cast.alice)
    with time_machine.travel(FRIDAY + timedelta(days=5)):
        tasks.warn_of_late()
        tasks.warn_of_late()
        assert verbs(cast.dana).count("case.overdue") == 1
        replies.reply(case, "Sorry.", by=cast.dana)
        tasks.warn_of_late()
        assert verbs(cast.dana).count("case.overdue") == 1
        due = fresh(case).next_update_at
    with time_machine.travel(due + timedelta(minutes=1)):
        tasks.warn_of_late()
    assert verbs(cast.dana).count("case.overdue") == 2


def test_who_left_the_organisation_is_told_nothing_more(cast: Cast, case: Case) -> None:
    """Class 6: access is asked when sending, not when queueing."""
    drain()
    replies.reply(case, "Here is the answer.", by=cast.dana)
    Membership.objects.filter(user=cast.alice).update(is_active=False)
    from accounts.models import OutgoingMail

    before = OutgoingMail.objects.filter(to__contains=cast.alice.email).count()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        drain()
    assert OutgoingMail.objects.filter(to__contains=cast.alice.email).count() == before
