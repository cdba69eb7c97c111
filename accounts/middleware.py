"""The person's time zone, and what a staff session may open before its second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import needs_second_factor
from common.api import problem
from common.middleware import GetResponse
from common.zones import zone

ADMIN = "/admin/"
# Wagtail's own doors, which know no codes, passkeys or second factors.
ADMIN_SIGN_IN = ("/admin/login/", "/admin/password_reset/")
# Wagtail's lists of users and groups set addresses, passwords and what a role may do; "People"
# in the editing area shows what staff may change.
ADMIN_CLOSED = ("/admin/users/", "/admin/groups/", "/admin/bulk/accounts/user/")
# What somebody needs to set up a second factor, or to go away again.
_SET_UP = ("mfa_", "account_", "usersessions_")
_SET_UP_NAMES = frozenset({"home:demo", "home:demo_sign_in", "accounts:totp_picture"})


class ViewerMiddleware:
    """Sets the time zone of signed-in people; looks nothing up for visitors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone(user.time_zone)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """AC-02: staff without a second factor reach only the pages that set it up."""
        if request.path_info.startswith(ADMIN):
            return _admin_door(request)
        match = request.resolver_match
        name = match.view_name if match else ""
        if name.startswith(_SET_UP) or name in _SET_UP_NAMES:
            return None
        if not needs_second_factor(request):
            return None
        if name.startswith("api-"):
            return problem(
                403,
                "Second factor missing",
                detail="Staff set up a second factor first: an authenticator app or a passkey.",
            )
        return redirect("mfa_index")


def _admin_door(request: HttpRequest) -> HttpResponseBase | None:
    """The editing area: sign-in as everywhere, a second factor, else the same 404 as ever."""
    user: Any = request.user
    inner = request.path_info.startswith(ADMIN_SIGN_IN)
    if not user.is_authenticated:
        return redirect_to_login(ADMIN if inner else request.get_full_path())
    closed = request.path_info.startswith(ADMIN_CLOSED)
    if closed or not user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    if needs_second_factor(request):
        return redirect("mfa_index")
    return redirect(ADMIN) if inner else None
