"""Organisations: who sees them, who may change what, and that one admin is always left (AC-03, S-02)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.access import is_customer, viewer_tokens
from accounts.actions.organisations import check_may_be_admin
from accounts.domains import is_consumer_domain
from accounts.models import Membership, Organisation, OrganisationDomain, User
from common.errors import Refused
from tests.cast import Cast, join, make_person
from tests.forum.factories import make_answer, make_question

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PAGE = "/organisations/acme/"


def at_acme(cast: Cast, name: str) -> User:
    person = make_person(name)
    User.objects.filter(pk=person.pk).update(email=f"{name.lower()}@acme.example")
    person.emailaddress_set.update(email=f"{name.lower()}@acme.example")
    person.refresh_from_db()
    return person


def plain(page: bytes) -> str:
    """Without what differs on every page, and without the address asked for."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|acme|zzzz', "", page.decode())


def membership(cast: Cast, person: User) -> Membership:
    return Membership.objects.get(user=person, organisation=cast.acme)


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 200), ("adam", 200), ("della", 200), ("bob", 200), ("dana", 200)]
    + [(name, 404) for name in ("carol", "mia", "xena", "sam", "erin", "ed", "pam")],
)
def test_who_sees_an_organisation(cast: Cast, sign_in: SignIn, name: str, status: int) -> None:
    """AC-03"""
    assert sign_in(getattr(cast, name)).get(PAGE).status_code == status


def test_other_organisations_look_like_missing_ones(cast: Cast, sign_in: SignIn) -> None:
    """AC-03: the same 404."""
    client = sign_in(cast.carol)
    for method in ("get", "post"):
        there = getattr(client, method)("/organisations/acme/")
        missing = getattr(client, method)("/organisations/zzzz/")
        assert there.status_code == missing.status_code
        assert plain(there.content) == plain(missing.content)
    visitor = sign_in()
    assert visitor.get(PAGE).status_code == visitor.get("/organisations/zzzz/").status_code == 302


@pytest.mark.parametrize("name", ["bob", "della", "carol", "mia", "sam", "erin"])
def test_only_admins_and_agents_manage(cast: Cast, sign_in: SignIn, name: str) -> None:
    """AC-03"""
    client = sign_in(getattr(cast, name))
    pk = membership(cast, cast.bob).pk
    domain = cast.acme.domains.get()
    for path, data in (
        ("invite/", {"email": "x@acme.example", "role": "member"}),
        (f"members/{pk}/", {"role": "admin"}),
        ("domains/", {"domain": "x.example"}),
        (f"domains/{domain.pk}/prove/", {}),
    ):
        assert client.post(PAGE + path, data).status_code == 404, path
    assert membership(cast, cast.bob).role == "member"
    assert not mail.outbox


def test_members_cost_no_queries(cast: Cast, sign_in: SignIn) -> None:
    """The page asks as often for one member as for twenty."""
    client = sign_in(cast.alice)
    client.get(PAGE)
    Membership.objects.filter(organisation=cast.acme).exclude(user=cast.alice).delete()
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
        for number in range(20):
            join(make_person(f"Member{number}"), cast.acme, "member") if _round == 0 else None
    assert counts[0] == counts[1] <= 16


@pytest.mark.parametrize(
    "email", ["x@gmail.com", "x@wp.pl", "x@GMAIL.com", "x@birch.example", None, ""]
)
def test_who_cannot_be_admin(cast: Cast, email: str | None) -> None:
    """S-02: mail providers never, and only domains proved to be the organisation's."""
    with pytest.raises(Refused):
        check_may_be_admin(email, cast.acme)


def test_admin_after_domain_proof(cast: Cast) -> None:
    """S-02"""
    domain = OrganisationDomain.objects.create(organisation=cast.acme, domain="customer.example")
    with pytest.raises(Refused):
        check_may_be_admin("x@customer.example", cast.acme)
    actions.prove_domain(domain, by=cast.dana)
    check_may_be_admin("x@customer.example", cast.acme)
    # Whole labels only (reliability class 32).
    for near in (
        "x@attacker-customer.example",
        "x@customer.example.evil.example",
        "x@mail.customer.example",
    ):
        with pytest.raises(Refused):
            check_may_be_admin(near, cast.acme)
    assert not is_consumer_domain("attacker-gmail.com")


def test_consumer_address_is_not_made_admin(cast: Cast) -> None:
    """S-02"""
    User.objects.filter(pk=cast.bob.pk).update(email="bob@gmail.com")
    with pytest.raises(Refused, match="mail provider"):
        actions.set_member_role(membership(cast, cast.bob), "admin", by=cast.alice)
    with pytest.raises(Refused, match="mail provider"):
        actions.invite(cast.acme, "new@gmail.com", role="admin", by=cast.alice)
    actions.set_member_role(membership(cast, cast.bob), "delegate", by=cast.alice)


def test_mail_domain_cannot_be_added(cast: Cast) -> None:
    """S-02"""
    with pytest.raises(Refused):
        actions.create_organisation("New", by=cast.dana, plan=None, domains=["gmail.com"])
    assert not Organisation.objects.filter(name="New").exists()


def test_admin_keeps_an_address_of_the_organisation(cast: Cast, sign_in: SignIn) -> None:
    """S-02: changing one's address is no way around."""
    person = at_acme(cast, "Ann")
    join(person, cast.acme, "admin")
    client = sign_in(person)
    response = client.post("/accounts/email/", {"action_add": "", "email": "ann@gmail.com"})
    assert "mail provider" in response.content.decode()
    assert not mail.outbox


