"""Every page of sign-in and settings is drawn in the site's own look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.cast import Cast

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


def _check(page: str) -> None:
    """One filled button at most, the site's frame, and nothing that the CSP would block."""
    assert page.count("btn--primary") <= 1
    assert 'class="header"' in page
    assert "<script>" not in page
    assert "javascript:" not in page
    assert " style=" not in page
    assert "onclick" not in page
