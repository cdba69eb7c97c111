"""S-30: a solved case made public as question and answer, and what never leaves it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from common.errors import Refused
from forum.models import Question, State
from home.setup import ensure_site
from kb.tree import help_root
from links.models import Link
from links.trail import trail_for
from search.query import find
from support.actions import closing, handling, publishing, replies
from support.models import Case
from tests.cast import Cast
from tests.kb.factories import make_section
from tests.support.factories import fresh, make_case
from tests.support.test_moves import BODY, CANARIES
from tests.support.test_pages import staff, text_of

SignIn = Callable[..., Client]
ANSWER = f"Alice, allow the group in the panel. Acme's key {CANARIES[3]} is blocked."
GOOD = {
    "title": "Reset passwords for one school only",
    "body": "How may a technician reset passwords of one school?",
    "answer": "Allow the group in the panel.",
}


@pytest.fixture(autouse=True)
def tree(site_tree: None) -> None:
    """Pages need a site."""
    ensure_site()


@pytest.fixture
def case(cast: Cast) -> Case:
    made = make_case(cast.acme, cast.alice, subject="Passwords of one school, Acme", body=BODY)
    replies.answer(made, "latercanary was missing", by=cast.alice)
    replies.note(made, "notecanary", by=cast.dana)
    replies.reply(made, "replycanary", by=cast.dana)
    closing.close(made, resolution="r1", text=ANSWER, extra={"outcome": "answer"}, by=cast.dana)
    return fresh(made)


def sent(**changes: Any) -> dict[str, Any]:
    return GOOD | {"key": str(uuid.uuid4())} | changes


def test_the_draft_holds_no_requester_organisation_address_or_file(case: Case) -> None:
    draft = publishing.draft_of(case)
    out = draft.title.text + draft.body.text + draft.answer.text
    assert "reset passwords for that school" in out
    assert "allow the group in the panel" in out
    for canary in (*CANARIES, "Bob"):
        assert canary not in out


def test_agents_make_a_solved_case_a_solved_question(cast: Cast, case: Case) -> None:
    question = publishing.ask_publicly(case, **GOOD, by=cast.dana)
    question = Question.objects.visible_to(cast.mia).get(pk=question.pk)
    assert (question.author, question.state) == (cast.dana, State.SOLVED)
    assert question.accepted_answer.author == cast.dana
    assert question.title == GOOD["title"]
    assert "Support wrote this question down" in question.body_source
    assert question.accepted_answer.body_source == GOOD["answer"]
    assert case.messages.get(event="published").is_internal
    for person, sees in ((cast.alice, True), (cast.dana, True), (cast.carol, False)):
        assert ("case" in [s["kind"] for s in trail_for(question, person)]) is sees
        assert ("question" in [s["kind"] for s in trail_for(case, person)]) or not sees
    assert find("technician school", viewer=None).hits


def test_not_twice_and_not_by_others(cast: Cast, case: Case) -> None:
    for person in (cast.alice, cast.sam, cast.erin, cast.ed, cast.pam):
        with pytest.raises(Refused):
            publishing.ask_publicly(case, **GOOD, by=person)
    publishing.ask_publicly(case, **GOOD, by=cast.dana)
    with pytest.raises(Refused):
        publishing.ask_publicly(case, **GOOD, by=cast.root)
    assert Question.objects.count() == 1
    assert Link.objects.count() == 1


def test_only_what_was_solved(cast: Cast, case: Case) -> None:
    handling.reopen(case, by=cast.dana)
    with pytest.raises(Refused):
        publishing.ask_publicly(case, **GOOD, by=cast.dana)
    extra = {"reason": "It is old."}
    closing.close(fresh(case), resolution="r5", text="No", extra=extra, by=cast.dana)
    with pytest.raises(Refused):
        publishing.ask_publicly(case, **GOOD, by=cast.dana)
    assert not Question.objects.exists()


@pytest.mark.parametrize("name", ["title", "body", "answer"])
def test_what_the_rules_still_find_must_be_looked_at(cast: Cast, case: Case, name: str) -> None:
    words = GOOD | {name: f"Write to {CANARIES[0]} about it."}
    with pytest.raises(Refused) as refusal:
        publishing.ask_publicly(case, **words, by=cast.dana)
    assert refusal.value.code == "left_over"
    assert not Question.objects.exists()
    publishing.ask_publicly(case, **words, checked=True, by=cast.dana)


def test_through_the_pages(cast: Cast, case: Case, sign_in: SignIn) -> None:
    desk = staff(sign_in(cast.dana))
    url = f"{case.desk_url}public/"
    assert url in text_of(desk.get(case.desk_url))
    assert url not in text_of(sign_in(cast.alice).get(case.get_absolute_url()))
    page = text_of(desk.get(url))
    assert "<mark" in page
    assert "[organisation]" in page
    assert "Write an article" not in page
    assert not Question.objects.exists()
    for wrong in ({"title": "Hi"}, {"body": ""}, {"answer": " "}):
        assert desk.post(url, sent(**wrong)).status_code == 422, wrong
    left = desk.post(url, sent(answer="Write to bob@acme.example"))
    assert left.status_code == 422
    assert 'name="checked"' in text_of(left)
    assert desk.post(url, sent(article="yes")).status_code == 422
    good = sent()
    for _twice in range(2):
        assert desk.post(url, good).status_code == 302
    assert Question.objects.count() == 1
    assert desk.post(url, sent(title="Another title for it")).status_code == 422
    assert desk.get(url)["Location"] == case.desk_url
    assert "Make it public" not in text_of(desk.get(case.desk_url))


def test_nothing_public_tells_of_the_case(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """Class 9: the page, the lists and the searches of others know no word of the case's."""
    draft = publishing.draft_of(case)
    question = publishing.ask_publicly(
        case,
        title=draft.title.text,
        body=draft.body.text,
        answer=draft.answer.text,
        by=cast.dana,
    )
    for person in (None, cast.carol, cast.mia):
        client = sign_in(person)
        for url in (question.get_absolute_url(), "/community/", "/search/?q=school", "/"):
            text = text_of(client.get(url))
            for hidden in (*CANARIES, case.label, f"/cases/{case.number}"):
                assert hidden not in text, (person, url, hidden)
        assert not find("replycanary", viewer=person).hits