def test_last_admin_stays(cast: Cast, sign_in: SignIn) -> None:
    """AC-03"""
    actions.remove_member(membership(cast, cast.adam), by=cast.alice)
    last = membership(cast, cast.alice)
    with pytest.raises(Refused, match="another admin"):
        actions.remove_member(last, by=cast.alice)
    with pytest.raises(Refused, match="another admin"):
        actions.set_member_role(last, "member", by=cast.dana)
    response = sign_in(cast.alice).post(PAGE + "leave/", follow=True)
    assert "Name another admin first" in response.content.decode()
    assert membership(cast, cast.alice).is_active


def test_removed_member_loses_rights_at_once(cast: Cast, sign_in: SignIn) -> None:
    """AC-03, ASVS 8.3.2: with the session they have."""
    client = sign_in(cast.adam)
    assert client.get(PAGE).status_code == 200
    pk = membership(cast, cast.adam).pk
    assert sign_in(cast.alice).post(f"{PAGE}members/{pk}/", {"role": "remove"}).status_code == 302
    assert client.get(PAGE).status_code == 404
    adam = User.objects.get(pk=cast.adam.pk)
    assert not is_customer(adam)
    assert viewer_tokens(adam) == {"public", f"user:{adam.pk}"}


def test_removed_admins_invitations_end(cast: Cast) -> None:
    actions.invite(cast.acme, "new@acme.example", role="member", by=cast.adam)
    actions.remove_member(membership(cast, cast.adam), by=cast.alice)
    assert cast.acme.invitations.get().cancelled_at is not None


def test_inactive_organisation_gives_nothing(cast: Cast, sign_in: SignIn) -> None:
    Organisation.objects.filter(pk=cast.acme.pk).update(is_active=False)
    assert sign_in(cast.alice).get(PAGE).status_code == 404
    assert sign_in(cast.dana).get(PAGE).status_code == 200


def test_leave(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bob)
    assert client.post(PAGE + "leave/").status_code == 302
    assert client.get(PAGE).status_code == 404


def test_staff_create_organisation_and_first_admin(cast: Cast, sign_in: SignIn) -> None:
    """AC-03"""
    client = sign_in(cast.dana)
    data = {
        "name": "Cedar Ltd",
        "language": "en",
        "domains": "cedar.example, cedar-group.example",
        "admin_email": "boss@cedar.example",
    }
    refused = client.post("/organisations/new/", data)
    assert refused.status_code == 422
    assert not Organisation.objects.filter(name="Cedar Ltd").exists()
    data["are_proved"] = "on"
    response = client.post("/organisations/new/", data)
    made = Organisation.objects.get(name="Cedar Ltd")
    assert response.url == f"/organisations/{made.slug}/"
    assert made.domains.filter(proved_by=cast.dana).count() == 2
    assert mail.outbox[0].to == ["boss@cedar.example"]
    again = client.post("/organisations/new/", data)
    assert again.status_code == 422
    assert Organisation.objects.filter(name="Cedar Ltd").count() == 1


@pytest.mark.parametrize("name", ["alice", "mia", "sam", "erin", "ed", "pam"])
def test_others_do_not_create_organisations(cast: Cast, sign_in: SignIn, name: str) -> None:
    client = sign_in(getattr(cast, name))
    assert client.get("/organisations/new/").status_code == 404
    assert client.get("/organisations/").status_code == 404
    with pytest.raises(Refused):
        actions.create_organisation("X", by=getattr(cast, name), plan=None)


def test_deactivate(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 27"""
    client = sign_in(cast.mia)
    client.get("/settings/")
    with pytest.raises(Refused):
        actions.deactivate(cast.mia, by=cast.dana)
    with pytest.raises(Refused):
        actions.deactivate(cast.root, by=cast.root)
    actions.deactivate(cast.mia, by=cast.root)
    assert client.get("/settings/").status_code == 302
    assert client.get(f"/people/{cast.mia.pk}/").status_code == 404


def test_settings_take_effect(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.mia)
    data: dict[str, Any] = {
        "display_name": "Mia\x07 Moon",
        "title": "IT\r\nadmin",
        "about": "Hello",
        "language": "pl",
        "time_zone": "Asia/Tokyo",
        "is_expert": "on",
        "is_superuser": "on",
        "email": "root@people.example",
        "seen": client.get("/settings/").context["form"]["seen"].value(),
    }
    response = client.post("/settings/", data)
    assert response.url == "/pl/settings/"
    person = User.objects.get(pk=cast.mia.pk)
    assert (person.display_name, person.title) == ("Mia Moon", "IT admin")
    assert not person.mail_enabled
    # Fields that are not on the form are not taken (reliability class 11).
    assert not person.is_expert
    assert not person.is_superuser
    assert person.email == cast.mia.email
    refused = client.post("/settings/", {**data, "display_name": "see evil.zip"})
    assert refused.status_code == 422
    assert User.objects.get(pk=cast.mia.pk).display_name == "Mia Moon"


def test_profile_shows_no_address(cast: Cast, sign_in: SignIn) -> None:
    make_answer(make_question(cast.mia), cast.dana)
    page = sign_in().get(f"/people/{cast.mia.pk}/").content.decode()
    assert "Mia" in page
    assert "@" not in page.replace("@media", "")
    assert "Support" in sign_in().get(f"/people/{cast.dana.pk}/").content.decode()
