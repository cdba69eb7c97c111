"""The same form with the same words is sent once; with other words it is another post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from forum.models import Answer, Comment, Question
from ideas.models import Idea, IdeaComment
from ideas.stages import ensure_defaults
from support.models import Message
from tests.cast import Cast
from tests.forum.factories import make_question
from tests.ideas.factories import make_idea
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]

ONE = "The first thing that somebody wrote here"
OTHER = "Something else, written after going back"


@pytest.fixture
def places(cast: Cast) -> dict[str, tuple[Any, str, Any, str]]:
    """What is written: by whom, where, the rows it makes, and the field of the words."""
    ensure_defaults()
    question, idea = make_question(cast.mia), make_idea(cast.mia)
    case = make_case(cast.acme, cast.alice)
    answer = reverse("forum:answer", args=[question.pk])
    remark = reverse("forum:comment_question", args=[question.pk])
    on_idea = reverse("ideas:comment", args=[idea.pk])
    reply = reverse("support:answer", args=[case.number])
    return {
        "question": (cast.bob, reverse("forum:ask"), Question, "title"),
        "answer": (cast.bob, answer, Answer, "body"),
        "comment": (cast.bob, remark, Comment, "body"),
        "idea": (cast.bob, reverse("ideas:new"), Idea, "title"),
        "idea comment": (cast.bob, on_idea, IdeaComment, "body"),
        "case reply": (cast.alice, reply, Message, "body"),
    }


@pytest.mark.parametrize(
    "kind", ["question", "answer", "comment", "idea", "idea comment", "case reply"]
)
def test_going_back_and_writing_something_else_loses_nothing(
    kind: str, places: dict[str, tuple[Any, str, Any, str]], sign_in: SignIn
) -> None:
    person, url, model, field = places[kind]
    client, key, before = sign_in(person), str(uuid4()), model.objects.count()
    form = {"title": "A title of good length", "body": "A body.", "language": "en", "key": key}
    led = [
        client.post(url, form | {field: words, "csrfmiddlewaretoken": str(number), "next": "/"})
        for number, words in enumerate((ONE, ONE, OTHER, OTHER))
    ]
    assert [answer.status_code for answer in led] == [302] * 4
    assert model.objects.count() == before + 2
    stored = {getattr(row, field, "") or row.body_source for row in model.objects.all()}
    assert {ONE, OTHER} <= stored or kind == "case reply"
    assert led[0]["Location"] == led[1]["Location"]
    assert led[2]["Location"] == led[3]["Location"]


@pytest.mark.parametrize("kind", ["idea", "idea comment", "question", "answer", "case reply"])
def test_a_retry_leads_to_the_post_and_costs_no_share(
    kind: str,
    places: dict[str, tuple[Any, str, Any, str]],
    sign_in: SignIn,
    settings: Any,
) -> None:
    person, url, _model, field = places[kind]
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "post": "1/m/user"}
    client = sign_in(person)
    form = {"title": "A title of good length", "body": "A body.", "language": "en"}
    form |= {"key": str(uuid4()), field: ONE}
    assert {client.post(url, form)["Location"] for _attempt in range(3)}
    assert client.post(url, form | {"key": str(uuid4()), field: OTHER}).status_code in {422, 429}


def test_a_preview_is_limited(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "preview": "2/m/user"}
    client = sign_in(cast.mia)
    codes = [client.post(reverse("posting:preview"), {"text": "*x*"}).status_code for _ in "abc"]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("method", ["get", "check"])
def test_the_form_of_an_idea_is_no_way_round_the_limit_of_searches(
    method: str, cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    ensure_defaults()
    make_idea(cast.alice, "Restore a single folder from the archive")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "2/m/ip"}
    client, url, data = sign_in(cast.bob), reverse("ideas:new"), {"title": "restore a folder"}
    send = client.get if method == "get" else client.post
    pages = [send(url, data | ({"check": "1"} if method == "check" else {})) for _ in "abc"]
    assert [len(page.context["hits"]) for page in pages] == [1, 1, 0]
    assert all("restore a folder" in page.text for page in pages)


def test_the_form_of_a_case_is_no_way_round_it_either(
    cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    make_question(cast.mia, title="Calendar sharing is broken")
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "search": "2/m/ip"}
    client, url = sign_in(cast.alice), reverse("support:new") + "?subject=calendar+sharing"
    assert [len(client.get(url).context["hits"]) for _ in "abc"] == [1, 1, 0]
