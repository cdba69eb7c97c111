"""Forms about a person's own account."""

from __future__ import annotations

import re

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.text import clean_line

_LOOKS_LIKE_LINK = re.compile(r"(https?:|www\.|\w\.(com|net|org|io|example)\b|[<>@])", re.IGNORECASE)


def clean_display_name(value: str) -> str:
    """A name for people, never an address: mail programs turn URL-like names into links."""
    name = clean_line(value)
    if len(name) < 2:
        raise forms.ValidationError(_("Give a name of at least two letters."))
    if _LOOKS_LIKE_LINK.search(name):
        raise forms.ValidationError(_("A name cannot contain an address or a link."))
    return name


class SignupForm(forms.Form):
    """What sign-up asks for beside the e-mail address."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Shown beside what you post."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this after the account is saved; the adapter has done the work."""
