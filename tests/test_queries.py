"""What pages cost: the same number of queries for one row and for twenty, and under a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from forum.actions import comments, votes
from ideas.actions import comments as idea_comments
from ideas.actions import votes as idea_votes
from moderation.actions import flag, hide
from search.editing import live
from support.actions import handling, replies
from tests.access_table import get
from tests.cast import make_person
from tests.factories import World, make_article
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea
from tests.site import client_of
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db

SIGNED_OUT = 12
SIGNED_IN = 16
ROWS = 20
# Pages that honestly need more, and what for.
MORE = {
    # Six lists of five apps on one page; a visitor's copy is answered with 304 nearly always.
    ("anonymous", "home:index"): 14,
    # And what waits for the person.
    ("bob", "home:index"): 21,
    # Crumbs, tree, subsections, languages, and questions about the product by search.
    ("anonymous", "kb:page"): 19,
    ("bob", "kb:page"): 23,
    # Answers, comments, votes, trail, near things; who may write also votes, follows and drafts.
    ("bob", "forum:question"): 19,
    ("erin", "forum:question"): 19,
    # A small index is counted anew each time, which is two; then scores, columns and words by
    # primary key, which is quicker than one large statement; each kind's rows say who sees them.
    # One row says whether an editor has changed a pin or a synonym since.
    ("anonymous", "search:results"): 15,
    ("anonymous", "search:suggest"): 16,
    ("bob", "search:results"): 21,
    ("bob", "search:suggest"): 21,
    # A small index is counted anew, which is two; drafts of one's own.
    ("bob", "forum:similar"): 17,
    # Queue, case, facts, files, line and related things in three panes.
    ("dana", "support:desk_case"): 22,
    # Her forms for stage and answer.
    ("pam", "ideas:idea"): 17,
}


@dataclass(frozen=True)
class Page:
    person: str
    name: str
    args: str = ""
    query: str = ""

    def address(self, world: World) -> str:
        args = get(self.name, self.args, "200").arguments(world, self.person)
        return reverse(self.name, args=args) + self.query

    @property
    def budget(self) -> int:
        named = MORE.get((self.person, self.name))
        return named or (SIGNED_OUT if self.person == "anonymous" else SIGNED_IN)

    def __str__(self) -> str:
        return f"{self.person} {self.name}{self.query}"


PAGES = [
    *(
        Page(person, *rest)
        for person in ("anonymous", "bob")
        for rest in (
            ("home:index",),
            ("kb:index",),
            ("kb:page", "'calendar/'"),
            ("kb:page", "'calendar/public-one/'"),
            ("kb:helpful", "article.pk"),
            ("forum:list",),
            ("forum:list", "", "?tab=unanswered"),
            ("forum:question", "question.pk question.slug"),
            ("forum:history", "solved.pk"),
            ("forum:ask",),
            ("forum:similar", "", "?title=kestrel+question"),
            ("ideas:list",),
            ("ideas:list", "", "?tab=wanted"),
            ("ideas:idea", "open_idea.pk open_idea.slug"),
            ("search:results", "", "?q=kestrel"),
            ("search:suggest", "", "?q=kest"),
            ("support:contact",),
            ("support:policy",),
            ("accounts:profile", "cast.mia.pk"),
        )
    ),
    Page("anonymous", "forum:feed"),
    Page("anonymous", "ideas:feed"),
    Page("anonymous", "kb:feed"),
    Page("anonymous", "sitemap", "'articles'"),
    Page("anonymous", "sitemap", "'questions'"),
    Page("anonymous", "sitemap", "'ideas'"),
    Page("bob", "ideas:list", "", "?tab=mine"),
    Page("bob", "notifications:inbox"),
    Page("bob", "accounts:settings"),
    Page("bob", "accounts:organisation", "'acme'"),
    Page("alice", "support:cases", "", "?of=organisation"),
    Page("alice", "support:case", "case.number"),
    Page("alice", "support:new"),
    Page("dana", "support:desk", "", "?view=open"),
    Page("dana", "support:desk_case", "case.number"),
    Page("dana", "accounts:organisations"),
    Page("erin", "moderation:index"),
    Page("erin", "moderation:index", "", "?show=hidden"),
    Page("erin", "forum:question", "question.pk question.slug"),
    Page("pam", "ideas:idea", "open_idea.pk open_idea.slug"),
]


@pytest.fixture(scope="module")
def costs(world: World) -> Iterator[dict[Page, tuple[int, int]]]:
    """Queries of each page, with few rows and with twenty more of everything."""
    clients = {name: client_of(person) for name, person in world.people.items()}
    # However long a page takes here, what it has looked at is new until its end.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "_SECONDS", 3_600)
        few = {page: cost(clients[page.person], page.address(world)) for page in PAGES}
        with transaction.atomic():
            grow(world)
            many = {page: cost(clients[page.person], page.address(world)) for page in PAGES}
            yield {page: (few[page], many[page]) for page in PAGES}
            transaction.set_rollback(True)


def cost(client: Client, address: str) -> int:
    """The second time: what is kept in memory is there, and has just become too old to be trusted."""
    client.get(address)
    live.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def grow(world: World) -> None:
    """Twenty more of each kind of row, by different people."""
    cast = world.cast
    for number in range(ROWS):
        person = make_person(f"Person {number}")
        _forum(world, number, person)
        _ideas(world, number, person)
        title = f"Kestrel article {number}"
        make_article(world.section, title, f"kestrel-{number}", product=world.product)
        replies.answer(world.case, f"Answer {number}", by=cast.della)
        replies.reply(world.case, f"Reply {number}", by=cast.dana)
        case = make_case(cast.acme, cast.alice, subject=f"Kestrel case {number}")
        handling.assign(case, cast.dana, by=cast.dana)
        Membership.objects.create(user=person, organisation=cast.acme, role="member")


def _forum(world: World, number: int, person: Any) -> None:
    cast = world.cast
    asked = make_question(cast.bob, f"Kestrel question {number}", product=world.product)
    make_answer(asked, person, f"Kestrel answer {number}")
    answer = make_answer(world.question, person, f"Kestrel answer {number}")
    comments.comment(world.question, f"Comment {number}", by=person)
    comments.comment(world.question, f"Comment {number}", by=cast.bob, answer=answer)
    votes.vote_answer(answer, by=cast.bob, value=1)
    flag(asked, by=person, reason="spam")
    bad = make_question(person, f"Kestrel to be hidden {number}")
    hide(bad, by=cast.erin, reason="spam")


def _ideas(world: World, number: int, person: Any) -> None:
    idea = make_idea(person, f"Kestrel idea number {number}", product=world.product)
    idea_votes.set_vote(idea, by=world.cast.bob, on=True)
    idea_comments.comment(world.open_idea, f"Comment {number}", by=person)


@pytest.mark.parametrize("asked", PAGES, ids=str)
def test_a_page_costs_the_same_for_twenty_rows(
    costs: dict[Page, tuple[int, int]], asked: Page
) -> None:
    few, many = costs[asked]
    assert many <= few


@pytest.mark.parametrize("asked", PAGES, ids=str)
def test_a_page_stays_within_its_budget(costs: dict[Page, tuple[int, int]], asked: Page) -> None:
    assert max(costs[asked]) <= asked.budget
