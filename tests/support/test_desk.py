"""The desk: who reads a message is said each time, replies come back, cases are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from common.errors import Refused
from jobs.testing import drain
from notifications.models import Notification
from support import integrity
from support.actions import closing, handling, replies, unsending
from support.models import Case, Message, State
from tests.cast import Cast
from tests.support.factories import fresh, make_case
from tests.support.test_pages import staff, text_of

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def tree(site_tree: None) -> None:
    """Pages need a site."""


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast.acme, cast.alice)


def told(person: object) -> list[str]:
    rows = Notification.objects.filter(user=person, withdrawn_at=None).order_by("pk")
    return [verb for verb in rows.values_list("verb", flat=True) if verb != "case.acknowledged"]


def test_nothing_is_chosen_before_the_agent_says_who_reads_it(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    """SU-05."""
    client = staff(sign_in(cast.dana))
    page = text_of(client.get(case.desk_url))
    composer = page[page.index('id="composer"') :]
    assert "checked" not in composer[: composer.index("</form>")]
    answer = client.post(f"{case.desk_url}message/", {"body": "To whom?", "key": "k" * 32})
    assert answer.status_code == 422
    assert "To whom?" in text_of(answer)
    assert "Choose who reads this" in text_of(answer)
    assert fresh(case).message_count == 1


def test_a_reply_is_taken_back_before_its_mail_goes_out(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    """SU-05: the text stays as a note, and everything is as it was."""
    before = fresh(case)
    client = staff(sign_in(cast.dana))
    sent = {"kind": "reply", "effect": "wait", "body": "Their password is swan.", "key": "k" * 32}
    client.post(f"{case.desk_url}message/", sent)
    assert told(cast.alice) == ["case.asks"]
    message = case.messages.get(kind=Message.Kind.REPLY)
    address = f"{case.desk_url}message/{message.pk}/unsend/"
    assert address in text_of(client.get(case.desk_url))
    client.post(address)
    message.refresh_from_db()
    assert (message.kind, message.is_internal) == (Message.Kind.NOTE, True)
    assert told(cast.alice) == []
    now = fresh(case)
    assert (now.state, now.first_replied_at) == (before.state, None)
    assert (now.message_count, now.next_update_at) == (1, before.next_update_at)
    assert "swan" not in text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        drain()
    letters = [letter for letter in mail.outbox if cast.alice.email in letter.to]
    assert not [letter for letter in letters if "swan" in letter.body]
    assert len(letters) == 1  # the acknowledgement
    assert not [rows for _name, rows in integrity.checks() if list(rows)]


@pytest.mark.parametrize("resolution", ["r1", "r5"])
def test_the_mail_about_a_closed_case_says_how_to_open_it_again(
    cast: Cast, case: Case, resolution: str
) -> None:
    """S-34: in both of its parts."""
    drain()
    mail.outbox.clear()
    extra = {"outcome": "answer", "reason": "Out of scope."}
    closing.close(case, resolution=resolution, text="We do not.", extra=extra, by=cast.dana)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        drain()
    letter = next(letter for letter in mail.outbox if cast.alice.email in letter.to)
    parts = [letter.body, *(str(part.content) for part in letter.alternatives)]
    assert len(parts) == 2
    for part in parts:
        assert "We do not." in part
        assert "Reply on its page within four days, and the case opens again." in part
    assert "We do not.\n\nNot solved" in letter.body


def test_others_late_and_answered_replies_stay(cast: Cast, case: Case) -> None:
    message = replies.reply(case, "Try it now.", by=cast.dana)
    assert unsending.until(message, cast.root) is None
    with pytest.raises(Refused):
        unsending.unsend(message, by=cast.root)
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=61)),
        pytest.raises(Refused, match="gone out"),
    ):
        unsending.unsend(message, by=cast.dana)
    replies.answer(case, "It works.", by=cast.alice)
    with pytest.raises(Refused, match="written after"):
        unsending.unsend(message, by=cast.dana)
    assert Message.objects.get(pk=message.pk).kind == Message.Kind.REPLY


def test_a_closed_case_keeps_its_replies(cast: Cast, case: Case, sign_in: SignIn) -> None:
    message = replies.reply(case, "Done.", by=cast.dana)
    closing.close(
        case, resolution="r1", text="It was the clock.", extra={"outcome": "fixed"}, by=cast.dana
    )
    assert "unsend" not in text_of(staff(sign_in(cast.dana)).get(case.desk_url))
    with pytest.raises(Refused, match="closed"):
        unsending.unsend(message, by=cast.dana)


def test_the_first_morning_shows_what_waits_for_somebody(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client = staff(sign_in(cast.dana))
    assert case.subject in text_of(client.get("/support/desk/"))
    assert "Take one: 1 unassigned" in text_of(client.get("/support/desk/?view=mine"))
    handling.assign(case, cast.dana, by=cast.dana)
    assert "My queue" in text_of(client.get("/support/desk/"))


@pytest.mark.parametrize("text", ["{label}", "{number}", "Alice", "acme", "partners late"])
def test_a_case_is_found_by_number_name_and_words(
    cast: Cast, case: Case, sign_in: SignIn, text: str
) -> None:
    other = make_case(cast.birch, cast.carol, subject="Nothing of the kind", body="Else.")
    asked = text.format(label=case.label, number=case.number)
    page = text_of(staff(sign_in(cast.dana)).get("/support/desk/", {"q": asked}))
    assert case.subject in page
    assert other.subject not in page


def test_closed_cases_are_found_too_and_rows_keep_the_search(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    closing.close(
        case, resolution="r1", text="It was the clock.", extra={"outcome": "fixed"}, by=cast.dana
    )
    client = staff(sign_in(cast.dana))
    page = text_of(client.get("/support/desk/", {"q": "Alice"}))
    assert f"{case.desk_url}?q=Alice" in page
    opened = client.get(f"{case.desk_url}?q=Alice")
    assert "Found" in text_of(opened)
    assert "Nothing found" in text_of(client.get("/support/desk/", {"q": "zebra"}))


def test_specialists_find_only_what_they_were_given(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client = staff(sign_in(cast.sam))
    for text in (case.label, "Alice", "partners"):
        assert case.subject not in text_of(client.get("/support/desk/", {"q": text}))
    handling.escalate(case, cast.sam, by=cast.dana)
    assert fresh(case).state == State.SPECIALISTS
    assert case.subject in text_of(client.get("/support/desk/", {"q": case.label}))


def test_a_case_is_written_down_by_name(cast: Cast, sign_in: SignIn) -> None:
    client = staff(sign_in(cast.dana))
    found = client.post("/support/desk/new/", {"email": "alice", "channel": "phone"})
    assert "may open cases" in text_of(found)
    # The member is no admin, so the name leads nowhere.
    assert (
        client.post("/support/desk/new/", {"email": "Bob", "channel": "phone"}).status_code == 422
    )
    cast.della.display_name = "Alice Two"
    cast.della.save()
    both = client.post("/support/desk/new/", {"email": "alice", "channel": "phone"})
    assert str(cast.della.email) in text_of(both)


def test_mails_of_a_case_carry_its_number_once(cast: Cast, case: Case) -> None:
    """People file by it, and say it on the phone."""
    mail.outbox.clear()
    replies.reply(case, "Try it now.", by=cast.dana)
    drain()
    subjects = [letter.subject for letter in mail.outbox if cast.alice.email in letter.to]
    assert f"{case.label}: Dana replied to “{case.subject}”" in subjects
    assert all(subject.count(case.label) == 1 for subject in subjects)


@pytest.mark.parametrize(
    ("referer", "shown"),
    [
        ("http://testserver/support/desk/?view=open", '/support/desk/?view=open"'),
        ("https://elsewhere.example/support/desk/", ""),
        ("", ""),
    ],
)
def test_a_stale_page_leads_to_what_is_there_now(
    cast: Cast, case: Case, sign_in: SignIn, referer: str, shown: str
) -> None:
    closing.close(
        case, resolution="r1", text="It was the clock.", extra={"outcome": "fixed"}, by=cast.dana
    )
    client = staff(sign_in(cast.dana))
    answer = client.post(
        f"{case.desk_url}assign/", {"to": cast.dana.pk}, headers={"Referer": referer}
    )
    assert answer.status_code == 409
    assert ("See the page as it is now" in text_of(answer)) == bool(shown)
    assert shown in text_of(answer)
    assert "elsewhere" not in text_of(answer)


@pytest.mark.parametrize("sent", [{}, {"resolution": "r5", "reason": "Old.", "text": "Too old."}])
def test_who_closes_second_hears_that_and_keeps_the_words(
    case: Case, cast: Cast, sign_in: SignIn, sent: dict[str, str]
) -> None:
    """Not first what is missing for a case that has ended."""
    closing.close(case, resolution="r1", text="Done.", extra={"outcome": "fixed"}, by=cast.root)
    sent = {"text": "My words.", **sent}
    answer = staff(sign_in(cast.dana)).post(f"/support/desk/{case.number}/close/", sent)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "closed meanwhile (Solved or answered)" in page
    assert "Choose one of the resolutions." not in page
    assert sent["text"] in page
    assert fresh(case).resolution_text == "Done."


def test_closing_tells_at_once_all_that_is_missing(case: Case, cast: Cast, sign_in: SignIn) -> None:
    """Not the text first, and only then the reason, the company, the day and the rest."""
    dana = staff(sign_in(cast.dana))
    for resolution, asked in (("r4", 3), ("r5", 1)):
        answer = dana.post(f"/support/desk/{case.number}/close/", {"resolution": resolution})
        assert answer.status_code == 422
        form = answer.context["form"]
        assert "text" in form.errors
        assert len(form.errors) > asked
        # The label stands beside each of them, so the words do not name it again.
        said = {form.errors[name][0] for name in form.errors if name != "text"}
        assert said == {"This field is required."}
    assert "<b>Reason</b> This field is required." in text_of(answer)
    assert fresh(case).state != State.CLOSED
