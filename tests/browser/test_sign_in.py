"""Sign-up by code, passkeys and the authenticator app in a real browser (AC-01, AC-02)."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import User
from jobs.testing import drain

ADDRESS = "nina@nord.example"


@pytest.fixture
def mails(settings: Any, tmp_path: Path) -> Path:
    """Mails go the way they go on a real site: a row, a job, a file."""
    settings.EMAIL_BACKEND = "accounts.mail.QueuedBackend"
    settings.MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def key(page: Page) -> CDPSession:
    """A security chip that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def latest_code(mails: Path) -> str:
    drain()
    newest = max(mails.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    found = re.findall(r"^(\d{6})\s*$", newest.read_text(), re.MULTILINE)
    return str(found[-1])


def sign_up(page: Page, mails: Path, next_path: str = "/accounts/2fa/") -> None:
    page.goto(f"/accounts/signup/?next={next_path}")
    page.get_by_label("E-mail").fill(ADDRESS)
    page.get_by_label("Your name").fill("Nina Nord")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    # The sixth digit sends the form.
    page.get_by_label("Code from the mail").press_sequentially(latest_code(mails))
    page.wait_for_url(f"**{next_path}")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def test_passkey_from_sign_up_to_sign_in(page: Page, mails: Path, key: CDPSession) -> None:
    """AC-01, AC-02: a code from the mail, then a passkey, then the passkey alone."""
    sign_up(page, mails)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(type="webauthn").count() == 1

    sign_out(page)
    page.goto("/accounts/login/?next=/settings/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/settings/")
    expect(page.get_by_label("Your name")).to_have_value("Nina Nord")


def test_passkey_as_second_step(page: Page, mails: Path, key: CDPSession) -> None:
    """AC-02: a code from the mail is not enough once there is a second step."""
    sign_up(page, mails)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Use it to sign in by itself").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    sign_out(page)
    _ask_for_code(page, mails)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    expect(page.get_by_label("Code from your authenticator app")).to_have_count(0)
    page.get_by_text("Use a recovery code").click()
    page.get_by_label("Recovery code").fill("00000000")
    page.get_by_label("Recovery code").press("Enter")
    expect(page.get_by_label("Recovery code")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url("**/settings/")


def test_authenticator_app(page: Page, mails: Path) -> None:
    """AC-02: the app's code is asked for after the mail's; the picture is shown under the CSP."""
    sign_up(page, mails, "/accounts/2fa/totp/activate/")
    picture = page.get_by_alt_text("QR code with the key")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.get_by_label("Key", exact=True).input_value()
    page.get_by_label("Code from the app").press_sequentially(_totp(secret))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    sign_out(page)
    _ask_for_code(page, mails)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey or security key")).to_have_count(0)
    # The code of the next half minute: each works once, and one step off is allowed.
    page.get_by_label("Code from your authenticator app").press_sequentially(_totp(secret, 1))
    page.wait_for_url("**/settings/")


def test_passkey_that_is_not_there_says_so(page: Page, mails: Path, key: CDPSession) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")


def _ask_for_code(page: Page, mails: Path) -> None:
    page.goto("/accounts/login/?next=/settings/")
    page.get_by_label("E-mail").first.fill(ADDRESS)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    page.get_by_label("Code from the mail").press_sequentially(latest_code(mails))
    assert User.objects.count() == 1


def _totp(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))
