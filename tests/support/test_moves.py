"""S-31, N-2, ID-06: from a case to the ideas board, and what never leaves the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership
from common.errors import Refused
from ideas.actions import posts
from ideas.actions.votes import set_vote
from ideas.models import Idea, Stage
from links import moves
from links.models import Link, Move
from links.trail import trail_for
from notifications.actions import is_subscribed
from posting.actions import store_upload
from search.query import find
from support.actions import closing, moving, replies
from support.models import Case, Resolution, State
from tests.cast import Cast
from tests.support.factories import fresh, make_case

CANARIES = (
    "bob.canary@acme.example",
    "+46 60 555 01 72",
    "7f9c24e8-3b1a-4c52-9f0e-2d6a8c1b7e43",
    "ald_ro_9fK2xQ7vLm04TzWb83HsYcN1",
    "canary-headers.txt",
    "Acme",
    "Alice",
    "notecanary",
    "replycanary",
    "laterca nary".replace(" ", ""),
)
BODY = f"""We want the technician of each school to reset passwords for that school only.

You can test with Bob, {CANARIES[0]}, phone {CANARIES[1]}, tenant {CANARIES[2]}.
A token: {CANARIES[3]}

Alice, Acme"""
GOOD = {
    "title": "Reset passwords for one school only",
    "body": "A technician should reset passwords for their own school.",
    "product": None,
    "language": "en",
    "show_name": False,
}


@pytest.fixture(autouse=True)
def stage(db: None) -> Stage:
    return Stage.objects.create(
        code="new", names={"en": "New"}, category=Stage.Category.OPEN, is_default=True
    )


@pytest.fixture
def case(cast: Cast) -> Case:
    made = make_case(cast.acme, cast.alice, subject="Passwords of one school, Acme", body=BODY)
    file = SimpleUploadedFile("canary-headers.txt", b"Received: canary")
    upload = store_upload(file, by=cast.alice, purpose="case_file")
    replies.answer(made, "latercanary was missing", by=cast.alice, uploads=[upload])
    replies.note(made, "notecanary", by=cast.dana)
    replies.reply(made, "replycanary", by=cast.dana)
    return made


def offer(case: Case, cast: Cast, **changes: Any) -> Move:
    moving.keep_text(case, "The product does not do this yet.", by=cast.dana)
    return moving.offer(case, GOOD | changes, by=cast.dana)


def make_idea(cast: Cast, title: str = "Roles limited to a group") -> Idea:
    return posts.submit(posts.Words(title=title, body="Please.", language="en"), by=cast.mia)


def test_the_draft_comes_from_the_first_message_and_holds_no_canary(cast: Cast, case: Case) -> None:
    draft = moving.draft_of(case)
    out = draft.title.text + draft.body.text
    assert "reset passwords for that school" in out
    for canary in CANARIES:
        assert canary not in out
    assert "Bob" not in out


def test_nothing_is_published_without_the_customers_yes(cast: Cast, case: Case) -> None:
    """S-31."""
    move = offer(case, cast)
    waiting = fresh(case)
    assert waiting.state == State.WAITS
    assert not Idea.objects.exists()
    for person in (cast.dana, cast.adam, cast.carol, cast.root):
        with pytest.raises(Refused):
            moving.accept(case, show_name=False, by=person)
        with pytest.raises(Refused):
            moves.confirm(move, by=person)
    assert not Idea.objects.exists()
    assert fresh(case).state == State.WAITS


def test_the_yes_makes_one_idea_votes_once_follows_and_closes(cast: Cast, case: Case) -> None:
    """S-31: both sides link to each other; a second yes changes nothing."""
    offer(case, cast)
    for _attempt in range(2):
        moving.accept(case, show_name=False, by=cast.alice)
    idea = Idea.objects.get()
    after = fresh(case)
    assert (after.state, after.resolution) == (State.CLOSED, Resolution.NOT_A_FEATURE)
    assert after.resolution_text == "The product does not do this yet."
    assert (idea.title, idea.body_source) == (GOOD["title"], GOOD["body"])
    assert idea.is_by_support
    assert idea.vote_count == 1
    assert idea.votes.get().user == cast.alice
    assert is_subscribed(cast.alice, idea)
    assert Link.objects.filter(kind="promoted_to").count() == 1
    assert [s["kind"] for s in trail_for(after, cast.alice)][:2] == ["case", "idea"]


def test_the_link_back_is_for_those_who_see_the_case(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.accept(case, show_name=False, by=cast.alice)
    idea = Idea.objects.get()
    for person, sees in ((cast.alice, True), (cast.dana, True), (cast.carol, False)):
        kinds = [station["kind"] for station in trail_for(idea, person)]
        assert ("case" in kinds) is sees


def test_the_customer_may_show_their_name(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.accept(case, show_name=True, by=cast.alice)
    idea = Idea.objects.get()
    assert not idea.is_by_support
    assert idea.author == cast.alice


def test_an_existing_idea_gets_one_vote(cast: Cast, case: Case) -> None:
    """ID-06: also when the requester has voted before."""
    idea = make_idea(cast)
    set_vote(idea, by=cast.alice, on=True)
    before = Idea.objects.get().vote_count
    moving.keep_text(case, "Not yet.", by=cast.dana)
    moving.offer(case, {"existing": idea.pk}, by=cast.dana)
    assert fresh(case).state == State.WAITS
    moving.accept(case, show_name=False, by=cast.alice)
    assert Idea.objects.get().vote_count == before
    assert fresh(case).state == State.CLOSED


def test_a_no_gives_the_case_back_to_us(cast: Cast, case: Case) -> None:
    offer(case, cast)
    with pytest.raises(Refused):
        moving.decline(case, by=cast.carol)
    moving.decline(case, by=cast.alice)
    after = fresh(case)
    assert (after.state, after.offer_text, after.offer_html) == (State.WITH_US, "", "")
    assert not Idea.objects.exists()
    with pytest.raises(Refused):
        moving.accept(case, show_name=False, by=cast.alice)


def test_the_desk_takes_the_question_back(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.decline(case, by=cast.dana)
    assert fresh(case).state == State.WITH_US
    assert case.messages.filter(event="offer_withdrawn").exists()


def test_no_answer_in_14_days_closes_without_idea_and_vote(cast: Cast, case: Case) -> None:
    idea = make_idea(cast)
    moving.keep_text(case, "Not yet.", by=cast.dana)
    moving.offer(case, {"existing": idea.pk}, by=cast.dana)
    votes = Idea.objects.get().vote_count
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        assert moves.expire_due() == 0
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        assert moves.expire_due() == 1
        assert moves.expire_due() == 0
    after = fresh(case)
    assert (after.state, after.resolution) == (State.CLOSED, Resolution.NOT_A_FEATURE)
    assert after.resolution_text == "Not yet."
    assert Idea.objects.get().vote_count == votes


def test_who_wrote_instead_of_answering_is_not_closed(cast: Cast, case: Case) -> None:
    offer(case, cast)
    replies.answer(case, "What does that mean?", by=cast.alice)
    assert fresh(case).state == State.WITH_US
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        moves.expire_due()
    assert fresh(case).state == State.WITH_US


def test_undo_restores_the_state_and_hides_the_idea(cast: Cast, case: Case) -> None:
    """Undo for 7 days: votes and follows of the move go, the idea is hidden when alone."""
    before = fresh(case)
    offer(case, cast)
    moving.accept(case, show_name=False, by=cast.alice)
    with pytest.raises(Refused):
        moving.undo(case, by=cast.carol)
    moving.undo(case, by=cast.dana)
    after = fresh(case)
    assert (after.state, after.resolution, after.closed_at) == (before.state, "", None)
    assert after.next_update_at == before.next_update_at
    idea = Idea.objects.get()
    assert not idea.is_public
    assert idea.vote_count == 0
    assert not is_subscribed(cast.alice, idea)
    assert not find("school", viewer=None).hits
    assert not Link.objects.exists()


def test_undo_keeps_an_idea_that_others_have_joined(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.accept(case, show_name=True, by=cast.alice)
    set_vote(Idea.objects.get(), by=cast.carol, on=True)
    moving.undo(case, by=cast.alice)
    idea = Idea.objects.get()
    assert idea.is_public
    assert idea.vote_count == 1
    assert idea.author != cast.alice


def test_undo_ends_after_a_week(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.accept(case, show_name=False, by=cast.alice)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)), pytest.raises(Refused):
        moving.undo(case, by=cast.dana)
    assert fresh(case).state == State.CLOSED


def test_undo_leaves_a_case_that_went_on_where_it_is(cast: Cast, case: Case) -> None:
    offer(case, cast)
    moving.accept(case, show_name=False, by=cast.alice)
    replies.answer(case, "One more thing.", by=cast.alice)
    moving.undo(case, by=cast.dana)
    assert fresh(case).state == State.WITH_US


def test_what_the_rules_still_find_must_be_looked_at(cast: Cast, case: Case) -> None:
    """Each change is editable; putting an address back needs a second look."""
    moving.keep_text(case, "Not yet.", by=cast.dana)
    for body in (f"Write to {CANARIES[0]} about it.", "Acme needs it.", f"Key {CANARIES[3]}"):
        with pytest.raises(Refused) as refusal:
            moving.offer(case, GOOD | {"body": body}, by=cast.dana)
        assert refusal.value.code == "left_over"
    assert not Move.objects.exists()
    moving.offer(case, GOOD | {"body": "Acme is a word here."}, checked=True, by=cast.dana)


def test_only_agents_offer_and_only_once(cast: Cast, case: Case) -> None:
    for person in (cast.alice, cast.sam, cast.erin, cast.pam):
        with pytest.raises(Refused):
            moving.keep_text(case, "x", by=person)
    with pytest.raises(Refused):
        moving.offer(case, GOOD, by=cast.dana)
    offer(case, cast)
    with pytest.raises(Refused):
        moving.offer(fresh(case), GOOD, by=cast.dana)
    with pytest.raises(Refused):
        closing.close(case, resolution="r1", text="Done", extra={"outcome": "fixed"}, by=cast.dana)


def test_closing_by_the_customer_ends_the_question(cast: Cast, case: Case) -> None:
    move = offer(case, cast)
    closing.withdraw(case, text="Never mind", by=cast.alice)
    move.refresh_from_db()
    assert move.state == Move.State.DECLINED
    assert fresh(case).resolution == Resolution.FIXED


def test_who_left_the_organisation_says_yes_no_more(cast: Cast, case: Case) -> None:
    offer(case, cast)
    Membership.objects.filter(user=cast.alice).update(is_active=False)
    cast.alice.__dict__.pop("_access_memberships", None)
    with pytest.raises(Refused):
        moving.accept(case, show_name=False, by=cast.alice)
    assert not Idea.objects.exists()


def _pages(cast: Cast, sign_in: Any, idea: Idea) -> list[tuple[str, str]]:
    found = []
    for name, person in (("anonymous", None), ("carol", cast.carol), ("mia", cast.mia)):
        client = sign_in(person)
        for url in (
            idea.get_absolute_url(),
            "/ideas/",
            "/search/?q=school",
            "/api/v1/search?q=school",
            "/",
            "/support/",
        ):
            answer = client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.append((f"{name} {url}", body.decode()))
    return found


@pytest.mark.usefixtures("site_tree")
def test_canaries_never_leave_the_case(cast: Cast, case: Case, sign_in: Any) -> None:
    """Class 9: after a yes nobody but the case's own people reads address, tenant, token, file,
    note; merging the idea away or undoing keeps it so."""
    draft = moving.draft_of(case)
    offer(case, cast, title=draft.title.text, body=draft.body.text)
    for stage in ("waiting", "moved", "undone"):
        if stage == "moved":
            moving.accept(case, show_name=False, by=cast.alice)
        if stage == "undone":
            moving.undo(case, by=cast.dana)
        idea = Idea.objects.first() or make_idea(cast, "Another idea to look at")
        for where, text in _pages(cast, sign_in, idea):
            for canary in CANARIES:
                assert canary not in text, (stage, where, canary)
            assert case.label not in text
            assert f"/cases/{case.number}" not in text
        for query in ("notecanary", "replycanary", "ald_ro_9fK2xQ7vLm04TzWb83HsYcN1"):
            for viewer in (None, cast.carol, cast.mia, cast.erin):
                assert not find(query, viewer=viewer).hits
        assert Case.objects.visible_to(cast.alice).filter(pk=case.pk).exists()
        if stage == "waiting":
            idea.delete()
