"""The editing area in the person's own language and time zone, with the site's own settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from wagtail.users.models import UserProfile

from common.languages import interface_code
from common.middleware import GetResponse
from home.editing.doors import check_door

ADMIN = "/admin/"
# Wagtail's own profile page sets names, pictures, a language and a zone that nothing here reads.
ACCOUNT = "/admin/account/"


class EditingMiddleware:
    """After the doors of accounts: who comes here may edit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(ADMIN) or not request.user.is_authenticated:
            return None
        if request.path_info.startswith(ACCOUNT):
            return redirect("accounts:settings")
        check_door(request)
        _speak_to(request.user)
        return None


def _speak_to(user: Any) -> None:
    """Wagtail asks its own profile; this one is not saved, so nothing has to be kept in step."""
    profile = getattr(user, "wagtail_userprofile", None) or UserProfile(user=user)
    profile.preferred_language = interface_code(user.language)
    profile.current_time_zone = user.time_zone
    user.wagtail_userprofile = profile
