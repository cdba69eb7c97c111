""" "Was this helpful?" (KB-02, S-43)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kb.integrity import checks
from kb.models import ArticlePage, HelpfulVote, SectionPage
from tests.cast import Cast
from tests.kb.factories import make_article, republish

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def article(mail: SectionPage) -> ArticlePage:
    return make_article(mail)


def address(article: ArticlePage) -> str:
    return reverse("kb:helpful", args=[article.pk])


def say(client: Client, article: ArticlePage, answer: str = "yes", **fields: Any) -> Any:
    live = ArticlePage.objects.get(pk=article.pk).live_revision_id
    data = {"answer": answer, "revision": live, "reason": "", "text": "", **fields}
    return client.post(address(article), data)


def counters(article: ArticlePage) -> tuple[int, int]:
    fresh = ArticlePage.objects.get(pk=article.pk)
    return fresh.helpful_count, fresh.unhelpful_count


def integrity() -> list[str]:
    return [line for _name, lines in checks() for line in lines]


def test_it_works_signed_out_and_without_scripts_s_43(article: ArticlePage) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(article.url).content.decode()
    assert f'href="{address(article)}?answer=no"' in page
    assert "csrfmiddlewaretoken" not in page
    form = client.get(f"{address(article)}?answer=no")
    assert "no-store" in form["Cache-Control"]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.content.decode()))
    fields |= {"reason": "confusing", "text": "Step 3 is unclear."}
    answer = client.post(address(article), fields)
    assert answer.status_code == 200
    assert "Contact support" in answer.content.decode()
    vote = HelpfulVote.objects.get()
    assert (vote.is_helpful, vote.reason, vote.text) == (False, "confusing", "Step 3 is unclear.")
    assert (vote.revision_id, vote.language) == (article.live_revision_id, "en")
    assert counters(article) == (0, 1)


def test_looking_at_it_stores_nothing_kb_02(article: ArticlePage) -> None:
    for _ in range(3):
        Client().get(f"{address(article)}?answer=yes")
        Client().head(f"{address(article)}?answer=no")
    assert HelpfulVote.objects.count() == 0
    assert counters(article) == (0, 0)


def test_a_second_word_of_the_same_reader_replaces_the_first_kb_02(
    article: ArticlePage, cast: Cast, sign_in: SignIn
) -> None:
    visitor, member = Client(), sign_in(cast.bob)
    visitor.get(address(article))
    for client in (visitor, member):
        say(client, article, "yes")
        say(client, article, "yes")
        say(client, article, "no")
    assert HelpfulVote.objects.count() == 2
    assert counters(article) == (0, 2)
    assert integrity() == []


def test_the_cookie_comes_with_the_form_so_a_double_click_is_one_visitor(
    article: ArticlePage,
) -> None:
    client = Client()
    cookie = client.get(address(article)).cookies["helpful"]
    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["httponly"]
    assert "helpful" not in Client().get(article.url).cookies


@pytest.mark.parametrize("value", ["", "x", "a" * 33, "ä" * 32, "a b" * 10 + "ab", "' OR 1=1 --"])
def test_a_made_up_cookie_is_replaced(article: ArticlePage, value: str) -> None:
    client = Client()
    client.cookies["helpful"] = value
    assert say(client, article).status_code == 200
    assert len(HelpfulVote.objects.get().visitor) == 32


def test_it_belongs_to_the_published_text_kb_02(article: ArticlePage) -> None:
    client = Client()
    old = article.live_revision_id
    say(client, article, "yes")
    republish(article, summary="New")
    assert counters(article) == (0, 0)
    assert HelpfulVote.objects.filter(revision_id=old).count() == 1
    say(client, article, "no")
    assert counters(article) == (0, 1)
    assert integrity() == []


def test_counters_come_back_with_an_old_text_kb_02(article: ArticlePage) -> None:
    say(Client(), article, "yes")
    revision = article.live_revision
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert counters(article) == (0, 0)
    revision.publish()
    assert counters(article) == (1, 0)
    assert integrity() == []


def test_a_stale_form_is_refused_kindly_and_can_be_sent_again(article: ArticlePage) -> None:
    client = Client()
    old = article.live_revision_id
    republish(article, summary="New")
    answer = say(client, article, "no", revision=old, text="Typed words")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has just changed" in page
    assert f'<a href="{article.url}" target="_blank">See the article as it is now</a>' in page
    assert "Typed words" in page
    fresh = ArticlePage.objects.get(pk=article.pk).live_revision_id
    assert f'name="revision" value="{fresh}"' in page
    assert HelpfulVote.objects.count() == 0


def test_the_eleventh_of_a_day_is_refused_and_keeps_the_text_s_43(article: ArticlePage) -> None:
    for _ in range(10):
        assert say(Client(), article).status_code == 200
    answer = say(Client(), article, "no", reason="other", text="Typed words")
    assert answer.status_code == 429
    assert "Come back tomorrow" in answer.content.decode()
    assert "Typed words" in answer.content.decode()
    assert HelpfulVote.objects.count() == 10


def test_what_is_refused_spends_nothing_of_the_day_kb_02(article: ArticlePage) -> None:
    old = article.live_revision_id
    republish(article, summary="New")
    for fields in ({"reason": "other"}, {"reason": "nonsense"}, {"revision": old}):
        for _ in range(11):
            assert say(Client(), article, "no", **fields).status_code in {409, 422}
    assert say(Client(), article, "no").status_code == 200


@pytest.mark.parametrize(
    ("answer", "reasons"),
    [
        ("yes", ["accurate", "easy", "visuals", "informative"]),
        ("no", ["inaccurate", "confusing", "no_visuals", "missing"]),
    ],
)
def test_the_reasons_of_kb_02(article: ArticlePage, answer: str, reasons: list[str]) -> None:
    form = Client().get(f"{address(article)}?answer={answer}").content.decode()
    for reason in reasons:
        assert f'value="{reason}"' in form
        assert say(Client(), article, answer, reason=reason).status_code == 200
    assert f'value="{"no_visuals" if answer == "yes" else "visuals"}"' not in form


def test_something_else_needs_words_kb_02(article: ArticlePage) -> None:
    answer = say(Client(), article, "no", reason="other")
    assert answer.status_code == 422
    assert "Say in a few words" in answer.content.decode()
    assert HelpfulVote.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 601},
        {"reason": "nonsense"},
        {"reason": "solved", "answer": "no"},
        {"revision": "abc"},
        {"revision": ""},
        {"revision": "9" * 40},
        {"revision": "-1"},
        {"answer": "perhaps"},
    ],
)
def test_bad_input_is_refused_with_a_message(article: ArticlePage, fields: dict[str, str]) -> None:
    answer = say(Client(), article, **fields)
    assert answer.status_code in {409, 422}
    assert HelpfulVote.objects.count() == 0


def test_hostile_words_are_cleaned_and_escaped(article: ArticlePage) -> None:
    text = "b\u202ec <script>alert(1)</script>"
    page = say(Client(), article, "no", reason="nonsense", text=text).content.decode()
    assert "<script>alert" not in page
    say(Client(), article, "no", text=text)
    assert "\u202e" not in HelpfulVote.objects.get().text
    assert say(Client(), article, "no", text="a\x00b").status_code == 422


def test_closed_and_missing_articles_are_the_same_404(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    closed = make_article(mail, visibility="staff")
    for client in (Client(), sign_in(cast.bob)):
        assert client.get(address(closed)).status_code == 404
        assert say(client, closed).status_code == 404
    assert Client().get(reverse("kb:helpful", args=[999_999])).status_code == 404


def test_a_script_gets_the_form_alone(article: ArticlePage) -> None:
    answer = Client().get(f"{address(article)}?answer=yes", headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert 'id="helpful-form"' in answer.content.decode()
