"""An imported author's account goes to the person behind it, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import invite
from accounts.actions.claims import cancel_claim, claim, invite_to_claim, is_claimable
from accounts.models import Handover, User
from common.errors import Refused
from forum.actions.answers import accept
from forum.actions.comments import comment
from moderation.actions import hide
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def author(cast: Cast) -> User:
    return User.objects.create_user(None, None, display_name="Old Author", is_active=False)


def test_the_person_behind_an_imported_author_takes_the_account_over(
    cast: Cast, author: User
) -> None:
    """IM-03"""
    token = invite_to_claim(author, "Old.Author@Acme.example", by=cast.dana)
    assert [letter.to for letter in mail.outbox] == [["old.author@acme.example"]]
    assert token in str(mail.outbox[0].body)
    html = str(mail.outbox[0].alternatives[0].content)  # type: ignore[attr-defined]
    assert html.partition("<title>")[2].partition("</title>")[0].strip() == mail.outbox[0].subject
    client = Client()
    page = reverse("accounts:claim", args=[token])
    assert "Old Author" in client.get(page).content.decode()
    assert User.objects.get(pk=author.pk).is_active is False
    assert client.post(page).headers["Location"] == reverse("accounts:settings")
    author.refresh_from_db()
    assert (author.email, author.is_active) == ("old.author@acme.example", True)
    assert client.get(reverse("accounts:settings")).status_code == 200


def test_the_link_works_once(cast: Cast, author: User) -> None:
    """Reliability class 26"""
    token = invite_to_claim(author, "old@acme.example", by=cast.dana)
    claim(token)
    with pytest.raises(Refused):
        claim(token)
    assert Client().get(reverse("accounts:claim", args=[token])).status_code == 404


def test_a_newer_link_ends_the_older(cast: Cast, author: User) -> None:
    """Class 26: the first went to the wrong mailbox."""
    wrong = invite_to_claim(author, "wrong@acme.example", by=cast.dana)
    right = invite_to_claim(author, "right@acme.example", by=cast.dana)
    with pytest.raises(Refused):
        claim(wrong)
    assert claim(right).email == "right@acme.example"
    assert Handover.objects.open().count() == 0


def test_an_agent_takes_a_link_back(
    cast: Cast, author: User, sign_in: SignIn, site_tree: None
) -> None:
    token = invite_to_claim(author, "old@acme.example", by=cast.dana)
    page = reverse("accounts:claim_invite", args=[author.pk])
    cancel = reverse("accounts:claim_cancel", args=[author.pk])
    agent = sign_in(cast.dana)
    shown = agent.get(page).content.decode()
    assert "old@acme.example" in shown
    assert cancel in shown
    assert sign_in(cast.bob).post(cancel).status_code == 404
    assert agent.post(cancel).headers["Location"] == page
    assert "old@acme.example" not in agent.get(page).content.decode()
    assert Client().post(reverse("accounts:claim", args=[token])).status_code == 404
    with pytest.raises(Refused):
        cancel_claim(author, by=cast.alice)


def test_a_link_ends_by_time_and_with_the_right_of_its_sender(cast: Cast, author: User) -> None:
    """Classes 26 and 27"""
    token = invite_to_claim(author, "old@acme.example", by=cast.dana)
    assert token not in Handover.objects.get().token_hash
    Handover.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        claim(token)
    Handover.objects.update(
        expires_at=timezone.now() + timedelta(days=1), created_at=timezone.now() - timedelta(days=2)
    )
    cast.dana.groups.clear()
    with pytest.raises(Refused):
        claim(token)


def test_one_address_gets_few_links(cast: Cast, author: User) -> None:
    """Class 14: of one agent; what organisations have sent does not keep staff from it."""
    invite(cast.acme, "x@acme.example", role="member", by=cast.alice)
    invite_to_claim(author, "x@acme.example", by=cast.dana)
    with pytest.raises(Refused, match="60 minutes"):
        invite_to_claim(author, "x@acme.example", by=cast.dana)
    # Invitations and links to take an account over count together.
    with pytest.raises(Refused, match="60 minutes"):
        invite(cast.acme, "x@acme.example", role="member", by=cast.dana)
    assert len(mail.outbox) == 2


def test_an_address_that_is_only_typed_blocks_nobody(cast: Cast, author: User) -> None:
    """Anybody may add any address to their account, or sign up with it; owning it takes a code."""
    EmailAddress.objects.create(user=cast.mia, email="Right@y.example", verified=False)
    squatter = User.objects.create_user("right@y.example", "x", display_name="Squatter")
    EmailAddress.objects.create(user=squatter, email="right@y.example", primary=True)
    person = claim(invite_to_claim(author, "right@y.example", by=cast.dana))
    assert person.email == "right@y.example"
    [address] = EmailAddress.objects.filter(email__iexact="right@y.example")
    assert (address.user, address.verified) == (person, True)
    squatter.refresh_from_db()
    assert (squatter.email, squatter.is_active) == (None, False)
    assert not is_claimable(squatter)
    cast.mia.refresh_from_db()
    assert cast.mia.email


@pytest.mark.parametrize("how", ["proved", "entered", "another"])
def test_an_address_in_use_stays_with_its_account(cast: Cast, author: User, how: str) -> None:
    owner = User.objects.create_user("right@y.example", "x", display_name="Owner")
    EmailAddress.objects.create(user=owner, email="right@y.example", verified=how == "proved")
    if how == "entered":
        User.objects.filter(pk=owner.pk).update(last_login=timezone.now())
    if how == "another":
        EmailAddress.objects.create(user=owner, email="other@y.example", verified=True)
    with pytest.raises(Refused, match="has an account"):
        invite_to_claim(author, "right@y.example", by=cast.dana)


def test_only_staff_hand_over_and_only_what_nobody_has(cast: Cast, author: User) -> None:
    with pytest.raises(Refused):
        invite_to_claim(author, "x@acme.example", by=cast.alice)
    with pytest.raises(Refused):
        invite_to_claim(cast.bob, "x@acme.example", by=cast.dana)
    with pytest.raises(Refused):
        invite_to_claim(author, str(cast.bob.email), by=cast.dana)


@pytest.mark.parametrize("token", ["x", "eyJhIjoxfQ:1abc:def", "a" * 500])
def test_a_forged_link_leads_nowhere(token: str, cast: Cast) -> None:
    assert Client().get(reverse("accounts:claim", args=[token])).status_code == 404


def test_the_page_is_for_agents(cast: Cast, author: User, sign_in: SignIn, site_tree: None) -> None:
    page = reverse("accounts:claim_invite", args=[author.pk])
    assert sign_in(cast.bob).get(page).status_code == 404
    assert sign_in(cast.dana).get(page).status_code == 200
    profile = reverse("accounts:profile", args=[author.pk])
    assert sign_in(cast.bob).get(profile).status_code == 404
    assert page in sign_in(cast.dana).get(profile).content.decode()


def test_a_profile_shows_what_helps_to_judge_an_answer(cast: Cast, site_tree: None) -> None:
    question = make_question(cast.mia)
    answer = make_answer(question, cast.xena)
    accept(answer, by=cast.mia)
    page = Client().get(reverse("accounts:profile", args=[cast.xena.pk])).content.decode()
    assert "Solutions" in page
    assert question.title in page


def test_a_profile_is_for_everybody_once_something_public_bears_the_name(
    cast: Cast, sign_in: SignIn, site_tree: None
) -> None:
    """Or all customers' people could be counted and named by walking through the numbers."""
    address = reverse("accounts:profile", args=[cast.bob.pk])
    strangers = [Client(), sign_in(cast.carol), sign_in(cast.mia)]
    for client in strangers:
        assert client.get(address).status_code == 404
    for person in (cast.bob, cast.alice, cast.dana, cast.ed):
        assert sign_in(person).get(address).status_code == 200
    question = make_question(cast.mia)
    made = comment(question, "Me too, since Monday.", by=cast.bob)
    for client in strangers:
        assert client.get(address).status_code == 200
    hide(made, by=cast.erin, reason="spam")
    for client in strangers:
        assert client.get(address).status_code == 404
