"""allauth's forms with addresses in the one spelling that the site stores."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

from accounts.access import admin_organisations
from accounts.actions.organisations import check_may_be_admin
from accounts.models import normalise_email
from common.errors import Refused


class OneSpelling(forms.Form):
    """NFKC and case folding before anything is looked up or limited by address."""

    def clean_email(self) -> Any:
        self.cleaned_data["email"] = normalise_email(self.cleaned_data["email"]) or ""
        return super().clean_email()  # type: ignore[misc]


class LoginForm(allauth_forms.LoginForm):
    """Address and password."""

    def clean_login(self) -> str:
        return normalise_email(super().clean_login()) or ""


class RequestLoginCodeForm(OneSpelling, allauth_forms.RequestLoginCodeForm):
    """Asks for the address a code is sent to."""


class ResetPasswordForm(OneSpelling, allauth_forms.ResetPasswordForm):
    """Asks for the address a reset code is sent to."""


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