def test_an_editor_goes_on_with_an_article(cast: Cast, case: Case, sign_in: SignIn) -> None:
    make_section(help_root(Locale.objects.get(language_code="en")), "Accounts")
    client = staff(sign_in(cast.root))
    url = f"{case.desk_url}public/"
    assert "Write an article" in text_of(client.get(url))
    refused = client.post(url, sent(article="yes", answer="Write to bob@acme.example"))
    assert refused.status_code == 422
    way = client.post(url, sent(article="yes"))["Location"]
    assert "technician" not in way
    assert not Question.objects.exists()
    chosen = client.get(f"{way}&choose=1").text
    found = re.search(r'href="(/admin/help/draft/\d+/[^"]*)"', chosen)
    assert found
    place = found[1].replace("&amp;", "&")
    for _again in range(2):
        form = client.get(place).text
        assert f'value="{GOOD["title"]}"' in form
        assert "How may a technician" in form
        assert "Allow the group in the panel." in form
    # Somebody else's address brings no text along, and neither does an older one.
    assert "How may a technician" not in staff(sign_in(cast.ed)).get(place).text
    client.post(url, sent(article="yes", body="What came later, about the technicians?"))
    assert "How may a technician" not in client.get(place).text
    # Also for what the forum has already.
    publishing.ask_publicly(case, **GOOD, by=cast.dana)
    page = text_of(client.get(url))
    assert "Ask and answer in the forum" not in page
    assert "Write an article" in page


def test_the_step_costs_the_same_for_few_and_many(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client = staff(sign_in(cast.dana))
    url = f"{case.desk_url}public/"

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = cost()
    for index in range(9):
        make_case(cast.acme, cast.alice, subject=f"Another case, number {index}")
        replies.note(case, f"Note {index}", by=cast.dana)
    after = cost()
    assert after <= before + 1, (before, after)
    assert after <= 26
