"""The words of the mails about a person's own account: codes, and what was changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    code: str = ""
    url: str = ""
    label: str = ""
    # A change is told with where it came from, so that a stranger's is noticed.
    is_notice: bool = False


def letter(kind: str, context: dict[str, Any]) -> Letter:
    """KIND is the last part of allauth's template prefix, such as `login_code`."""
    if kind in _CODES:
        subject, text = _CODES[kind]()
        return Letter(subject, text, code=str(context.get("code", "")))
    if kind in _NOTICES:
        subject, text = _NOTICES[kind](context)
        return Letter(subject, text, is_notice=True)
    return _OTHERS[kind]()


def _page(name: str) -> str:
    # Never from the request: its host is the visitor's word.
    return settings.BASE_URL + reverse(name)


def _confirm() -> tuple[str, str]:
    return (
        _("Your code to confirm this address"),
        _("Enter this code in the window where you gave this address."),
    )


_CODES: dict[str, Callable[[], tuple[str, str]]] = {
    "login_code": lambda: (
        _("Your sign-in code"),
        _("Enter this code in the window where you are signing in."),
    ),
    "email_confirmation": _confirm,
    "email_confirmation_signup": _confirm,
    "password_reset_code": lambda: (
        _("Your code for a new password"),
        _("Enter this code in the window where you asked for a new password."),
    ),
}

_OTHERS: dict[str, Callable[[], Letter]] = {
    "account_already_exists": lambda: Letter(
        _("You have an account already"),
        _(
            "Somebody, probably you, tried to sign up with this address. It has an account: sign in."
        ),
        url=_page("account_login"),
        label=_("Sign in"),
    ),
    "unknown_account": lambda: Letter(
        _("This address has no account"),
        _("Somebody, probably you, tried to sign in with this address. It has no account yet."),
        url=_page("account_signup"),
        label=_("Sign up"),
    ),
}

_NOTICES: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "email_changed": lambda context: (
        _("Your address was changed"),
        _("The address of your account was changed from %(old)s to %(new)s.")
        % {"old": context["from_email"], "new": context["to_email"]},
    ),
    "email_confirm": lambda context: (
        _("Your address is confirmed"),
        _("The address of your account has been confirmed."),
    ),
    "email_deleted": lambda context: (
        _("An address was removed"),
        _("The address %(email)s was removed from your account.")
        % {"email": context["deleted_email"]},
    ),
    "password_changed": lambda context: (
        _("Your password was changed"),
        _("The password of your account was changed. Other devices have been signed out."),
    ),
    "password_reset": lambda context: (
        _("You have a new password"),
        _("The password of your account was replaced. Other devices have been signed out."),
    ),
    "password_set": lambda context: (
        _("You have a password"),
        _("A password was set for your account."),
    ),
    "recovery_codes_generated": lambda context: (
        _("New recovery codes"),
        _("New recovery codes were made for your account. The old ones no longer work."),
    ),
    "totp_activated": lambda context: (
        _("An authenticator app was added"),
        _("From now on, signing in asks for a code of your authenticator app."),
    ),
    "totp_deactivated": lambda context: (
        _("The authenticator app was removed"),
        _("Signing in no longer asks for a code of an authenticator app."),
    ),
    "webauthn_added": lambda context: (
        _("A passkey was added"),
        _("A passkey or security key was added to your account."),
    ),
    "webauthn_removed": lambda context: (
        _("A passkey was removed"),
        _("A passkey or security key was removed from your account."),
    ),
    "account_connected": lambda context: (
        _("Organisation sign-in was added"),
        _("You can now sign in through %(provider)s.") % {"provider": context.get("provider", "")},
    ),
    "account_disconnected": lambda context: (
        _("Organisation sign-in was removed"),
        _("You can no longer sign in through %(provider)s.")
        % {"provider": context.get("provider", "")},
    ),
}
