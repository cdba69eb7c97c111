"""What search engines are told of (AP-04)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from forum.models import Question, State
from moderation.actions import hide
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
BASE = "http://127.0.0.1:8000"


def test_questions_and_ideas_stand_in_it_under_their_one_address(
    cast: Cast, client: Client
) -> None:
    question, idea = make_question(cast.alice), make_idea(cast.alice)
    index = client.get("/sitemap.xml").text
    for name in ("articles", "sections", "questions", "ideas"):
        assert f"<loc>{BASE}/sitemap-{name}.xml</loc>" in index
    client.cookies["django_language"] = "pl"
    questions = client.get("/sitemap-questions.xml", headers={"accept-language": "pl"}).text
    assert f"<loc>{BASE}{question.get_absolute_url()}</loc>" in questions
    assert f"<lastmod>{question.last_activity_at:%Y-%m-%d}" in questions
    ideas = client.get("/sitemap-ideas.xml").text
    assert f"<loc>{BASE}{idea.get_absolute_url()}</loc>" in ideas


def test_what_is_hidden_or_thin_stands_in_none(cast: Cast, sign_in: SignIn) -> None:
    hidden, thin = make_question(cast.alice, "A hidden one"), make_question(cast.alice, "Thin one")
    archived = make_question(cast.alice, "An archived one")
    make_answer(archived, cast.bob)
    idea = make_idea(cast.alice, "A hidden wish")
    Question.objects.filter(pk__in=[thin.pk, archived.pk]).update(state=State.ARCHIVED)
    hide(hidden, by=cast.erin, reason="Abuse")
    hide(idea, by=cast.erin, reason="Abuse")
    for client in (Client(), sign_in(cast.erin)):
        questions = client.get("/sitemap-questions.xml").text
        assert archived.get_absolute_url() in questions
        assert "hidden" not in questions
        assert "thin" not in questions
        noindex = '<meta name="robots" content="noindex">'
        assert noindex in client.get(thin.get_absolute_url()).text
        assert noindex not in client.get(archived.get_absolute_url()).text
        assert "hidden" not in client.get("/sitemap-ideas.xml").text
