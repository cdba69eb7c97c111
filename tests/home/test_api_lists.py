"""The lists of /api/v1: what the viewer may see, by key, with a limit (AP-01)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from forum.models import State
from home.setup import ensure_site
from ideas.models import Idea
from kb.models import SectionPage
from kb.tree import help_root
from moderation.actions import hide
from tests.cast import Cast
from tests.forum.factories import make_answer, make_product, make_question
from tests.ideas.factories import make_idea
from tests.kb.factories import make_article
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LISTS = ("articles", "questions", "ideas", "cases")


@pytest.fixture
def section(site_tree: None) -> SectionPage:
    ensure_site()
    return help_root(Locale.objects.get(language_code="en"))


def ask(client: Client, kind: str, status: int = 200, **query: Any) -> Any:
    response = client.get(f"/api/v1/{kind}", query)
    assert response.status_code == status
    return response.json()


def titles(client: Client, kind: str, **query: Any) -> list[str]:
    return [row["title"] for row in ask(client, kind, **query)["results"]]


def test_articles_that_the_viewer_may_read(
    section: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    for title in ("public", "customers", "staff"):
        make_article(section, title, visibility=title)
    make_article(section, "draft").unpublish()
    assert titles(Client(), "articles") == ["public"]
    assert titles(sign_in(cast.alice), "articles") == ["customers", "public"]
    assert titles(sign_in(cast.erin), "articles") == ["staff", "customers", "public"]
    found = ask(Client(), "articles")
    assert (found["total"], found["next"]) == (1, None)
    assert found["results"][0]["url"] == "http://testserver/help/public/"
    assert titles(Client(), "articles", lang="pl") == []
    assert titles(Client(), "articles", lang=["pl", "en"]) == ["public"]


def test_questions_and_ideas_that_everybody_may_read(cast: Cast, sign_in: SignIn) -> None:
    product = make_product("mail")
    question = make_question(cast.alice, "A question of mail", product=product)
    make_answer(question, cast.bob)
    hidden, idea = make_question(cast.alice, "A hidden one"), make_idea(cast.alice, "A wish")
    hidden_idea = make_idea(cast.alice, "A hidden wish")
    hide(hidden, by=cast.erin, reason="Abuse")
    hide(hidden_idea, by=cast.erin, reason="Abuse")
    for client in (Client(), sign_in(cast.erin)):
        [row] = ask(client, "questions")["results"]
        assert (row["id"], row["title"]) == (str(question.pk), "A question of mail")
        assert (row["state"], row["solved"], row["answers"]) == (State.ANSWERED, False, 1)
        assert (row["product"], row["url"]) == (
            "mail",
            f"http://testserver{question.get_absolute_url()}",
        )
        [row] = ask(client, "ideas")["results"]
        assert (row["title"], row["state"], row["votes"]) == ("A wish", "open", idea.vote_count)
    assert titles(Client(), "questions", product="mail", state="answered", lang="en")
    for query in ({"product": "calendar"}, {"state": "solved"}, {"lang": "x\x00"}):
        assert titles(Client(), "questions", **query) == []
    assert titles(Client(), "ideas", state="open") == ["A wish"]


def test_a_customers_idea_names_nobody(cast: Cast, client: Client) -> None:
    idea = make_idea(cast.alice)
    Idea.objects.filter(pk=idea.pk).update(shown_as=Idea.ShownAs.SUPPORT)
    assert cast.alice.display_name not in client.get("/api/v1/ideas").text


def test_cases_of_those_who_may_see_them(cast: Cast, sign_in: SignIn) -> None:
    case = make_case(cast.acme, cast.alice)
    for person in (None, cast.bob, cast.carol, cast.erin, cast.ed):
        found = ask(sign_in(person) if person else Client(), "cases")
        assert (found["total"], found["results"]) == (0, [])
    for person in (cast.alice, cast.dana):
        [row] = ask(sign_in(person), "cases")["results"]
        assert (row["id"], row["number"], row["title"]) == (str(case.pk), case.label, case.subject)
        assert row["organisation"] == "acme"
    response = sign_in(cast.alice).get("/api/v1/cases")
    assert response["Cache-Control"] == "private, no-store"


def test_pages_by_key_neither_repeat_nor_lose(cast: Cast, client: Client) -> None:
    for number in range(5):
        make_question(cast.alice, f"Question number {number}")
    first = ask(client, "questions", limit=2)
    make_question(cast.alice, "One that came meanwhile")
    second = ask(client, "questions", limit=2, cursor=first["next"])
    third = ask(client, "questions", limit=2, cursor=second["next"])
    rows = [row["title"][-1] for found in (first, second, third) for row in found["results"]]
    assert rows == ["4", "3", "2", "1", "0"]
    assert third["next"] is None
    assert (first["total"], second["total"]) == (5, 6)
    for damaged in ("x", first["next"] + "x", "\x00", "9" * 400):
        assert len(titles(client, "questions", cursor=damaged)) == 6


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_limit_out_of_bounds_is_a_problem(client: Client, kind: str, limit: str) -> None:
    response = client.get(f"/api/v1/{kind}", {"limit": limit})
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["where"].endswith("limit")


@pytest.mark.parametrize("kind", LISTS)
def test_a_visitor_gets_it_once_and_not_too_often(
    client: Client, kind: str, settings: pytest.FixtureRequest
) -> None:
    settings.RATE_LIMITS = {"api": "2/m/ip"}  # type: ignore[attr-defined]
    address = f"/api/v1/{kind}"
    first = client.get(address)
    assert first["Cache-Control"].startswith("public")
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(address).status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert refused.json()["status"] == 429


@pytest.mark.parametrize("kind", LISTS)
def test_nothing_is_written_through_it(client: Client, kind: str) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"/api/v1/{kind}").status_code == 405


def test_ten_rows_cost_what_one_costs(
    section: SectionPage, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        make_article(section, f"Article {number}")
        make_question(cast.alice, f"Question number {number}")
        make_idea(cast.alice, f"Idea number {number}")
        make_case(cast.acme, cast.alice)
    client = sign_in(cast.dana)
    for kind in LISTS:
        # Session, person, roles and second factor; then rows, tags and the total.
        with django_assert_max_num_queries(9):
            assert len(titles(client, kind)) == 10


def test_they_are_described(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]
    for kind in LISTS:
        named = {row["name"] for row in described[f"/api/v1/{kind}"]["get"]["parameters"]}
        assert named >= {"lang", "product", "limit", "cursor"}
        assert ("state" in named) == (kind != "articles")
    page = client.get("/about/api/").text
    assert all(f"/api/v1/{kind}" in page for kind in LISTS)
