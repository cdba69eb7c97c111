"""What stands beside a thing has the title and address of now, and asks who looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation, User
from forum import similar
from forum.actions import questions
from ideas import near
from ideas.actions import posts
from ideas.models import Idea
from ideas.stages import ensure_defaults
from moderation.actions import hide
from support import sources
from support.models import Case
from tests.cast import Cast
from tests.forum.factories import make_question
from tests.ideas.factories import make_idea
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]
SECRET = "Calendar sharing broken for hunter2"


def test_a_neighbours_old_title_is_gone_at_once(cast: Cast) -> None:
    """A moderator took private words out of it; the address held them, too."""
    question = make_question(cast.mia, title="Calendar sharing is broken")
    other = make_question(cast.bob, title=SECRET)
    case = make_case(cast.acme, cast.alice, subject="Calendar sharing is broken")
    shown = [similar.close_to(question, cast.mia), sources.related(case, cast.dana)]
    assert all(any(row.title == SECRET for row in rows) for rows in shown)
    words = questions.Words(title="Calendar sharing broken for us", body="It is.")
    questions.edit(other, words, by=cast.erin, reason="A password", withhold=True)
    for rows in (similar.close_to(question, cast.mia), sources.related(case, cast.dana)):
        found = [row for row in rows if row.title == words.title]
        assert len(found) == 1
        assert not any("hunter2" in f"{row.title}{row.url}" for row in rows)
    hide(other, by=cast.erin, reason="Spam")
    assert similar.close_to(question, cast.mia) == []


def test_an_ideas_neighbour_too(cast: Cast) -> None:
    ensure_defaults()
    idea = make_idea(cast.mia, "Restore a single folder from the archive")
    other = make_idea(cast.bob, "Restore a single folder for hunter2")
    assert [row["title"] for row in near.close_to(idea, cast.mia)] == [other.title]
    posts.edit(other, posts.Words("Restore a single folder again", "So."), by=cast.pam)
    rows = near.close_to(Idea.objects.get(pk=idea.pk), cast.mia)
    assert [row["title"] for row in rows] == ["Restore a single folder again"]
    assert "hunter2" not in rows[0]["url"]


@pytest.fixture
def twins(cast: Cast) -> dict[str, Case]:
    def case(organisation: Organisation, requester: User) -> Case:
        return make_case(organisation, requester, subject="Calendar sharing is broken")

    return {
        "mine": case(cast.acme, cast.alice),
        "same": case(cast.acme, cast.della),
        "other": case(cast.birch, cast.carol),
    }


def test_of_other_cases_only_the_same_organisations(cast: Cast, twins: dict[str, Case]) -> None:
    for _again in range(2):
        rows = sources.related(twins["mine"], cast.dana)
        assert [row.object_id for row in rows if row.kind == "case"] == [str(twins["same"].pk)]
