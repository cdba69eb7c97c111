"""allauth's account rules where the site's differ."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User
from common.languages import interface_code
from common.text import clean_line


def display_name(user: User) -> str:
    return str(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signs people up with a display name and the language they read the site in."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit=False)
        name = clean_line(form.cleaned_data.get("display_name", ""))
        user.display_name = name or (user.email or "").partition("@")[0]
        user.language = interface_code(getattr(request, "LANGUAGE_CODE", "en"))
        if commit:
            user.save()
        return user
