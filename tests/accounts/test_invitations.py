"""Invitations: single use, hashed, expiring, for one address (AC-03, reliability class 26)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership, User
from common.errors import Refused
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def link() -> str:
    return re.findall(r"http://[^/]+(/\S*invitations/\S+/)", mail.outbox[-1].body)[0]


def an_hour_later() -> None:
    """The next mail may go to the same address."""
    for row in Invitation.objects.all():
        Invitation.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(hours=1))


def invite(cast: Cast, email: str, role: str = "member", by: Any = None) -> str:
    actions.invite(cast.acme, email, role=role, by=by or cast.alice)
    return link()


def test_existing_person_joins(cast: Cast, sign_in: SignIn) -> None:
    """AC-03"""
    path = invite(cast, "MIA@people.example", "delegate")
    client = sign_in(cast.mia)
    assert "Join Acme" in client.get(path).content.decode()
    assert not Membership.objects.filter(user=cast.mia).exists()
    response = client.post(path)
    assert response.url == "/organisations/acme/"
    assert Membership.objects.get(user=cast.mia).role == "delegate"
    # A second use finds nothing.
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_new_person_joins_through_sign_up(cast: Cast) -> None:
    """AC-03"""
    path = invite(cast, "new@acme.example", "admin")
    client = Client()
    page = client.get(path)
    assert "no-store" in page.headers["Cache-Control"]
    assert f"/accounts/signup/?next={path}" in page.content.decode()
    assert client.post(path).url == f"/accounts/login/?next={path}"
    data = {"email": "new@acme.example", "display_name": "New Person", "next": path}
    client.post(f"/accounts/signup/?next={path}", data)
    code = re.findall(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[0]
    response = client.post("/accounts/confirm-email/", {"code": code, "next": path})
    assert response.url == path
    client.post(path)
    assert Membership.objects.get(user__email="new@acme.example").role == "admin"


def test_wrong_address_is_refused(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 26: the link alone is not enough."""
    path = invite(cast, "new@acme.example")
    client = sign_in(cast.mia)
    page = client.get(path).content.decode()
    assert "Sign out and use the other address" in page
    assert client.post(path).status_code == 409
    assert not Membership.objects.filter(user=cast.mia).exists()


