"""Every page of sign-in and settings is drawn in the site's own look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpRequest
from django.test import Client

from forum.actions import answers
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question
from tests.ideas.factories import make_idea

SIGNED_OUT = (
    "/accounts/login/",
    "/accounts/login/?next=/community/ask/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/inactive/",
    "/pl/accounts/login/",
)
SIGNED_IN = (
    "/settings/",
    "/accounts/email/",
    "/accounts/password/set/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/logout/",
)


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_signed_out_page_is_the_sites_own(
    cast: Cast, sign_in: Callable[..., Client], path: str
) -> None:
    response = sign_in().get(path)
    assert response.status_code == 200
    _check(response.content.decode())


@pytest.mark.parametrize("path", SIGNED_IN)
def test_settings_page_is_the_sites_own(
    cast: Cast, sign_in: Callable[..., Client], path: str
) -> None:
    response = sign_in(cast.mia).get(path)
    assert response.status_code == 200
    _check(response.content.decode())


def test_pages_for_people_with_an_app(cast: Cast, sign_in: Callable[..., Client]) -> None:
    Authenticator.objects.create(
        user=cast.mia, type="recovery_codes", data={"seed": "ab" * 16, "used_mask": 0}
    )
    Authenticator.objects.create(user=cast.mia, type="totp", data={"secret": "x"})
    client = sign_in(cast.mia)
    _check(client.get("/accounts/2fa/").content.decode())
    # Everything that weakens the account asks once more who it is.
    response = client.get("/accounts/2fa/totp/deactivate/")
    assert response.status_code == 302
    assert "/reauthenticate/" in response.url
    _check(client.get(response.url).content.decode())


def test_a_recovery_code_has_a_field_of_its_own(cast: Cast, sign_in: Callable[..., Client]) -> None:
    """It is longer than the six boxes of an app's code, and shows who one is as well."""
    Authenticator.objects.create(
        user=cast.mia, type="recovery_codes", data={"seed": "ab" * 16, "used_mask": 0}
    )
    Authenticator.objects.create(user=cast.mia, type="totp", data={"secret": "A" * 32})
    client = sign_in(cast.mia)
    address = "/accounts/2fa/reauthenticate/?next=/accounts/2fa/recovery-codes/"
    page = client.get(address).content.decode()
    form = page[page.index('class="disclosure"') :]
    assert 'id="recovery-code"' in form
    assert 'name="next" value="/accounts/2fa/recovery-codes/"' in form
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    answer = client.post(
        "/accounts/2fa/reauthenticate/", {"code": code, "next": "/accounts/2fa/recovery-codes/"}
    )
    assert answer.status_code == 302
    assert answer.url == "/accounts/2fa/recovery-codes/"


def test_pages_after_showing_who_one_is(cast: Cast, sign_in: Callable[..., Client]) -> None:
    """Every page that changes the second factor, drawn by the site."""
    Authenticator.objects.create(
        user=cast.mia, type="recovery_codes", data={"seed": "ab" * 16, "used_mask": 0}
    )
    Authenticator.objects.create(user=cast.mia, type="totp", data={"secret": "A" * 32})
    key = Authenticator.objects.create(
        user=cast.mia, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    client = sign_in(cast.mia)
    request = HttpRequest()
    request.session = session = client.session
    record_authentication(request, cast.mia, method="mfa", reauthenticated=True)
    session.save()
    for path in (
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
        f"/accounts/2fa/webauthn/keys/{key.pk}/remove/",
        f"/accounts/2fa/webauthn/keys/{key.pk}/edit/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/",
        "/accounts/3rdparty/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        _check(response.content.decode())


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/confirm-email/nothing/",
        "/accounts/3rdparty/login/cancelled/",
        "/accounts/3rdparty/login/error/",
    ],
)
def test_ends_of_the_road(cast: Cast, sign_in: Callable[..., Client], path: str) -> None:
    response = sign_in().get(path, follow=True)
    assert response.status_code in {200, 401, 404}
    _check(response.content.decode())


def _check(page: str) -> None:
    """One filled button at most, the site's frame, and nothing that the CSP would block."""
    assert page.count("btn--primary") <= 1
    assert 'class="header"' in page
    assert "<script>" not in page
    assert "javascript:" not in page
    assert " style=" not in page
    assert "onclick" not in page


def test_a_profile_shows_what_was_solved_and_what_to_do_next(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    question = make_question(cast.alice, "Mail stops at noon")
    answers.accept(make_answer(question, cast.bob), by=cast.alice)
    other = make_question(cast.mia, "Files come twice")
    make_answer(other, cast.bob)
    make_idea(cast.bob, "A quieter bell")
    page = sign_in().get(f"/people/{cast.bob.pk}/").text
    for words in ("Solved for others", "Mail stops at noon", "Files come twice"):
        assert words in page
    for label, count in (("Solutions", 1), ("Answers", 2), ("Ideas", 1)):
        assert f'<dt>{label}</dt><dd class="num">{count}</dd>' in page
    assert "?tab=unanswered" in page
    assert "No answers yet" in sign_in(cast.mia).get(f"/people/{cast.mia.pk}/").text


def test_names_on_posts_lead_to_profiles_that_exist(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    question = make_question(cast.alice)
    make_answer(question, cast.bob)
    cast.alice.is_active = False
    cast.alice.save(update_fields=["is_active"])
    page = sign_in().get(question.get_absolute_url()).text
    assert f'href="/people/{cast.bob.pk}/"><bdi>Bob</bdi></a>' in page
    assert f"/people/{cast.alice.pk}/" not in page
