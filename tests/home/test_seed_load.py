"""seed_load: made-up content of any size, the same for the same seed, with every counter right."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import search
from accounts.models import User
from common.markdown import render
from forum.models import Answer, AnswerVote, Comment, MeToo, Question
from home.loading.scale.rows import Table
from home.loading.scale.words import Writer
from home.management.commands.seed_load import number
from ideas.models import Idea, IdeaVote
from kb.models import ArticlePage
from search.models import Entry
from support.models import Case, Message

pytestmark = pytest.mark.django_db

SMALL = {"questions": 30, "answers": 90, "articles": 12, "ideas": 6, "votes": 200, "cases": 20}


def load(**options: Any) -> None:
    call_command("seed_load", verbosity=0, stdout=_Nowhere(), **{**SMALL, **options})


class _Nowhere:
    def write(self, text: str) -> None:
        pass


@pytest.fixture
def site(site_tree: None) -> None:
    """What a real site has before anything is written."""


def test_everything_is_there_is_found_and_is_counted(site: None) -> None:
    load()
    assert Question.objects.count() == 30
    assert Answer.objects.count() == 90
    assert Idea.objects.count() == 6
    assert Case.objects.count() == 20
    assert ArticlePage.objects.count() == 12
    assert Comment.objects.exists()
    assert MeToo.objects.count() + AnswerVote.objects.count() + IdeaVote.objects.count() > 60
    assert Message.objects.filter(is_internal=True).exists()
    assert Entry.objects.count() == 30 + 6 + 20 + 12
    call_command("check_integrity", stdout=_Nowhere())


def test_the_same_seed_writes_the_same(site: None) -> None:
    load(no_search=True)
    first = list(Question.objects.order_by("pk").values_list("title", "body_html", "state"))
    answers = list(Answer.objects.order_by("pk").values_list("body_source", "score"))
    Question.objects.all().delete()
    User.objects.update(about="")
    load(no_search=True)
    assert list(Question.objects.order_by("pk").values_list("title", "body_html", "state")) == first
    again = list(Answer.objects.order_by("pk").values_list("body_source", "score"))
    assert again == answers
    Question.objects.all().delete()
    load(no_search=True, seed=2)
    assert set(Question.objects.values_list("title")) != {row[:1] for row in first}


def test_a_second_load_comes_on_top(site: None) -> None:
    load(no_search=True)
    people = User.objects.count()
    load(no_search=True)
    assert Question.objects.count() == 60
    assert ArticlePage.objects.count() == 24
    assert Case.objects.count() == 40
    assert User.objects.count() == people
    # The database gives out keys behind those that were given out here.
    asker = User.objects.first()
    new = Question.objects.create(author=asker, title="New", body_source="Words.")
    assert new.pk > Question.objects.order_by("-pk")[1].pk


def test_nobody_can_sign_in_as_one_of_them(site: None) -> None:
    load(no_search=True)
    made = User.objects.filter(about__startswith="Made by")
    assert made.exists()
    assert not made.filter(is_active=True).exists()
    assert not made.exclude(email=None).exists()
    assert not made.first().has_usable_password()


def test_production_needs_a_yes(site: None, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="--yes"):
        load()
    assert not Question.objects.exists()
    load(yes=True, no_search=True, articles=0)
    assert Question.objects.exists()


def test_nothing_asked_for_is_refused(site: None) -> None:
    with pytest.raises(CommandError, match="--scale"):
        call_command("seed_load")


def test_without_search_the_index_is_left_alone(site: None) -> None:
    search.rebuild()
    load(no_search=True)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("text", "value"), [("250", 250), ("10k", 10_000), ("1M", 1_000_000)])
def test_sizes(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "k", "1.5k", "-3", "ten"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        number(text)


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
def test_the_html_is_what_the_parser_makes_of_the_text(kind: str) -> None:
    writer = Writer(5)
    for _ in range(60):
        text = writer.text(kind, writer.language(), 6)
        assert str(render(text.source)) == text.html


def test_texts_differ() -> None:
    writer = Writer(1)
    titles = {writer.title("title", "en", 160) for _ in range(1_000)}
    assert len(titles) > 600
    words = {word for _ in range(2_000) for word in writer.text("answer", "en", 4).source.split()}
    assert len(words) > 3_000


def test_a_table_takes_defaults_and_gives_keys(site: None) -> None:
    person = User.objects.create_user("p@people.example")
    table = Table(Question)
    key = table.key()
    table.insert(
        [{"id": key, "author_id": person.pk, "title": "T", "body_source": "B", "slug": "t"}]
    )
    row = Question.objects.get(pk=key)
    assert row.read_before == []
    assert row.language == "en"
    assert row.created_at.tzinfo is not None
    assert connection.vendor in {"sqlite", "postgresql"}
