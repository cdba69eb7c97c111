"""The person's time zone, and whether a staff session has its second factor."""

from __future__ import annotations

import zoneinfo
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from common.middleware import GetResponse


class ViewerMiddleware:
    """Sets the time zone of signed-in people; looks nothing up for visitors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        request.has_second_factor = SimpleLazyObject(lambda: _has_factor(user))  # type: ignore[attr-defined]
        if not user.is_authenticated:
            return self.get_response(request)
        try:
            zone = zoneinfo.ZoneInfo(user.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone):
            return self.get_response(request)


def _has_factor(user: Any) -> bool:
    return bool(get_adapter().is_mfa_enabled(user))
