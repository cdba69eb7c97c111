"""Titles in another language than the page's name it (ML-06); figures of nought stay away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from forum.actions import answers
from links.actions import connect
from links.models import Link
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]

SignIn = Callable[..., Client]


def foreign(page: str, title: str, language: str) -> bool:
    """Whether every place that shows TITLE as text names its language."""
    shown = re.findall(rf"<[^>]*>(?:<bdi[^>]*>)?\s*{re.escape(title)}", page)
    return bool(shown) and all(f'lang="{language}"' in tag for tag in shown)


def test_titles_in_another_language_say_so_on_the_home_page(cast: Cast, sign_in: SignIn) -> None:
    question = make_question(cast.alice, "Kalendarz zniknął po przeniesieniu", language="pl")
    answers.accept(make_answer(question, cast.bob), by=cast.alice)
    waits = make_question(cast.alice, "Poczta stoi od rana", language="pl")
    make_answer(waits, cast.bob)
    make_idea(cast.alice, "Przywracanie jednego folderu", language="pl")
    page = sign_in(cast.alice).get("/").text
    for title in (question.title, waits.title, "Przywracanie jednego folderu"):
        assert foreign(page, title, "pl"), title


def test_the_trail_and_the_neighbours_name_their_language(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.bob, "Restore one folder of an account")
    question = make_question(cast.alice, "Przywrócić jeden folder konta", language="pl")
    near = make_idea(cast.mia, "Restore one folder of an account later")
    connect(question, idea, Link.Kind.PROMOTED_TO, by=cast.alice)
    page = sign_in(cast.mia).get(idea.get_absolute_url()).text
    assert foreign(page, question.title, "pl")
    assert foreign(page, near.title, "en")
    # A title of the interface's own words stays in the language of the page.
    assert f'<span class="trail__title">{idea.stage.name}</span>' in page
    assert "0 votes" not in page


def test_what_looks_related_to_a_case_names_its_language(cast: Cast, sign_in: SignIn) -> None:
    case = make_case(cast.acme, cast.alice, subject="Kalendarz zniknął wszystkim", language="pl")
    make_question(cast.bob, "Kalendarz zniknął wszystkim", language="pl")
    page = sign_in(cast.dana).get(case.desk_url).text
    facts = page[page.index("desk__facts") :]
    assert foreign(facts, "Kalendarz zniknął wszystkim", "pl")


def test_figures_of_nought_are_left_out(client: Client) -> None:
    page = client.get("/").text
    for words in ("0 ideas", "0 articles", "0 % solved"):
        assert words not in page


@pytest.mark.parametrize("path", ["//evil.example", "///evil.example/", "/pl//evil.example"])
def test_the_choice_of_languages_never_leads_away(path: str) -> None:
    """Also where no such page is: browsers take two slashes for another site."""
    page = Client().get("/", PATH_INFO=path).text
    assert "evil.example" in page
    assert not re.search(r'href="[/\\\\]{2}', page)
