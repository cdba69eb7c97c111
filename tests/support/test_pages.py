"""The pages: who gets in, what a form keeps, what is sent only once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Plan
from forum.actions.questions import Words as Question
from forum.actions.questions import ask
from ideas.models import Stage
from support.actions import closing, handling, replies
from support.models import REOPEN_WINDOW, Case, Channel, Message, Priority, State
from tests.cast import Cast
from tests.support.factories import fresh, make_case
from tests.versions import seen_on

SignIn = Callable[..., Client]
GOOD: dict[str, Any] = {
    "subject": "Mail to partners arrives late",
    "body": "Since nine every message is an hour late.",
    "product": "",
    "affected": "everyone",
    "usable": "no",
    "has_workaround": "no",
    "workaround": "",
}


@pytest.fixture(autouse=True)
def tree(site_tree: None) -> None:
    """Pages need a site."""


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast.acme, cast.alice, body="canary words of Acme")


def staff(client: Client) -> Client:
    """A staff session with its second factor."""
    session = client.session
    session["demo"] = True
    session.save()
    return client


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    return GOOD | {"organisation": cast.acme.pk, "key": str(uuid.uuid4())} | changes


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# Contact and new case


@pytest.mark.parametrize("who", [None, "bob", "mia", "alice", "dana"])
def test_the_contact_page_lists_four_free_ways(
    cast: Cast, sign_in: SignIn, who: str | None
) -> None:
    """S-01, S-10."""
    answer = sign_in(getattr(cast, who) if who else None).get("/support/")
    assert answer.status_code == 200
    assert text_of(answer).count('class="way"') == 4


def test_a_member_is_told_who_can_by_role_and_not_by_name(cast: Cast, sign_in: SignIn) -> None:
    """S-01."""
    text = text_of(sign_in(cast.bob).get("/support/"))
    assert "Organisation admin" in text
    assert "2 people" in text
    for secret in ("Alice", "Adam", "Della", "people.example"):
        assert secret not in text


@pytest.mark.parametrize("who", ["bob", "mia", "erin", "dana"])
def test_who_may_not_gets_403_and_no_row(cast: Cast, sign_in: SignIn, who: str) -> None:
    """S-01: member POST is refused with an explanation."""
    client = staff(sign_in(getattr(cast, who)))
    answer = client.post("/support/new/", filled(cast, priority=1))
    assert answer.status_code == 403
    assert "Nothing was sent" in text_of(answer)
    assert client.get("/support/new/").status_code == 200
    assert not Case.objects.exists()


def test_a_visitor_signs_in_first(cast: Cast, sign_in: SignIn) -> None:
    page = {"Referer": "http://testserver/support/new/"}
    answer = sign_in().post("/support/new/", filled(cast, priority=1), headers=page)
    assert answer.status_code == 302
    assert "next=/support/new/" in answer["Location"]
    assert not Case.objects.exists()


def test_an_organisation_without_a_plan_is_told_so(cast: Cast, sign_in: SignIn) -> None:
    cast.acme.plan = None
    cast.acme.save()
    client = sign_in(cast.alice)
    assert "plan of Acme does not include cases" in text_of(client.get("/support/"))
    assert client.post("/support/new/", filled(cast, priority=1)).status_code == 403


@pytest.mark.parametrize("who", ["alice", "della"])
def test_without_scripts_the_proposal_is_a_second_step(
    cast: Cast, sign_in: SignIn, who: str
) -> None:
    """S-18, S-01: an admin or delegate POSTs twice and has a case."""
    client = sign_in(getattr(cast, who))
    data = filled(cast)
    step = client.post("/support/new/", data)
    assert step.status_code == 200
    text = text_of(step)
    assert "We propose P1" in text
    assert "Most mail that comes in" in text
    assert "A person replies by" in text
    assert GOOD["body"] in text
    assert not Case.objects.exists()
    done = client.post("/support/new/", data | {"priority": 2})
    case = Case.objects.get()
    assert done["Location"] == case.get_absolute_url()
    assert (case.priority, case.chosen_priority) == (Priority.P2, Priority.P2)


def test_the_same_form_sent_twice_opens_one_case(cast: Cast, sign_in: SignIn) -> None:
    client, data = sign_in(cast.alice), filled(cast, priority=1)
    first, second = (client.post("/support/new/", data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": "x" * 200},
        {"body": ""},
        {"affected": "nobody"},
        {"usable": ""},
        {"has_workaround": "yes", "workaround": ""},
        {"priority": "9"},
        {"organisation": "999"},
    ],
)
def test_errors_keep_everything_typed(cast: Cast, sign_in: SignIn, wrong: dict[str, str]) -> None:
    data = filled(cast, priority=1, body="Words that stay é") | wrong
    answer = sign_in(cast.alice).post("/support/new/", data)
    assert answer.status_code == 422
    if "body" not in wrong:
        assert "Words that stay é" in text_of(answer)
    assert not Case.objects.exists()


def test_another_organisation_cannot_be_named(cast: Cast, sign_in: SignIn) -> None:
    data = filled(cast, priority=1, organisation=cast.birch.pk)
    assert sign_in(cast.alice).post("/support/new/", data).status_code == 422
    assert not Case.objects.exists()


def test_more_fields_than_asked_for_change_nothing(cast: Cast, sign_in: SignIn) -> None:
    """Class 11."""
    extra = {"state": "closed", "assignee": cast.alice.pk, "requester": cast.adam.pk, "number": 5}
    sign_in(cast.alice).post("/support/new/", filled(cast, priority=3) | extra)
    case = Case.objects.get()
    assert (case.state, case.assignee, case.requester) == (State.NEW, None, cast.alice)
    assert case.number != 5


def test_the_workaround_is_kept(cast: Cast, sign_in: SignIn) -> None:
    """S-20."""
    data = filled(cast, has_workaround="yes", workaround="Send by the web page", priority=3)
    sign_in(cast.alice).post("/support/new/", data)
    assert Case.objects.get().workaround == "Send by the web page"


def test_what_was_read_before_comes_along(cast: Cast, sign_in: SignIn) -> None:
    """S-44."""
    question = ask(Question("Mail is slow since today", "Why?", "en", None, []), by=cast.mia)
    client = sign_in(cast.alice)
    query = f"?from=question:{question.pk}&q=slow+mail"
    page = text_of(client.get(f"/support/new/{query}"))
    assert "You have read" in page
    assert question.title in page
    # What was searched for is what is broken, in the person's own words.
    assert 'name="subject" value="slow mail"' in page
    source = {"from": f"question:{question.pk}", "q": "slow mail", "priority": 3}
    client.post("/support/new/", filled(cast) | source)
    read = Case.objects.get().read_before
    assert [row["kind"] for row in read] == ["question", "search"]
    assert client.get("/support/new/?from=question:999999999999999999999&q=%00").status_code == 200
    assert client.get("/support/new/?from=article:x").status_code == 200


def test_suggestions_are_over_all_kinds_and_never_of_others(cast: Cast, sign_in: SignIn) -> None:
    ask(Question("Mail to partners is late", "Why?", "en", None, []), by=cast.mia)
    make_case(cast.birch, cast.carol, subject="Mail to partners is secret")
    text = text_of(sign_in(cast.alice).get("/support/new/similar/?subject=mail to partners"))
    assert "is late" in text
    assert "secret" not in text
    words = {"subject": "Something broke", "body": "Mail to partners waits for hours."}
    text = text_of(sign_in(cast.alice).post("/support/new/similar/", words))
    assert "is late" in text, "the body counts, too"
    assert "secret" not in text


def test_the_three_questions_propose_in_place(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.alice)
    answers = "?affected=one&usable=no&has_workaround=no"
    assert "We propose P2" in text_of(client.get(f"/support/new/priority/{answers}"))
    assert "We propose" not in text_of(client.get("/support/new/priority/?affected=one"))
    strange = "?affected=x&usable=y&has_workaround=z"
    assert "We propose P4" in text_of(client.get(f"/support/new/priority/{strange}"))


def test_an_agent_writes_down_a_call(cast: Cast, sign_in: SignIn) -> None:
    """S-05."""
    client = staff(sign_in(cast.dana))
    caller = {"email": "ALICE@people.example", "channel": "phone"}
    assert "may open cases" in text_of(client.post("/support/desk/new/", caller))
    data = filled(cast, priority=1) | caller
    answer = client.post("/support/desk/new/", data)
    case = Case.objects.get()
    assert answer["Location"] == case.desk_url
    assert (case.channel, case.requester) == (Channel.PHONE, cast.alice)
    for address in ("bob@people.example", "nobody@x.example", "", "x" * 300):
        wrong = client.post("/support/desk/new/", {"email": address, "channel": "phone"})
        assert wrong.status_code == 422


def test_the_policy_is_public_and_shows_the_same_table(cast: Cast, sign_in: SignIn) -> None:
    """S-15, S-22."""
    text = text_of(sign_in().get("/support/policy/"))
    for words in ("spelling dictionary", "Not a supported feature", "Monday at 16:50", "Version 1"):
        assert words in text


# A case


SEES = {"alice", "adam", "dana", "root"}


def test_missing_and_forbidden_look_the_same(cast: Cast, case: Case, sign_in: SignIn) -> None:
    for name, person in cast.everyone.items():
        client = staff(sign_in(person))
        answer = client.get(case.get_absolute_url())
        if name in SEES:
            assert answer.status_code in {200, 302}, name
            continue
        missing = client.get("/support/cases/99999/")
        assert (answer.status_code, missing.status_code) == (404, 404), name
        assert "canary" not in answer.content.decode()
    assert sign_in().get(case.get_absolute_url()).status_code == 302


URLS = ("reply/", "close/", "priority/", "idea/", "idea/undo/")
DESK_URLS = (
    "message/",
    "assign/",
    "priority/",
    "specialist/",
    "take-back/",
    "reopen/",
    "close/",
    "link/",
    "idea/",
    "idea/withdraw/",
)


@pytest.mark.parametrize("who", ["bob", "carol", "mia", "erin", "ed", "pam", "sam"])
def test_no_door_lets_strangers_write(cast: Cast, case: Case, sign_in: SignIn, who: str) -> None:
    client = staff(sign_in(getattr(cast, who)))
    urls = [f"/support/cases/{case.number}/{end}" for end in URLS]
    urls += [f"/support/desk/{case.number}/{end}" for end in DESK_URLS]
    before = list(Case.objects.values()), Message.objects.count()
    for url in urls:
        answer = client.post(url, {"body": "x", "kind": "reply", "answer": "yes", "reason": "x"})
        assert answer.status_code == 404, url
    assert (list(Case.objects.values()), Message.objects.count()) == before


def test_customers_never_enter_the_desk(cast: Cast, case: Case, sign_in: SignIn) -> None:
    for person in (cast.alice, cast.erin, cast.pam, cast.ed):
        client = staff(sign_in(person))
        for url in ("/support/desk/", case.desk_url, "/support/desk/new/"):
            assert client.get(url).status_code == 404


def test_a_specialist_gets_only_their_cases(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = staff(sign_in(cast.sam))
    assert client.get(case.desk_url).status_code == 404
    handling.escalate(case, cast.sam, by=cast.dana)
    page = client.get(case.desk_url)
    assert page.status_code == 200
    assert "Close case" not in text_of(page)
    message = {"kind": "note", "body": "Seen it", "key": str(uuid.uuid4())}
    assert client.post(f"{case.desk_url}message/", message).status_code == 302
    answer = client.post(f"{case.desk_url}take-back/")
    assert answer["Location"] == "/support/desk/"
    assert client.get(case.desk_url).status_code == 404


def test_a_customer_sees_no_note_and_no_desk_event(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """SU-05."""
    replies.note(case, "notecanary", by=cast.dana)
    replies.reply(case, "replyshown", by=cast.dana)
    handling.escalate(case, cast.sam, text="handcanary", by=cast.dana)
    text = text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    assert "replyshown" in text
    for hidden in ("notecanary", "handcanary", "Sam", "took the case"):
        assert hidden not in text
    desk = text_of(staff(sign_in(cast.dana)).get(case.desk_url))
    for shown in (
        "notecanary",
        "Internal note, never shown to the customer",
        "chose the specialist",
    ):
        assert shown in desk


def test_the_page_says_what_waits_for_the_customer(cast: Cast, case: Case, sign_in: SignIn) -> None:
    assert "First reply by" in text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    replies.reply(case, "Which domains?", by=cast.dana, effect="wait")
    text = text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    assert "We need something from you" in text
    assert "Waits for you" in text


def test_a_reply_sent_twice_is_one_message(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.adam)
    data = {"body": "More", "key": str(uuid.uuid4())}
    for _attempt in range(2):
        assert client.post(f"{case.get_absolute_url()}reply/", data).status_code == 302
    assert case.messages.filter(kind="customer").count() == 2
    empty = client.post(f"{case.get_absolute_url()}reply/", {"body": " \x00 "})
    assert empty.status_code == 422


def close(case: Case, cast: Cast, text: str = "The gateway was restarted.") -> None:
    closing.close(case, resolution="r1", text=text, extra={"outcome": "fixed"}, by=cast.dana)


def test_who_wrote_before_the_closing_hears_of_it_before_it_is_undone(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client, url = sign_in(cast.alice), f"{case.get_absolute_url()}reply/"
    sent = {"body": "Still late.", "key": str(uuid.uuid4())}
    sent["seen"] = seen_on(client, case.get_absolute_url())
    sent["attachments"] = SimpleUploadedFile("trace.txt", b"late again")
    close(case, cast)
    told = client.post(url, sent)
    assert told.status_code == 409
    text = text_of(told)
    for shown in ("nothing is sent yet", "The gateway was restarted.", "Still late.", "trace.txt"):
        assert shown in text
    assert "sending it opens the case again" in text
    assert fresh(case).state == State.CLOSED
    assert case.messages.filter(kind="customer").count() == 1
    again = {"body": "Still late.", "key": sent["key"]}
    for name in ("seen", "kept"):
        found = re.search(rf'name="{name}" value="([^"]+)"', text)
        assert found, name
        again[name] = found[1]
    for _twice in range(2):
        assert client.post(url, again).status_code == 302
    assert fresh(case).state == State.WITH_US
    message = case.messages.filter(kind="customer").last()
    assert message.body_source == "Still late."
    assert case.messages.filter(kind="customer").count() == 2
    assert "trace.txt" in client.get(case.get_absolute_url()).text


def test_who_has_seen_the_closing_is_asked_nothing(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client, url = sign_in(cast.alice), f"{case.get_absolute_url()}reply/"
    close(case, cast)
    seen = seen_on(client, case.get_absolute_url())
    replies.answer(case, "Of a colleague.", by=cast.adam)
    # It is open again: a reply does what any reply does, whatever its page showed.
    assert client.post(url, {"body": "It is back.", "seen": seen}).status_code == 302
    close(case, cast, "The disk was full as well.")
    # Another closing than the one that this page showed.
    told = client.post(url, {"body": "And again.", "seen": seen})
    assert told.status_code == 409
    assert "The disk was full as well." in text_of(told)
    seen = seen_on(client, case.get_absolute_url())
    assert client.post(url, {"body": "And again.", "seen": seen}).status_code == 302
    assert fresh(case).state == State.WITH_US


def test_who_wrote_before_a_closing_of_long_ago_hears_that_a_case_would_follow_on(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client, url = sign_in(cast.alice), f"{case.get_absolute_url()}reply/"
    seen = seen_on(client, case.get_absolute_url())
    close(case, cast)
    Case.objects.update(closed_at=timezone.now() - REOPEN_WINDOW - timedelta(minutes=1))
    told = client.post(url, {"body": "It is back.", "seen": seen})
    assert told.status_code == 409
    assert "opens a new case that follows on" in text_of(told)
    assert Case.objects.count() == 1
    seen = seen_on(client, case.get_absolute_url())
    assert client.post(url, {"body": "It is back.", "seen": seen}).status_code == 302
    assert Case.objects.filter(follow_up_of=case).count() == 1


def test_hostile_text_is_shown_as_text(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """Class 1."""
    body = "<script>alert(1)</script> [x](javascript:alert(1)) \u202e reversed"
    sign_in(cast.alice).post(f"{case.get_absolute_url()}reply/", {"body": body})
    text = sign_in(cast.alice).get(case.get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "\u202e" not in text


def test_the_desk_says_reply_or_note_and_guesses_nothing(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    """SU-05: without a choice nothing is sent."""
    client = staff(sign_in(cast.dana))
    url = f"{case.desk_url}message/"
    refused = client.post(url, {"body": "Kept words"})
    assert refused.status_code == 422
    assert "Kept words" in text_of(refused)
    for kind, effect, state in (
        ("note", "", State.NEW),
        ("reply", "wait", State.WAITS),
        ("reply", "keep", State.WITH_US),
    ):
        data = {"kind": kind, "effect": effect, "body": kind, "key": str(uuid.uuid4())}
        assert client.post(url, data).status_code == 302
        assert fresh(case).state == state
    page = text_of(client.get(f"{case.desk_url}?as=note"))
    assert re.search(r'value="note"[^>]*checked', page)
    assert not re.search(r'value="reply"[^>]*checked', page)


def test_the_desk_handles_a_case_through_its_forms(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = staff(sign_in(cast.dana))
    url = case.desk_url
    assert client.post(f"{url}assign/", {"to": cast.dana.pk, "view": "open"})["Location"].endswith(
        "?view=open"
    )
    assert fresh(case).assignee == cast.dana
    assert client.post(f"{url}assign/", {"to": cast.alice.pk}).status_code == 409
    assert client.post(f"{url}priority/", {"priority": 1, "reason": ""}).status_code == 422
    assert client.post(f"{url}priority/", {"priority": 1, "reason": "All"}).status_code == 302
    assert client.post(f"{url}specialist/", {"to": cast.alice.pk}).status_code == 422
    assert client.post(f"{url}specialist/", {"to": cast.sam.pk}).status_code == 302
    assert client.post(f"{url}take-back/").status_code == 302
    for step in ("priority/", "specialist/", "close/"):
        assert client.get(f"{url}{step}").status_code == 200
    customer = sign_in(cast.alice)
    assert customer.get(f"{case.get_absolute_url()}priority/").status_code == 200
    assert customer.post(f"{case.get_absolute_url()}priority/", {"reason": "No"}).status_code == 302
    assert "you disagree" in text_of(customer.get(case.get_absolute_url()))


def test_closing_through_the_form(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """S-29, S-32, S-35."""
    client = staff(sign_in(cast.dana))
    url = f"{case.desk_url}close/"
    for wrong in (
        {"text": "Done"},
        {"text": "Done", "resolution": "r6"},
        {"text": "Done", "resolution": "r3"},
        {"text": "", "resolution": "r1", "outcome": "fixed"},
        {"text": "Done", "resolution": "r1x"},
    ):
        answer = client.post(url, wrong)
        assert answer.status_code == 422, wrong
    assert fresh(case).state == State.NEW
    client.post(url, {"text": "Done", "resolution": "r3", "advice": "Headers"})
    assert fresh(case).resolution == "r3"
    stale = client.post(url, {"text": "Done again", "resolution": "r1", "outcome": "fixed"})
    assert stale.status_code == 409
    assert "closed meanwhile (Could not be reproduced)" in text_of(stale)
    shown = text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    assert "Could not be reproduced" in shown
    assert "Headers" in shown
    client.post(f"{case.desk_url}reopen/")
    assert fresh(case).state == State.WITH_US


def test_the_customer_closes_and_comes_back(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.alice)
    url = case.get_absolute_url()
    assert client.get(f"{url}close/").status_code == 200
    assert client.post(f"{url}close/", {"text": "A restart"}).status_code == 302
    assert fresh(case).state == State.CLOSED
    assert client.post(f"{url}close/", {"text": "Twice"}).status_code == 409
    sent = {"body": "Back again", "key": str(uuid.uuid4()), "seen": seen_on(client, url)}
    client.post(f"{url}reply/", sent)
    assert fresh(case).state == State.WITH_US


def test_get_writes_nothing(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """Class 17: only what is sent changes anything."""
    handling.escalate(case, cast.sam, by=cast.dana)
    before = list(Case.objects.values()), list(Message.objects.values())
    for person, urls in (
        (cast.alice, [case.get_absolute_url(), "/support/cases/", "/support/new/", "/support/"]),
        (
            cast.dana,
            [case.desk_url, "/support/desk/"]
            + [f"{case.desk_url}{end}" for end in ("close/", "priority/", "specialist/")],
        ),
    ):
        client = staff(sign_in(person))
        for url in urls:
            for _again in range(2):
                assert client.get(url).status_code == 200, url
    for end in ("take-back/", "message/", "assign/"):
        assert staff(sign_in(cast.dana)).get(f"{case.desk_url}{end}").status_code == 405
    assert (list(Case.objects.values()), list(Message.objects.values())) == before


# Lists


def test_the_list_shows_what_waits_first_and_filters(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    """SU-16."""
    waits = make_case(cast.acme, cast.alice, subject="The one that waits")
    replies.reply(waits, "What?", by=cast.dana, effect="wait")
    done = make_case(cast.acme, cast.alice, subject="The one that is done")
    closing.close(done, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)
    make_case(cast.acme, cast.della, subject="The one of Della")
    client = sign_in(cast.alice)
    page = text_of(client.get("/support/cases/"))
    assert page.index("The one that waits") < page.index("The one that is done")
    assert "1 case needs you" in page
    assert "of Della" not in page
    assert "of Della" in text_of(client.get("/support/cases/?of=organisation"))
    closed = text_of(client.get("/support/cases/?state=closed"))
    assert "that is done" in closed
    assert "that waits" not in closed
    delegate = text_of(sign_in(cast.della).get("/support/cases/?of=organisation"))
    assert "of Della" in delegate
    assert "that waits" not in delegate
    assert "No cases" in text_of(sign_in(cast.mia).get("/support/cases/"))


def test_the_queue_is_in_order_of_priority_then_submission(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    """S-16: also after reclassification."""
    first = make_case(cast.acme, cast.alice, subject="Later but critical", priority=1)
    last = make_case(cast.birch, cast.carol, subject="Latest and normal", priority=4)
    handling.set_priority(last, 3, reason="Same as the first", by=cast.dana)
    text = text_of(staff(sign_in(cast.dana)).get("/support/desk/?view=unassigned"))
    places = [text.index(found.subject) for found in (first, case, last)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "view", ["mine", "unassigned", "open", "waiting", "specialists", "closed", "strange"]
)
def test_each_view_of_the_queue_opens(cast: Cast, case: Case, sign_in: SignIn, view: str) -> None:
    client = staff(sign_in(cast.dana))
    assert client.get(f"/support/desk/?view={view}&after=broken").status_code == 200
    assert client.get(f"{case.desk_url}?view={view}").status_code == 200


def test_a_related_thing_is_linked_once(cast: Cast, case: Case, sign_in: SignIn) -> None:
    question = ask(Question("Mail to partners is late", "Why?", "en", None, []), by=cast.mia)
    other = make_case(cast.birch, cast.carol)
    client = staff(sign_in(cast.dana))
    for _again in range(2):
        client.post(f"{case.desk_url}link/", {"kind": "question", "object_id": question.pk})
    assert case.messages.filter(event="linked").count() == 1
    assert question.title in text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    for kind, key in (("case", other.pk), ("case", case.pk), ("user", 1), ("idea", "x"), ("", "")):
        answer = client.post(f"{case.desk_url}link/", {"kind": kind, "object_id": key})
        assert answer.status_code == 409


def test_other_languages_and_plans_do_not_break_a_page(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    Plan.objects.update(names={"en": "Standard", "pl": "Standardowy"})
    replies.reply(case, "Hm", by=cast.dana)
    for url in (case.get_absolute_url(), "/support/cases/", "/support/", "/support/policy/"):
        assert sign_in(cast.alice).get(f"/pl{url}").status_code == 200


def test_the_desk_shows_what_looks_related_and_only_what_may_be_seen(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    question = ask(Question("Mail to partners is late", "Why?", "en", None, []), by=cast.mia)
    make_case(cast.acme, cast.alice, subject="Mail to partners again")
    make_case(cast.birch, cast.carol, subject="Mail to partners of Birch")
    client = staff(sign_in(cast.dana))
    for _again in range(2):
        facts = text_of(client.get(f"{case.desk_url}?view=waiting"))
        assert question.title in facts
        assert "partners again" in facts
        assert "of Birch" not in facts


def test_the_move_through_the_pages(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """S-31: close as not supported, write the idea, the customer says yes, an agent undoes it."""
    Stage.objects.create(code="new", names={"en": "New"}, category="open", is_default=True)
    desk, customer = staff(sign_in(cast.dana)), sign_in(cast.alice)
    offer = f"{case.desk_url}idea/"
    assert "close" in desk.get(offer)["Location"]
    closing_words = {"resolution": "r2", "text": "Not at present."}
    assert desk.post(f"{case.desk_url}close/", closing_words)["Location"] == offer
    page = text_of(desk.get(offer))
    assert "<mark" in page
    assert "[organisation]" in page
    new = {"existing": "0", "title": "Mail without delay", "body": "Please.", "key": "x"}
    for wrong in ({}, {"existing": "0"}, {"existing": "77"}, new | {"title": "Hi"}):
        assert desk.post(offer, wrong).status_code == 422, wrong
    left = desk.post(offer, new | {"body": "Write to bob@acme.example"})
    assert left.status_code == 422
    assert 'name="checked"' in text_of(left)
    assert desk.post(offer, new).status_code == 302
    asked = text_of(customer.get(case.get_absolute_url()))
    assert "This, and only this, would be published" in asked
    assert "Mail without delay" in asked
    other = text_of(sign_in(cast.adam).get(case.get_absolute_url()))
    assert "Alice has been asked and decides" in other
    decide = f"{case.get_absolute_url()}idea/"
    assert customer.post(decide, {"answer": "perhaps"}).status_code == 409
    assert sign_in(cast.adam).post(decide, {"answer": "yes"}).status_code == 409
    assert customer.post(decide, {"answer": "yes"}).status_code == 302
    assert fresh(case).resolution == "r2"
    assert "Undo the move" in text_of(desk.get(case.desk_url))
    assert desk.get(offer)["Location"] == case.desk_url
    assert desk.post(f"{case.get_absolute_url()}idea/undo/")["Location"] == case.desk_url
    assert fresh(case).state == State.NEW


def test_closing_as_not_supported_without_an_idea(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = staff(sign_in(cast.dana))
    data = {"resolution": "r2", "text": "Not at present.", "without": "yes"}
    client.post(f"{case.desk_url}close/", data)
    assert fresh(case).resolution == "r2"
    second = make_case(cast.acme, cast.alice)
    client.post(f"{second.desk_url}close/", {"resolution": "r2", "text": "Not at present."})
    client.post(f"{second.desk_url}idea/", {"without": "yes"})
    assert fresh(second).resolution == "r2"
    for step in ("close/", "idea/", "priority/", "specialist/"):
        assert client.get(f"{case.desk_url}{step}").status_code == 302
