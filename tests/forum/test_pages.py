"""The pages of the forum as people use them, without scripts."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forum.actions import answers, comments, questions, states, votes
from forum.models import Answer, Comment, MeToo, Question, Revision
from moderation.actions import hide
from notifications.actions import is_subscribed
from tests.cast import Cast
from tests.forum.factories import make_answer, make_product, make_question
from tests.ideas.factories import make_idea
from tests.versions import save

pytestmark = pytest.mark.usefixtures("site_tree")
LIST = "/community/"


def form(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Printer refuses the new certificate",
        "body": "Since Monday it says **no**.",
        "language": "en",
        "tags": "printers, tls",
        "key": str(uuid.uuid4()),
        **changes,
    }


def count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# One question


def test_a_question_without_answers_leads_on(cast: Cast, sign_in: Any, client: Client) -> None:
    """One heading for those who may know; a word of comfort for the one who asked."""
    address = make_question(cast.alice).get_absolute_url()
    for reader in (client, sign_in(cast.bob)):
        text = reader.get(address).text
        assert "No answer yet. Do you know it?" in text
        assert 'id="answers-title"' not in text
    asker = sign_in(cast.alice).get(address).text
    assert "You will hear as soon as somebody answers." in asker
    assert "Found out yourself?" in asker


# The list


def test_the_list_shows_filters_and_rows(cast: Cast, client: Client) -> None:
    product = make_product()
    make_question(cast.alice, "About the calendar", product=product, tags=["sharing"])
    solved = make_question(cast.alice, "About something else", language="pl")
    answers.accept(make_answer(solved, cast.bob), by=cast.alice)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "About the calendar" in page.text
    assert "About something else" in page.text
    for query, shown in (
        ("?product=calendar", "About the calendar"),
        ("?state=solved", "About something else"),
        ("?lang=pl", "About something else"),
        ("?tag=sharing", "About the calendar"),
        ("?tab=unanswered", "About the calendar"),
    ):
        other = {"About the calendar", "About something else"} - {shown}
        text = client.get(LIST + query).text
        assert shown in text, query
        assert other.pop() not in text, query


def test_the_list_pages_by_key_in_every_order(cast: Cast, sign_in: Any) -> None:
    for number in range(25):
        make_question(cast.alice, f"Question number {number:02}")
    client = sign_in(cast.alice)
    for tab in ("newest", "unanswered", "most", "mine"):
        first = client.get(f"{LIST}?tab={tab}")
        following = re.search(r'href="([^"]*after=[^"]*)"', first.text)
        assert following, tab
        second = client.get(following[1].replace("&amp;", "&"))
        titles = [re.findall(r"Question number \d\d", page.text) for page in (first, second)]
        assert [len(set(some)) for some in titles] == [20, 5], tab
        assert not set(titles[0]) & set(titles[1])


@pytest.mark.parametrize(
    "query",
    [
        "?tab=nothing&product=%00&state='&lang=%F0%9F%92%A9&tag=%00x",
        "?after=forged",
        "?before=forged&after=x",
        "?tab=mine",
    ],
)
def test_odd_queries_are_the_plain_list(cast: Cast, client: Client, query: str) -> None:
    make_question(cast.alice)
    assert client.get(LIST + query).status_code == 200


def test_hidden_is_gone_from_list_counts_feed_and_page(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    question = make_question(cast.alice, tags=["rareword"])
    hide(question, by=cast.erin, reason="spam")
    assert question.title not in client.get(LIST).text
    assert "rareword" not in client.get(LIST).text
    assert question.title not in client.get("/community/feed.atom").text
    assert client.get(question.get_absolute_url()).status_code == 404
    assert sign_in(cast.alice).get(question.get_absolute_url()).status_code == 404
    seen = sign_in(cast.erin).get(question.get_absolute_url())
    assert seen.status_code == 200
    assert "spam" in seen.text


# The question


def test_the_question_page_says_everything_once(cast: Cast, client: Client) -> None:
    question = make_question(cast.alice, product=make_product(), tags=["sharing"])
    first = make_answer(question, cast.bob, "A **poor** one")
    good = make_answer(question, cast.xena, "The **right** one")
    comments.comment(question, "A remark", by=cast.carol, answer=good)
    votes.vote_answer(good, by=cast.carol, value=1)
    answers.accept(good, by=cast.alice)
    page = client.get(question.get_absolute_url())
    text = page.text
    assert page.status_code == 200
    assert "accepted by Alice" in text
    assert "worked for 1 more admin" in text
    assert text.index("The <strong>right</strong> one") < text.index("A <strong>poor</strong> one")
    assert text.count("The <strong>right</strong> one") == 1
    assert "A remark" in text
    assert f"answer-{first.pk}" in text
    assert "Sign in to answer" in text
    assert '<form method="post"' not in text.split("<main")[1].split("</main")[0]


def test_the_structured_data_is_json_whatever_people_write(cast: Cast, client: Client) -> None:
    nasty = 'It says "</script><script>alert(1)</script>" \\ and \u2028 more'
    question = make_question(cast.alice, nasty, body=nasty)
    answers.accept(make_answer(question, cast.bob, nasty), by=cast.alice)
    text = client.get(question.get_absolute_url()).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "QAPage"
    assert data["mainEntity"]["acceptedAnswer"]["author"]["name"] == "Bob"
    assert "alert(1)</script>" in data["mainEntity"]["name"]
    assert "<script>alert" not in text


def test_the_structured_data_says_what_the_page_shows(cast: Cast, client: Client) -> None:
    """AP-05."""
    source = "Is it **bold**?\n\n- one\n\n```\nset mail\n```"
    question = make_question(cast.alice, body=source)
    answers.accept(make_answer(question, cast.bob, source), by=cast.alice)
    text = client.get(question.get_absolute_url()).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    entity = json.loads(found[1])["mainEntity"]
    for words in (entity["text"], entity["acceptedAnswer"]["text"]):
        assert words.split() == ["Is", "it", "bold?", "one", "set", "mail"]
    assert 'content="Is it bold? one set mail"' in text


def test_a_wrong_slug_leads_to_the_right_one(cast: Cast, client: Client) -> None:
    question = make_question(cast.alice)
    answer = client.get(f"/community/q/{question.pk}/other?answer=3")
    assert answer.status_code == 301
    assert answer["Location"] == f"{question.get_absolute_url()}?answer=3"
    assert client.get(f"/community/q/{question.pk}").status_code == 301
    assert client.get("/community/q/999999/other").status_code == 404


def test_answers_are_paged_and_a_link_finds_its_answer(cast: Cast, client: Client) -> None:
    question = make_question(cast.alice)
    for number in range(27):
        post = make_answer(question, cast.bob, f"Answer text {number:02}")
    page = client.get(question.get_absolute_url())
    assert len(set(re.findall(r"Answer text \d\d", page.text))) == 25
    assert "Answer text 26" not in page.text
    assert "Answer text 26" in client.get(f"{question.get_absolute_url()}?answer={post.pk}").text
    assert client.get(f"{question.get_absolute_url()}?answer=%00{'9' * 40}").status_code == 200


def test_a_duplicate_points_and_an_archived_one_offers_to_ask_anew(
    cast: Cast, client: Client, sign_in: Any
) -> None:
    original, again = make_question(cast.alice), make_question(cast.bob, "The same once more")
    questions.mark_duplicate(again, original, by=cast.erin)
    page = client.get(again.get_absolute_url())
    assert "asked before" in page.text
    assert original.get_absolute_url() in page.text
    states.set_state(again, "archived")
    page = sign_in(cast.bob).get(again.get_absolute_url())
    assert "Ask anew" in page.text
    assert 'id="id_body"' not in page.text


# Asking


def test_asking_leads_to_the_question(cast: Cast, sign_in: Any) -> None:
    client = sign_in(cast.alice)
    product = make_product()
    answer = client.post("/community/ask", form(product=product.pk))
    question = Question.objects.get()
    assert answer["Location"] == question.get_absolute_url()
    assert question.product == product
    assert sorted(question.tags.values_list("name", flat=True)) == ["printers", "tls"]


def test_a_double_click_asks_once(cast: Cast, sign_in: Any) -> None:
    client, data = sign_in(cast.alice), form()
    first, second = client.post("/community/ask", data), client.post("/community/ask", data)
    assert first["Location"] == second["Location"]
    assert Question.objects.count() == 1
    question = Question.objects.get()
    reply = {"body": "Try again", "key": str(uuid.uuid4())}
    bob = sign_in(cast.bob)
    places = {
        bob.post(f"/community/questions/{question.pk}/answer", reply)["Location"] for _ in "ab"
    }
    assert len(places) == 1
    assert Answer.objects.count() == 1


def test_a_visitor_signs_in_and_finds_the_words_again(cast: Cast, sign_in: Any) -> None:
    client = sign_in()
    answer = client.post("/community/ask", form())
    assert "/accounts/login/" in answer["Location"]
    assert "next=/community/ask" in answer["Location"]
    assert not Question.objects.exists()
    client.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/community/ask")
    assert "Printer refuses the new certificate" in page.text
    assert "Since Monday it says" in page.text
    assert "no-store" in page["Cache-Control"]
    client.post("/community/ask", form())
    assert "Since Monday it says" not in client.get("/community/ask").text


def test_what_fits_is_shown_while_typing_and_as_a_step(cast: Cast, client: Client) -> None:
    """FO-04: solved ones first, and "This solved it" ends kindly."""
    open_one = make_question(cast.alice, "Printer certificate is refused")
    solved = make_question(cast.alice, "Printer certificate is refused by Windows")
    answers.accept(make_answer(solved, cast.bob), by=cast.alice)
    typed = client.get("/community/ask/similar", {"title": "printer certificate refused"})
    assert "<html" not in typed.text
    urls = [solved.get_absolute_url(), open_one.get_absolute_url()]
    places = [typed.text.index(f'href="{url}"') for url in urls]
    assert places == sorted(places)
    body = {"title": "It does not work", "body": "Printer: the certificate is refused"}
    assert solved.get_absolute_url() in client.post("/community/ask/similar", body).text
    step = client.post("/community/ask", form(title="printer certificate refused", check="1"))
    assert step.status_code == 200
    assert urls[0] in step.text
    assert "Since Monday it says" in step.text
    end = client.get("/community/ask/solved", {"by": urls[0]})
    assert "Good that it is solved" in end.text
    assert urls[0] in end.text
    foreign = client.get("/community/ask/solved", {"by": "//evil.example/"}).text
    assert 'href="//evil' not in foreign


def test_what_fits_says_where_it_stands(cast: Cast, client: Client) -> None:
    """FO-04: a solved question is marked and goes before an idea as near; an idea solves nothing."""
    idea = make_idea(cast.bob, "Printer certificate is refused")
    solved = make_question(cast.alice, "Printer certificate is refused")
    answers.accept(make_answer(solved, cast.bob), by=cast.alice)
    typed = client.get("/community/ask/similar", {"title": "printer certificate refused"}).text
    first, second = typed.split('<li class="suggestion">')[1:]
    assert solved.get_absolute_url() in first
    assert ">Solved<" in first
    assert "This solved it" in first
    assert idea.get_absolute_url() in second
    assert "This solved it" not in second
    assert ">Vote<" in second


BAD = [
    ({"title": ""}, "required"),
    ({"title": "short"}, "at least 8"),
    ({"title": "x" * 161}, "160"),
    ({"body": ""}, "required"),
    ({"body": "x" * 31_000}, "30000"),
    ({"tags": "a,b,c,d,e,f"}, "Five tags"),
    ({"language": "xx"}, "valid choice"),
    ({"product": "99999"}, "valid choice"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD, ids=[str(c)[:30] for c, _r in BAD])
def test_bad_input_gets_a_reason_and_keeps_the_words(
    cast: Cast, sign_in: Any, changes: dict[str, str], reason: str
) -> None:
    answer = sign_in(cast.alice).post("/community/ask", form(**changes))
    assert answer.status_code == 422
    assert reason in answer.text.replace("\xa0", " ").replace(",", "") or reason in answer.text
    assert "Printer refuses" in answer.text or "title" in changes
    assert "Since Monday" in answer.text or "body" in changes
    assert not Question.objects.exists()


def test_hostile_characters_are_dropped(cast: Cast, sign_in: Any) -> None:
    data = form(title="Right \u202eto left\u2066 title", body="a\x00b\u202ec\r\nd")
    answer = sign_in(cast.alice).post("/community/ask", data)
    assert answer.status_code == 302
    question = Question.objects.get()
    assert question.title == "Right to left title"
    assert question.body_source == "abc\nd"


def test_nobody_sets_what_the_form_does_not_offer(cast: Cast, sign_in: Any) -> None:
    data = form(state="solved", me_too_count="99", author=str(cast.root.pk), accepted_by="1")
    sign_in(cast.alice).post("/community/ask", data)
    question = Question.objects.get()
    assert (question.state, question.me_too_count, question.author) == ("unanswered", 0, cast.alice)


# Writing and marking


def test_a_faulty_answer_or_comment_comes_back_with_its_words(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    client = sign_in(cast.bob)
    long = "y" * 31_000
    answer = client.post(f"/community/questions/{question.pk}/answer", {"body": long})
    assert answer.status_code == 422
    assert long in answer.text
    remark = "z" * 2_001
    answer = client.post(f"/community/questions/{question.pk}/comment", {"body": remark})
    assert answer.status_code == 422
    assert remark in answer.text
    assert not Answer.objects.exists()
    assert not Comment.objects.exists()


def test_a_comment_stands_beneath_its_answer(cast: Cast, sign_in: Any) -> None:
    post = make_answer(make_question(cast.alice), cast.bob)
    answer = sign_in(cast.carol).post(
        f"/community/answers/{post.pk}/comment", {"body": "Which menu?", "key": str(uuid.uuid4())}
    )
    made = Comment.objects.get()
    assert made.answer == post
    assert answer["Location"].endswith(f"?answer={post.pk}#comment-{made.pk}")


def test_votes_answer_with_the_servers_number(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    client = sign_in(cast.carol)
    url = f"/community/questions/{question.pk}/me-too"
    answer = client.post(url, {"state": "on"}, headers={"HX-Request": "true"})
    assert 'data-count="1"' in answer.text
    assert f'action="{url}"' in answer.text
    assert client.post(url, {"state": "on"})["Location"] == question.get_absolute_url()
    assert MeToo.objects.count() == 1
    url = f"/community/answers/{post.pk}/helpful"
    answer = client.post(url, {"state": "on"}, headers={"HX-Request": "true"})
    assert answer.text.count("data-vote") == 2
    assert 'data-count="1"' in answer.text
    assert client.post(url, {"state": "off"}).status_code == 302
    post.refresh_from_db()
    assert post.helpful_count == 0


def test_a_vote_for_ones_own_says_why_not(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    answer = sign_in(cast.alice).post(f"/community/questions/{question.pk}/me-too", {"state": "on"})
    assert answer.status_code == 409
    assert "counted already" in answer.text


def test_following_is_a_state(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    client = sign_in(cast.bob)
    for state, follows in (("on", True), ("on", True), ("off", False)):
        client.post(f"/community/questions/{question.pk}/follow", {"state": state})
        assert is_subscribed(cast.bob, question) is follows


def test_accepting_and_taking_back(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    client = sign_in(cast.alice)
    client.post(f"/community/answers/{post.pk}/accept")
    question.refresh_from_db()
    assert question.accepted_answer == post
    assert "Solution" in client.get(question.get_absolute_url()).text
    client.post(f"/community/questions/{question.pk}/unaccept")
    question.refresh_from_db()
    assert question.accepted_answer is None


def test_details_are_asked_for_on_the_page(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    sign_in(cast.bob).post(f"/community/questions/{question.pk}/ask-details")
    client = sign_in(cast.alice)
    assert "needs more details from you" in client.get(question.get_absolute_url()).text
    client.post(f"/community/questions/{question.pk}/details-given")
    question.refresh_from_db()
    assert question.state == "unanswered"


def test_quoting_begins_an_answer(cast: Cast, sign_in: Any) -> None:
    """FO-19: without scripts too."""
    question = make_question(cast.alice, body="First line\n\nSecond line")
    page = sign_in(cast.bob).get(f"{question.get_absolute_url()}?quote=question")
    assert "&gt; First line" in page.text
    assert client_status(sign_in(cast.bob), f"{question.get_absolute_url()}?quote=%00") == 200


def client_status(client: Client, url: str) -> int:
    return client.get(url).status_code


# Editing


def test_editing_keeps_the_history_and_private_data_out_of_it(
    cast: Cast, sign_in: Any, client: Client
) -> None:
    """FO-08."""
    question = make_question(cast.alice, body="The password is hunter2")
    url = f"/community/questions/{question.pk}/edit"
    erin = sign_in(cast.erin)
    changed = form(title=question.title, body="The password was here")
    assert save(erin, url, changed).status_code == 422
    told = {**changed, "reason": "Password", "withhold": "on"}
    assert save(erin, url, told).status_code == 302
    history = client.get(f"/community/questions/{question.pk}/history").text
    assert "hunter2" not in history
    assert "Password" in history
    assert "hunter2" in erin.get(f"/community/questions/{question.pk}/history").text
    assert Revision.objects.get().editor == cast.erin


def test_an_answer_and_a_comment_are_edited_and_deleted(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob, "Before")
    remark = comments.comment(question, "Small", by=cast.bob, answer=post)
    client = sign_in(cast.bob)
    assert "Before" in client.get(f"/community/answers/{post.pk}/edit").text
    save(client, f"/community/answers/{post.pk}/edit", {"body": "After"})
    save(client, f"/community/comments/{remark.pk}/edit", {"body": "Smaller"})
    page = client.get(question.get_absolute_url()).text
    assert "After" in page
    assert "Smaller" in page
    assert "Before" in client.get(f"/community/answers/{post.pk}/history").text
    for kind, pk in (("comments", remark.pk), ("answers", post.pk)):
        assert client.get(f"/community/{kind}/{pk}/delete").status_code == 200
        assert client.post(f"/community/{kind}/{pk}/delete").status_code == 302
    page = client.get(question.get_absolute_url()).text
    assert "After" not in page
    assert "Smaller" not in page


def test_deleting_is_refused_in_kind_words(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice)
    make_answer(question, cast.bob)
    answer = sign_in(cast.alice).post(f"/community/questions/{question.pk}/delete")
    assert answer.status_code == 409
    assert "stays for them" in answer.text


def addresses(question: Question, answer: Answer, comment: Comment) -> list[tuple[str, str]]:
    return [
        ("edit", f"/community/questions/{question.pk}/edit"),
        ("edit", f"/community/questions/{question.pk}/delete"),
        ("edit", f"/community/answers/{answer.pk}/edit"),
        ("edit", f"/community/answers/{answer.pk}/delete"),
        ("edit", f"/community/comments/{comment.pk}/edit"),
        ("edit", f"/community/comments/{comment.pk}/delete"),
        ("move", f"/community/questions/{question.pk}/move"),
        ("moderate", f"/community/questions/{question.pk}/asked-before"),
    ]


def test_what_is_not_ones_own_is_not_there(cast: Cast, sign_in: Any, client: Client) -> None:
    """Reliability classes 5 and 10: a forged id answers like a missing one."""
    question = make_question(cast.alice)
    post = make_answer(question, cast.alice)
    remark = comments.comment(question, "Mine", by=cast.alice)
    for _kind, url in addresses(question, post, remark):
        assert "/accounts/login/" in client.get(url)["Location"]
        for method in ("get", "post"):
            assert getattr(sign_in(cast.bob), method)(url).status_code == 404, url
    for _kind, url in addresses(question, post, remark)[:6]:
        assert sign_in(cast.dana).get(url).status_code == 404, url
    question.refresh_from_db()
    assert question.is_public


def test_get_writes_nothing(cast: Cast, sign_in: Any) -> None:
    """Reliability class 17."""
    question = make_question(cast.alice)
    post = make_answer(question, cast.bob)
    client = sign_in(cast.alice)
    for url in (
        f"/community/questions/{question.pk}/me-too",
        f"/community/questions/{question.pk}/follow",
        f"/community/questions/{question.pk}/answer",
        f"/community/questions/{question.pk}/unaccept",
        f"/community/answers/{post.pk}/accept",
        f"/community/answers/{post.pk}/helpful",
    ):
        assert client.get(url).status_code == 405
    checking = Client(enforce_csrf_checks=True)
    checking.force_login(cast.bob, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        checking.post(f"/community/questions/{question.pk}/me-too", {"state": "on"}).status_code
        == 403
    )
    assert not MeToo.objects.exists()


def test_a_moderator_marks_a_duplicate_by_address(cast: Cast, sign_in: Any) -> None:
    original, again = make_question(cast.alice), make_question(cast.bob, "The same once more")
    client = sign_in(cast.erin)
    url = f"/community/questions/{again.pk}/asked-before"
    assert client.get(url).status_code == 200
    assert client.post(url, {"original": "https://x.example/q/none"}).status_code == 422
    assert client.post(url, {"original": str(again.pk)}).status_code == 422
    address = f"http://testserver{original.get_absolute_url()}?x=1"
    assert client.post(url, {"original": address}).status_code == 302
    again.refresh_from_db()
    assert again.duplicate_of == original
    client.post(f"/community/questions/{again.pk}/not-asked-before")
    again.refresh_from_db()
    assert again.duplicate_of is None


# Cost


def test_pages_cost_the_same_for_one_and_many_rows(cast: Cast, sign_in: Any) -> None:
    question = make_question(cast.alice, product=make_product(), tags=["one"])
    comments.comment(question, "Remark", by=cast.bob, answer=make_answer(question, cast.bob))
    pages = (LIST, question.get_absolute_url())
    visitor, member = sign_in(), sign_in(cast.carol)
    before = [[count(who, url) for url in pages] for who in (visitor, member)]
    for number in range(20):
        make_question(cast.bob, f"Shared calendar disappears {number}", tags=[f"tag{number}"])
        post = make_answer(question, cast.xena, f"Answer {number}")
        comments.comment(question, "Remark", by=cast.carol, answer=post)
    answers.accept(post, by=cast.alice)
    after = [[count(who, url) for url in pages] for who in (visitor, member)]
    assert after[0][0] == before[0][0] <= 8
    assert after[1][0] == before[1][0] <= 16
    assert after[0][1] <= 12
    assert after[1][1] <= 16
    assert after[0][1] - before[0][1] <= 1  # neighbours to check exist only now
    assert reverse("forum:list") == LIST


def test_the_feed_is_atom(cast: Cast, client: Client) -> None:
    make_question(cast.alice, product=make_product())
    feed = client.get("/community/feed.atom?product=calendar")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "Shared calendar" in feed.text
    assert "Shared calendar" not in client.get("/community/feed.atom?state=solved").text


def test_the_facts_say_the_same_figure_as_the_button(cast: Cast, client: Client) -> None:
    question = make_question(cast.alice)
    assert "Have this too" not in client.get(question.get_absolute_url()).text
    for person in (cast.bob, cast.mia):
        votes.me_too(question, by=person, on=True)
    page = client.get(question.get_absolute_url()).text
    assert '<span class="btn__count">2</span>' in page
    assert "2 people" in page
