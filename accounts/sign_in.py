"""allauth's forms in the site's words, with addresses in the one spelling that the site stores."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.models import EmailAddress
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import admin_organisations
from accounts.actions.organisations import check_may_be_admin
from accounts.models import User, normalise_email
from common.errors import Refused

LABELS = {
    "email": _("E-mail"),
    "login": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Your password now"),
    "password1": _("Password"),
    "password2": _("The password once more"),
}
NEW_PASSWORD = _("At least eight characters, and none of the passwords that everybody uses.")


class Plain(forms.Form):
    """Labels above the fields; allauth repeats them inside, and adds lists of rules."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if "password" in name:
                field.help_text = ""
        if "password2" in self.fields:
            self.fields["password1"].help_text = NEW_PASSWORD


class OneSpelling(Plain):
    """NFKC and case folding before anything is looked up or limited by address."""

    def clean_email(self) -> Any:
        self.cleaned_data["email"] = normalise_email(self.cleaned_data["email"]) or ""
        return super().clean_email()  # type: ignore[misc]


class LoginForm(Plain, allauth_forms.LoginForm):
    """Address and password."""

    def clean_login(self) -> str:
        return normalise_email(super().clean_login()) or ""


class SignupForm(Plain, allauth_forms.SignupForm):
    """Address, name and, for who wants one, a password."""

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            self._take_as_long()
        return super().try_save(request)

    def _take_as_long(self) -> None:
        """Makes an account and takes it back: an address in use must not answer faster."""
        with transaction.atomic():
            person = User.objects.create_user(
                f"{uuid.uuid4().hex}@peerdesk.invalid",
                self.cleaned_data.get("password1") or None,
                display_name=self.cleaned_data["display_name"],
            )
            EmailAddress.objects.create(user=person, email=person.email, primary=True)
            transaction.set_rollback(True)


class RequestLoginCodeForm(OneSpelling, allauth_forms.RequestLoginCodeForm):
    """Asks for the address a code is sent to."""


class ResetPasswordForm(OneSpelling, allauth_forms.ResetPasswordForm):
    """Asks for the address a reset code is sent to."""


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    """The new password after a reset."""


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    """Another password."""


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):
    """The first password of somebody who signs in with codes."""


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    """The password once more before something in the account's security changes."""


class AddEmailForm(OneSpelling, allauth_forms.AddEmailForm):
    """A person's new address; who is admin of an organisation keeps one of its addresses."""

    def clean_email(self) -> Any:
        value = super().clean_email()
        for organisation in admin_organisations(self.user):
            try:
                check_may_be_admin(value, organisation)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return value