def test_unconfirmed_address_is_refused(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 28"""
    path = invite(cast, cast.mia.email or "")
    cast.mia.emailaddress_set.update(verified=False)
    assert sign_in(cast.mia).post(path).status_code == 409


def test_newer_cancels_older(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 26"""
    older = invite(cast, cast.mia.email or "")
    an_hour_later()
    newer = invite(cast, cast.mia.email or "")
    client = sign_in(cast.mia)
    assert client.post(older).status_code == 404
    assert client.post(newer).status_code == 302
    assert Invitation.objects.filter(accepted_at=None, cancelled_at=None).count() == 0


def test_expired_and_withdrawn(cast: Cast, sign_in: SignIn) -> None:
    path = invite(cast, cast.mia.email or "")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sign_in(cast.mia).post(path).status_code == 404
    an_hour_later()
    path = invite(cast, cast.mia.email or "")
    pk = Invitation.objects.get(cancelled_at=None, expires_at__gt=timezone.now()).pk
    sign_in(cast.alice).post(f"/organisations/acme/invitations/{pk}/cancel/")
    assert sign_in(cast.mia).post(path).status_code == 404


def test_token_is_stored_hashed(cast: Cast) -> None:
    token = invite(cast, "new@acme.example").split("/")[2]
    assert len(token) >= 43
    assert token not in Invitation.objects.get().token_hash


def test_rights_are_checked_again_on_joining(cast: Cast, sign_in: SignIn) -> None:
    """S-02: a domain that is no longer proved makes no admins."""
    User.objects.filter(pk=cast.mia.pk).update(email="mia@acme.example")
    cast.mia.emailaddress_set.update(email="mia@acme.example")
    path = invite(cast, "mia@acme.example", "admin")
    cast.acme.domains.update(proved_at=None)
    assert sign_in(User.objects.get(pk=cast.mia.pk)).post(path).status_code == 409


def test_the_mail_says_the_same_as_text(cast: Cast) -> None:
    actions.invite(cast.acme, "new@acme.example", role="member", by=cast.alice)
    text = str(mail.outbox[-1].body)
    page = str(mail.outbox[-1].alternatives[0][0])
    for words in ("Invitation", f"Join {cast.acme.name}", "See the invitation", "for 14 days"):
        assert words in text
        assert words in page


def test_invitation_works_in_its_own_organisation_only(cast: Cast, sign_in: SignIn) -> None:
    """Carol cannot touch Acme's invitations through her own page."""
    invite(cast, cast.mia.email or "")
    pk = Invitation.objects.get().pk
    assert (
        sign_in(cast.carol).post(f"/organisations/birch/invitations/{pk}/cancel/").status_code
        == 404
    )
    assert Invitation.objects.get().cancelled_at is None


def test_who_may_invite(cast: Cast) -> None:
    for person in (cast.bob, cast.della, cast.carol, cast.mia, cast.erin):
        with pytest.raises(Refused):
            actions.invite(cast.acme, "x@acme.example", role="member", by=person)
    with pytest.raises(Refused, match="member already"):
        actions.invite(cast.acme, cast.bob.email or "", role="member", by=cast.alice)
    with pytest.raises(Refused):
        actions.invite(cast.acme, "x@acme.example", role="owner", by=cast.alice)


def test_invitations_are_limited(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.alice)
    codes = [
        client.post(
            "/organisations/acme/invite/", {"email": f"x{n}@y.example", "role": "member"}
        ).status_code
        for n in range(11)
    ]
    assert codes == [302] * 10 + [429]


def test_one_address_gets_one_an_hour_and_five_a_day(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 14: cancelling and inviting again is no way to flood a stranger."""
    client = sign_in(cast.alice)
    data = {"email": "stranger@y.example", "role": "member"}
    assert client.post("/organisations/acme/invite/", data).status_code == 302
    pk = Invitation.objects.get().pk
    client.post(f"/organisations/acme/invitations/{pk}/cancel/")
    again = client.post("/organisations/acme/invite/", data)
    assert again.status_code == 422
    assert "Try again in 60 minutes." in again.content.decode()
    for _n in range(4):
        an_hour_later()
        actions.invite(cast.acme, "stranger@y.example", role="member", by=cast.alice)
    an_hour_later()
    with pytest.raises(Refused, match="in 19 hours"):
        actions.invite(cast.acme, "stranger@y.example", role="member", by=cast.alice)
    assert Invitation.objects.count() == 5


def test_no_organisation_hears_of_anothers_invitations(cast: Cast) -> None:
    """Nor keeps the others, or staff, from inviting the same person."""
    invite(cast, "stranger@y.example")
    actions.invite(cast.birch, "stranger@y.example", role="member", by=cast.carol)
    Invitation.objects.update(created_at=timezone.now() - timedelta(hours=2))
    row = Invitation.objects.filter(organisation=cast.acme).get()
    for number in range(8):
        row.pk, row.token_hash = None, f"{number}"
        row.save(force_insert=True)
    with pytest.raises(Refused) as ours:
        invite(cast, "stranger@y.example")
    # Ten a day from all organisations together: the words are those of one's own limit.
    with pytest.raises(Refused) as theirs:
        actions.invite(cast.birch, "stranger@y.example", role="member", by=cast.carol)
    assert str(ours.value) == str(theirs.value)
    actions.invite(cast.birch, "stranger@y.example", role="member", by=cast.dana)


def test_mail_is_in_the_persons_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.mia.pk).update(language="pl")
    invite(cast, cast.mia.email or "")
    assert '<html lang="pl"' in mail.outbox[-1].alternatives[0].content
    invite(cast, "new@acme.example")
    assert '<html lang="en"' in mail.outbox[-1].alternatives[0].content
