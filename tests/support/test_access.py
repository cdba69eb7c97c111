"""Who sees a case, and that search, notes and files follow the same rule."""

from __future__ import annotations

import pytest

from accounts.access import forget
from accounts.models import Membership, User
from search.query import find
from support.actions import handling, replies
from support.models import Case, Message
from tests.cast import Cast
from tests.support.factories import make_case


def again(user: User) -> User:
    """The person as the next request knows them."""
    forget(user)
    return user


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast.acme, cast.della, body="The zebrafish mailbox is stuck.")


SEES = {"della", "alice", "adam", "dana", "root"}


def test_requester_admins_and_agents_see_a_case(cast: Cast, case: Case) -> None:
    """Who sees a case: moderators, editors and product managers never."""
    seen = {n for n, p in cast.everyone.items() if Case.objects.visible_to(p).exists()}
    assert seen == SEES


def test_search_follows(cast: Cast, case: Case) -> None:
    found = {n for n, p in cast.everyone.items() if find("zebrafish", viewer=p).hits}
    assert found == SEES
    assert not find("zebrafish", viewer=None).hits


def test_a_delegate_sees_only_their_own(cast: Cast, case: Case) -> None:
    make_case(cast.acme, cast.alice)
    assert Case.objects.visible_to(cast.della).get() == case


def test_a_specialist_sees_only_what_is_assigned_to_them(cast: Cast, case: Case) -> None:
    """Also by search."""
    handling.escalate(case, cast.sam, by=cast.dana)
    make_case(cast.acme, cast.alice, body="Another zebrafish.")
    assert Case.objects.visible_to(cast.sam).get() == case
    assert [hit.object_id for hit in find("zebrafish", viewer=cast.sam).hits] == [str(case.pk)]
    handling.take_back(case, by=cast.dana)
    assert not find("zebrafish", viewer=cast.sam).hits


def test_who_leaves_the_organisation_loses_access_at_once(cast: Cast, case: Case) -> None:
    Membership.objects.filter(user__in=[cast.della, cast.adam]).update(is_active=False)
    for person in (cast.della, cast.adam):
        assert not Case.objects.visible_to(again(person)).exists()
        assert not find("zebrafish", viewer=person).hits


def test_an_organisation_that_ends_takes_its_cases_along(cast: Cast, case: Case) -> None:
    cast.acme.is_active = False
    cast.acme.save()
    assert not Case.objects.visible_to(again(cast.alice)).exists()
    assert Case.objects.visible_to(again(cast.dana)).exists()


def test_an_account_that_is_closed_sees_nothing(cast: Cast, case: Case) -> None:
    for person in (cast.alice, cast.dana):
        person.is_active = False
        assert not Case.objects.visible_to(again(person)).exists()


def test_a_note_is_never_indexed_and_never_shown(cast: Cast, case: Case) -> None:
    """SU-05."""
    replies.note(case, "Quokka is what we call it.", by=cast.dana)
    handling.assign(case, cast.dana, by=cast.dana)
    for person in (cast.della, cast.alice, cast.dana):
        assert not find("quokka", viewer=person).hits
    for person in (cast.della, cast.alice):
        assert not Message.objects.visible_to(person).filter(is_internal=True).exists()
    assert Message.objects.visible_to(cast.dana).filter(is_internal=True).count() == 2


def test_a_specialist_who_is_a_customer_too_reads_no_notes_of_their_own_case(cast: Cast) -> None:
    Membership.objects.create(user=cast.sam, organisation=cast.birch, role="admin")
    case = make_case(cast.birch, cast.carol)
    replies.note(case, "About Birch", by=cast.dana)
    assert Case.objects.visible_to(again(cast.sam)).get() == case
    assert not Message.objects.visible_to(cast.sam).filter(is_internal=True).exists()


def test_every_word_customers_wrote_is_found_by_agents(cast: Cast, case: Case) -> None:
    replies.answer(case, "The capybara rule is on.", by=cast.alice)
    assert [hit.kind for hit in find("capybara", viewer=cast.dana).hits] == ["case"]
    assert find(case.label, viewer=cast.alice).hits
