"""What every page shows around its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from common.addresses import fixed
from notifications.actions import unread_count

# The stations of the line, in the order a problem travels: key, label, URL name.
STATIONS = (
    ("articles", _("Articles"), "kb:index"),
    ("questions", _("Questions"), "forum:list"),
    ("cases", _("Cases"), "support:cases"),
    ("ideas", _("Ideas"), "ideas:list"),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor for base.html; looks nothing up for visitors."""
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "site_name": settings.SITE_NAME,
        "is_demo": settings.IS_DEMO,
        "sections": _stations(user if signed_in else None),
        "unread_count": SimpleLazyObject(lambda: unread_count(user) if signed_in else 0),
        "languages": _languages(request),
        "footer_links": _footer(),
        "staff_links": _staff_links(user) if signed_in else [],
        "person_mark": salted_hmac("peerdesk.person", str(user.pk)).hexdigest()[:12]
        if signed_in
        else "",
    }


def _stations(user: Any) -> list[dict[str, Any]]:
    stations = []
    for key, label, name in STATIONS:
        target = name
        if key == "cases":
            on_desk = user is not None and has_role(user, Role.AGENT, Role.SPECIALIST)
            target = "support:desk" if on_desk else ("support:cases" if user else "support:contact")
        stations.append({"key": key, "label": label, "url": fixed(target)})
    return stations


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    names = dict(settings.LANGUAGES)
    current = get_language()
    path = _without_language(request.get_full_path())
    return [
        {
            "code": code,
            "name": names[code],
            "url": path if code == settings.LANGUAGE_CODE else f"/{code}{path}",
            "is_current": code == current,
        }
        for code in settings.INTERFACE_LANGUAGES
    ]


def _without_language(path: str) -> str:
    """Addresses differ by their prefix alone: `translate_url` would resolve each of them anew."""
    first, slash, rest = path[1:].partition("/")
    is_prefix = slash and first != settings.LANGUAGE_CODE and first in settings.INTERFACE_LANGUAGES
    # One slash: "//somewhere" would be the address of another site.
    return "/" + (rest if is_prefix else path).lstrip("/")


def _footer() -> list[dict[str, Any]]:
    pages = (
        (_("Support policy"), "support:policy"),
        (_("Accessibility"), "home:accessibility"),
        (_("Privacy"), "home:privacy"),
        (_("API"), "home:api"),
    )
    return [{"label": label, "url": fixed(name)} for label, name in pages]


def _staff_links(user: Any) -> list[dict[str, Any]]:
    links = []
    if has_role(user, Role.AGENT, Role.SPECIALIST):
        links.append({"label": _("Case desk"), "url": fixed("support:desk")})
    if has_role(user, Role.AGENT):
        links.append({"label": _("Organisations"), "url": fixed("accounts:organisations")})
    if has_role(user, Role.MODERATOR):
        links.append({"label": _("Moderation"), "url": fixed("moderation:index")})
    if has_role(user, Role.EDITOR, Role.PRODUCT_MANAGER, Role.AGENT, Role.MODERATOR):
        links.append({"label": _("Editing"), "url": fixed("wagtailadmin_home")})
    return links
