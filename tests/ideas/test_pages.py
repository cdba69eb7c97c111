"""The pages of the board, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ideas.actions import comments, stages, votes
from ideas.models import Idea, IdeaComment, IdeaVote, Stage
from ideas.stages import ensure_defaults
from jobs.testing import drain
from moderation.actions import hide
from notifications.actions import is_subscribed
from products.models import Product
from search.models import Entry
from search.query import find
from tests.cast import Cast
from tests.ideas.factories import make_idea, stage
from tests.versions import save, seen_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def default_stages(site_tree: None) -> None:
    ensure_defaults()


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Restore a single folder",
        "body": "Only whole accounts today.",
        "language": "en",
        "key": str(uuid4()),
        **fields,
    }


def titles(response: Any) -> list[str]:
    return [row.idea.title for row in response.context["page"].items]


def test_the_list_sorts_five_ways(cast: Cast, sign_in: SignIn) -> None:
    """ID-14"""
    old, mid, new = (
        make_idea(cast.alice, f"The {age} idea of them") for age in ("old", "mid", "new")
    )
    now = timezone.now()
    for days, idea, trend in ((3, old, 1.0), (2, mid, 3.0), (1, new, 2.0)):
        moment = now - timedelta(days=days)
        Idea.objects.filter(pk=idea.pk).update(
            created_at=moment, last_activity_at=moment, trend=trend
        )
    votes.set_vote(old, by=cast.bob, on=True)
    comments.comment(mid, "Us too.", by=cast.carol)
    client = sign_in(cast.bob)
    wanted = {
        "": ["mid", "new", "old"],
        "wanted": ["old", "new", "mid"],
        "newest": ["new", "mid", "old"],
        "changed": ["mid", "new", "old"],
        "mine": ["old"],
        "no-such-order": ["mid", "new", "old"],
    }
    for sort, names in wanted.items():
        response = client.get(f"/ideas/?sort={sort}")
        assert titles(response) == [f"The {name} idea of them" for name in names], sort


def test_every_order_pages_by_key_without_loss(cast: Cast, sign_in: SignIn) -> None:
    for number in range(23):
        make_idea(cast.alice, f"Idea number {number} of many")
    client = sign_in(cast.alice)
    for sort in ("trending", "wanted", "newest", "changed", "mine"):
        first = client.get(f"/ideas/?sort={sort}")
        second = client.get(first.context["page"].next_url)
        assert len(titles(first)) == 20
        assert len(set(titles(first) + titles(second))) == 23
        back = client.get(second.context["page"].previous_url)
        assert titles(back) == titles(first)


def test_filters_count_what_they_show(cast: Cast, sign_in: SignIn) -> None:
    mail = Product.objects.create(code="mail", names={"en": "Mail"})
    make_idea(cast.alice, "An idea about mail", product=mail)
    shipped = make_idea(cast.alice, "An idea that has shipped", product=mail)
    stages.set_stage(shipped, stage("shipped"), by=cast.pam)
    make_idea(cast.alice, "An idea about nothing")
    client = sign_in()
    assert "An idea that has shipped" not in titles(client.get("/ideas/"))
    assert "An idea that has shipped" in titles(client.get("/ideas/?sort=newest"))
    for sort in ("trending", "wanted", "newest", "changed"):
        for group in client.get(f"/ideas/?sort={sort}").context["groups"]:
            for option in group["options"]:
                assert len(titles(client.get(option["url"]))) == option["count"], (sort, option)
    assert len(titles(client.get("/ideas/?product=mail&sort=newest"))) == 2
    assert len(titles(client.get("/ideas/?product=nonsense&stage=%00&sort=newest"))) == 3


@pytest.mark.parametrize("query", ["", "?sort=mine", "?sort=wanted", "?stage=planned"])
def test_an_empty_board_says_what_to_do(cast: Cast, sign_in: SignIn, query: str) -> None:
    response = sign_in(cast.bob).get(f"/ideas/{query}")
    assert response.status_code == 200
    assert b'class="empty"' in response.content


def test_list_and_page_cost_the_same_for_one_and_twenty(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    idea = make_idea(cast.alice)
    comments.comment(idea, "First.", by=cast.bob)
    counts: dict[tuple[str, str], list[int]] = {}
    people = list(cast.everyone.values())
    for round_ in range(2):
        for who, person, budget in (
            ("visitor", None, 12),
            ("member", cast.bob, 16),
            ("manager", cast.pam, 18),
        ):
            client = sign_in(person)
            for name, url in (("list", "/ideas/?sort=newest"), ("page", idea.get_absolute_url())):
                client.get(url)
                with django_assert_max_num_queries(budget) as captured:
                    assert client.get(url).status_code == 200
                counts.setdefault((who, name), []).append(len(captured))
        if round_ == 0:
            for number in range(20):
                person = people[number % len(people)]
                make_idea(person, f"Idea number {number} of many")
                comments.comment(idea, f"Comment {number}", by=person)
    assert all(one == twenty for one, twenty in counts.values()), counts


def test_a_wrong_slug_leads_to_the_right_one(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.alice)
    for url in (f"/ideas/{idea.pk}/wrong", f"/ideas/{idea.pk}/"):
        response = sign_in().get(f"{url}?x=1")
        assert response.status_code == 301
        assert response["Location"] == f"{idea.get_absolute_url()}?x=1"
    assert sign_in().get("/ideas/999999/x").status_code == 404


def test_a_declined_idea_shows_the_reason_and_takes_no_votes(cast: Cast, sign_in: SignIn) -> None:
    """ID-02"""
    idea = make_idea(cast.alice)
    stages.set_stage(idea, stage("declined"), by=cast.pam, reason="The protocol ends in May.")
    for person in (None, cast.bob):
        page = sign_in(person).get(idea.get_absolute_url()).content.decode()
        assert "The protocol ends in May." in page
        assert "disabled" in page
    response = sign_in(cast.bob).post(reverse("ideas:vote", args=[idea.pk]), {"state": "on"})
    assert response.status_code == 409
    assert "Voting has ended" in response.content.decode()
    url = reverse("ideas:vote", args=[idea.pk])
    response = sign_in(cast.bob).post(url, {"state": "on"}, headers={"HX-Request": "true"})
    assert 'data-count="1"' in response.content.decode()
    assert "Voting has ended" in response["HX-Trigger"]
    assert IdeaVote.objects.count() == 1


def test_voting_answers_with_the_servers_number(cast: Cast, sign_in: SignIn) -> None:
    """ID-01"""
    idea = make_idea(cast.alice)
    url = reverse("ideas:vote", args=[idea.pk])
    client = sign_in(cast.bob)
    response = client.post(url, {"state": "on"}, headers={"HX-Request": "true"})
    assert 'data-count="2"' in response.content.decode()
    assert 'aria-pressed="true"' in response.content.decode()
    again = client.post(url, {"state": "on"}, headers={"HX-Request": "true"})
    assert 'data-count="2"' in again.content.decode()
    plain = client.post(url, {"state": "off", "next": "/ideas/?sort=newest"})
    assert plain["Location"] == "/ideas/?sort=newest"
    foreign = client.post(url, {"state": "off", "next": "https://evil.example/"})
    assert foreign["Location"] == idea.get_absolute_url()
    assert Idea.objects.get().vote_count == 1


def test_a_get_never_votes_and_a_stranger_signs_in_first(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.alice)
    for name in ("vote", "follow", "comment", "stage", "answer"):
        url = reverse(f"ideas:{name}", args=[idea.pk])
        assert sign_in(cast.pam).get(url).status_code == 405
        assert "login" in sign_in().post(url)["Location"]
    assert IdeaVote.objects.count() == 1


def test_following_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    """ID-10"""
    idea = make_idea(cast.alice)
    url = reverse("ideas:follow", args=[idea.pk])
    client = sign_in(cast.bob)
    assert client.post(url, {"state": "on"}, headers={"HX-Request": "true"}).status_code == 200
    assert is_subscribed(cast.bob, idea)
    client.post(url, {"state": "off"})
    assert not is_subscribed(cast.bob, idea)
    assert Idea.objects.get().vote_count == 1


def test_a_double_click_posts_one_idea(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bob)
    fields = form()
    first, second = client.post("/ideas/new/", fields), client.post("/ideas/new/", fields)
    assert first["Location"] == Idea.objects.get().get_absolute_url()
    assert second["Location"] == first["Location"]
    assert Idea.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "Short"},
        {"title": "x" * 121},
        {"body": "   "},
        {"body": "x" * 30_001},
        {"product": "999"},
        {"tags": "a,b,c,d,e,f"},
        {"language": "xx"},
    ],
)
def test_what_was_typed_comes_back_with_the_error(
    cast: Cast, sign_in: SignIn, wrong: dict[str, Any]
) -> None:
    response = sign_in(cast.bob).post("/ideas/new/", form(**wrong))
    assert response.status_code == 422
    assert b"form-errors" in response.content
    text = wrong.get("body", form()["body"])
    assert text.strip()[:50] in response.content.decode()
    assert not Idea.objects.exists()


def test_characters_that_turn_text_around_are_taken_out(cast: Cast, sign_in: SignIn) -> None:
    fields = form(title="An \u202eevil\u2066 title here", body="A \u202ebody\x00.")
    sign_in(cast.bob).post("/ideas/new/", fields)
    idea = Idea.objects.get()
    assert (idea.title, idea.body_source) == ("An evil title here", "A body.")


def test_errors_come_as_a_fragment_for_htmx(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bob)
    response = client.post("/ideas/new/", form(title=""), headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert b"<html" not in response.content
    assert b"form-errors" in response.content
    response = client.post("/ideas/new/", form(), headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == Idea.objects.get().get_absolute_url()


def test_the_same_words_are_not_posted_twice(cast: Cast, sign_in: SignIn) -> None:
    """ID-04"""
    make_idea(cast.alice, "Restore a single folder")
    response = sign_in(cast.bob).post("/ideas/new/", form(title="restore a SINGLE folder"))
    assert response.status_code == 422
    assert "Vote for it instead" in response.content.decode()


def test_similar_ideas_while_typing_and_without_scripts(cast: Cast, sign_in: SignIn) -> None:
    """ID-04"""
    idea = make_idea(cast.alice, "Restore a single folder from the archive")
    found = sign_in().get("/ideas/similar/?title=restore+single+folder").content.decode()
    assert idea.title in found
    assert "<html" not in found
    assert sign_in().get("/ideas/similar/?title=").status_code == 200
    words = {"title": "Something small", "body": "To restore one folder of the archive."}
    assert idea.title in sign_in().post("/ideas/similar/", words).content.decode()
    fields = form(title="restore a folder", check="1")
    response = sign_in(cast.bob).post("/ideas/new/", fields)
    assert response.status_code == 200
    assert idea.title in response.content.decode()
    assert fields["body"] in response.content.decode()
    assert fields["key"] in response.content.decode()
    assert Idea.objects.count() == 1


def test_comments_and_notes_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    """ID-12"""
    idea = make_idea(cast.alice)
    url = reverse("ideas:comment", args=[idea.pk])
    fields = {"body": "CANARYPUBLIC", "key": str(uuid4())}
    client = sign_in(cast.bob)
    for _again in range(2):
        assert client.post(url, fields).status_code == 302
    assert IdeaComment.objects.count() == 1
    # A customer who sends kind=note only writes a comment: forged fields give no rights.
    client.post(url, {"body": "CANARYFORGED", "key": str(uuid4()), "kind": "note"})
    assert not IdeaComment.objects.filter(is_staff_note=True).exists()
    sign_in(cast.dana).post(url, {"body": "CANARYNOTE", "key": str(uuid4()), "kind": "note"})
    assert IdeaComment.objects.filter(is_staff_note=True).count() == 1
    for person in (None, cast.alice, cast.bob, cast.carol):
        page = sign_in(person).get(idea.get_absolute_url()).content.decode()
        assert "CANARYPUBLIC" in page
        assert "CANARYNOTE" not in page
    assert "CANARYNOTE" in sign_in(cast.pam).get(idea.get_absolute_url()).content.decode()
    response = client.post(url, {"body": " ", "key": str(uuid4())})
    assert response.status_code == 422


def test_own_comments_are_edited_and_deleted(cast: Cast, sign_in: SignIn) -> None:
    row = comments.comment(make_idea(cast.alice), "Us too.", by=cast.bob)
    edit, delete = (reverse(f"ideas:{name}_comment", args=[row.pk]) for name in ("edit", "delete"))
    assert sign_in(cast.carol).get(edit).status_code == 404
    assert sign_in(cast.carol).post(delete).status_code == 404
    client = sign_in(cast.bob)
    assert "Us too." in client.get(edit).content.decode()
    assert client.post(edit, {"body": ""}).status_code == 422
    assert save(client, edit, {"body": "We as well."}).status_code == 302
    assert client.post(delete).status_code == 302
    assert client.post(delete).status_code == 404


def test_managers_change_the_stage_and_answer(cast: Cast, sign_in: SignIn) -> None:
    """ID-02, ID-08"""
    idea = make_idea(cast.alice)
    url, answer = (reverse(f"ideas:{name}", args=[idea.pk]) for name in ("stage", "answer"))
    for person in (cast.alice, cast.dana, cast.erin):
        assert sign_in(person).post(url, {"stage-stage": stage("planned").pk}).status_code == 404
    client = sign_in(cast.pam)
    sent = {"stage-stage": stage("declined").pk, "stage-reason": ""}
    sent["stage-seen"] = seen_on(client, idea.get_absolute_url(), "stage-seen")
    wrong = client.post(url, sent)
    assert wrong.status_code == 422
    assert "Say why" in wrong.content.decode()
    assert client.post(url, {**sent, "stage-stage": stage("started").pk}).status_code == 302
    told = {"official-text": "It comes in **spring**."}
    told["official-seen"] = seen_on(client, idea.get_absolute_url(), "official-seen")
    assert client.post(answer, told).status_code == 302
    page = sign_in().get(idea.get_absolute_url()).content.decode()
    assert "Being built" in page
    assert "<strong>spring</strong>" in page
    assert "For product managers" not in page
    hits = find("spring", viewer=AnonymousUser()).hits
    assert [hit.title for hit in hits] == [idea.title]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 vote; voting has ended"), (2, "2 votes; voting has ended")]
)
def test_votes_of_a_decided_idea_are_counted_in_words(
    cast: Cast, sign_in: SignIn, count: int, words: str
) -> None:
    """S-46"""
    idea = make_idea(cast.alice)
    Idea.objects.update(vote_count=count, stage=stage("shipped"))
    assert words in sign_in().get(idea.get_absolute_url()).text


def test_editing_and_deleting_ones_own(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.alice, tags=["folders"])
    edit, delete = (reverse(f"ideas:{name}", args=[idea.pk]) for name in ("edit", "delete"))
    assert sign_in(cast.bob).get(edit).status_code == 409
    assert sign_in(cast.bob).get(delete).status_code == 404
    client = sign_in(cast.alice)
    assert "folders" in client.get(edit).content.decode()
    assert client.post(edit, form(title="")).status_code == 422
    response = save(client, edit, form(title="Restore one folder or file"))
    assert response["Location"].endswith("/restore-one-folder-or-file")
    assert client.get(delete).status_code == 200
    assert client.post(delete)["Location"] == "/ideas/"
    assert client.get(response["Location"]).status_code == 404


def test_hidden_and_deleted_are_gone_everywhere(cast: Cast, sign_in: SignIn) -> None:
    """The same 404 for missing, hidden and deleted; lists, counts and search without them."""
    kept = make_idea(cast.alice, "An idea that is kept here")
    hidden = make_idea(cast.alice, "An idea with hiddenword in it")
    deleted = make_idea(cast.bob, "An idea with deletedword in it")
    hide(hidden, by=cast.erin, reason="Spam")
    sign_in(cast.bob).post(reverse("ideas:delete", args=[deleted.pk]))
    for person in (None, cast.alice, cast.bob, cast.dana, cast.pam):
        client = sign_in(person)
        missing = client.get("/ideas/999999/x")
        for idea in (hidden, deleted):
            gone = client.get(idea.get_absolute_url())
            assert gone.status_code == missing.status_code == 404
            for word in ("hiddenword", "deletedword"):
                page = client.get(f"/ideas/?sort=newest&x={idea.pk}")
                assert titles(page) == [kept.title]
                assert word not in page.content.decode()
        if person is not None:
            url = reverse("ideas:vote", args=[hidden.pk])
            assert client.post(url, {"state": "on"}).status_code == 404
    for word in ("hiddenword", "deletedword"):
        assert not find(word, viewer=cast.root).hits
    erins = sign_in(cast.erin)
    assert erins.get(hidden.get_absolute_url()).status_code == 200
    assert erins.get(deleted.get_absolute_url()).status_code == 404
    assert (
        sum(o["count"] for o in erins.get("/ideas/?sort=newest").context["groups"][0]["options"])
        == 1
    )
    erins.post(reverse("moderation:restore", args=[hidden.moderation_key, hidden.pk]))
    assert len(titles(sign_in().get("/ideas/?sort=newest"))) == 2
    assert find("hiddenword", viewer=AnonymousUser()).hits


@pytest.mark.parametrize("count", [0, 1, 2, 5, 486])
def test_plural_forms_fit_the_number(cast: Cast, sign_in: SignIn, count: int) -> None:
    idea = make_idea(cast.alice)
    votes.set_vote(idea, by=cast.alice, on=False)
    votes.set_follow(idea, by=cast.alice, on=False)
    Idea.objects.filter(pk=idea.pk).update(base_votes=count, vote_count=count)
    page = sign_in().get(idea.get_absolute_url()).content.decode()
    assert f"{count} {'person waits' if count == 1 else 'people wait'} for this" in page


def test_support_stands_in_for_a_customer(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.dana)
    Idea.objects.filter(pk=idea.pk).update(shown_as=Idea.ShownAs.SUPPORT)
    page = sign_in().get(idea.get_absolute_url()).content.decode()
    assert "for a customer" in page
    assert "Dana" not in page


def test_pages_of_visitors_set_no_cookie_and_hold_no_form(cast: Cast, sign_in: SignIn) -> None:
    """Architecture, point 15: such pages are shared by everybody who is signed out."""
    idea, shipped = make_idea(cast.alice), make_idea(cast.bob, "An idea that has shipped")
    stages.set_stage(shipped, stage("shipped"), by=cast.pam)
    for url in (
        "/ideas/",
        "/ideas/?sort=newest",
        idea.get_absolute_url(),
        shipped.get_absolute_url(),
    ):
        response = sign_in().get(url)
        assert response.status_code == 200
        assert not response.cookies
        assert 'method="post"' not in response.content.decode().split("<main")[1].split("</main")[0]


def test_a_get_changes_no_row(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.alice)
    before = Idea.objects.values().get()
    client = sign_in(cast.alice)
    for url in (
        "/ideas/",
        "/ideas/new/",
        idea.get_absolute_url(),
        reverse("ideas:edit", args=[idea.pk]),
        reverse("ideas:delete", args=[idea.pk]),
    ):
        for _twice in range(2):
            assert client.get(url).status_code == 200
    assert Idea.objects.values().get() == before


def test_product_managers_name_the_stages_in_the_admin(cast: Cast, sign_in: SignIn) -> None:
    """ID-02"""
    url = reverse("wagtailsnippets_ideas_stage:list")
    assert sign_in(cast.pam).get(url).status_code == 200
    assert sign_in(cast.bob).get(url).status_code in {302, 403, 404}
    assert sign_in(cast.dana).get(url).status_code in {302, 403, 404}
    planned = stage("planned")
    edit = reverse("wagtailsnippets_ideas_stage:edit", args=[planned.pk])
    fields = {
        "code": "planned",
        "names_en": "On our list",
        "names_pl": "Na liście",
        "category": "planned",
        "position": "3",
    }
    assert sign_in(cast.pam).post(edit, fields).status_code == 302
    planned.refresh_from_db()
    assert planned.name == "On our list"
    response = sign_in(cast.pam).post(edit, {**fields, "is_default": "on"})
    assert response.status_code == 200
    assert "New ideas start in another stage" in response.content.decode()


def test_what_a_stage_means_is_changed_in_search_too(cast: Cast, sign_in: SignIn) -> None:
    idea = make_idea(cast.alice, "Restore a single folder")
    stage_of_it = idea.stage
    path = reverse("wagtailsnippets_ideas_stage:edit", args=[stage_of_it.pk])
    data = {"names_en": "Not now", "position": "1", "code": "other"}
    client = sign_in(cast.root)
    answer = client.post(path, data | {"category": "declined", "is_default": "on"})
    assert answer.status_code == 302
    assert Stage.objects.get(pk=stage_of_it.pk).code == stage_of_it.code
    drain()
    entry = Entry.objects.get(kind="idea", object_id=str(idea.pk))
    assert (entry.state, entry.demoted) == ("declined", True)
