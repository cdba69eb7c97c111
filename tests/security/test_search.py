"""What search must not tell those who have lost their place."""

from __future__ import annotations

import pytest
from django.utils import translation

from accounts import actions as accounts
from accounts.models import Membership, User
from search.models import Entry
from search.query import find
from support.actions import handling, replies
from support.models import Case
from tests.cast import Cast
from tests.ideas.factories import make_idea
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def _of_cases(user: User, text: str) -> tuple[int, int, list[str]]:
    """Total, facet and the words that are said to be in nothing."""
    results = find(text, viewer=_again(user), facets=True)
    counts = {facet.value: facet.count for facet in results.facets.get("kind", [])}
    return results.total, counts.get("case", 0), results.unmatched


def test_who_left_the_organisation_learns_nothing_of_their_old_cases(cast: Cast) -> None:
    """Class 7: neither facets nor the list of unknown words tell what was written since."""
    case = make_case(cast.acme, cast.della, subject="Zebrafinch mailbox is lost")
    assert _of_cases(cast.della, "zebrafinch") == (1, 1, [])
    accounts.remove_member(Membership.objects.get(user=cast.della), by=cast.alice)
    replies.reply(case, "The quokka cluster was rebuilt.", by=cast.dana)
    assert _of_cases(cast.della, "zebrafinch") == (0, 0, ["zebrafinch"])
    assert _of_cases(cast.della, "quokka") == (0, 0, ["quokka"])
    assert _of_cases(cast.alice, "quokka") == (1, 1, [])


def test_a_former_specialist_learns_nothing_of_the_cases_they_had(cast: Cast) -> None:
    """Class 10: the token goes with the role, not with the person."""
    case = make_case(cast.acme, cast.della, subject="Zebrafinch mailbox is lost")
    handling.escalate(case, cast.sam, by=cast.dana)
    assert _of_cases(cast.sam, "zebrafinch") == (1, 1, [])
    cast.sam.groups.clear()
    assert _of_cases(cast.sam, "zebrafinch") == (0, 0, ["zebrafinch"])


def test_an_old_case_is_not_found_through_a_new_organisation(cast: Cast) -> None:
    """Class 8: the requester's token names the organisation."""
    make_case(cast.acme, cast.della, subject="Zebrafinch mailbox is lost")
    accounts.remove_member(Membership.objects.get(user=cast.della), by=cast.alice)
    Membership.objects.create(user=cast.della, organisation=cast.birch, role="delegate")
    assert not Case.objects.visible_to(_again(cast.della)).exists()
    assert _of_cases(cast.della, "zebrafinch") == (0, 0, ["zebrafinch"])


def test_an_idea_written_in_polish_has_its_one_address(cast: Cast) -> None:
    """Entries are shown to readers of every language."""
    with translation.override("pl"):
        idea = make_idea(cast.mia)
    assert Entry.objects.get(kind="idea").url == f"/ideas/{idea.pk}/{idea.slug}"
