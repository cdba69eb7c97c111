"""The menus of the editing area: ways to the site's own screens, less what nobody here needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.permissions import page_permission_policy

from accounts.access import Role, has_role

# Which kinds of pages exist is the developers' business.
REPORTS_LEFT_OUT = frozenset({"page-types-usage", "workflow-tasks"})
# The site's address is one of the settings, not of a form.
SETTINGS_LEFT_OUT = frozenset({"sites"})
PAGE_REPORTS = frozenset({"translations", "aging-pages", "locked-pages", "workflows"})


class RoleItem(MenuItem):  # type: ignore[misc]
    """A way out of the editing area, for those whose work is there."""

    def __init__(self, *args: Any, roles: tuple[Role, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles

    def is_shown(self, request: HttpRequest) -> bool:
        return not self.roles or has_role(request.user, *self.roles)


def ways_out() -> list[RoleItem]:
    return [
        # Wagtail marks the item whose address begins the page's own: "/" alone would be marked always.
        RoleItem(_("To the site"), format_lazy("{}#", reverse_lazy("home:index")), name="site", icon_name="home",
                 order=10),
        RoleItem(_("Case desk"), reverse_lazy("support:desk"), name="desk", icon_name="mail",
                 order=20, roles=(Role.AGENT, Role.SPECIALIST)),
        RoleItem(_("Moderation"), reverse_lazy("moderation:index"), name="moderation",
                 icon_name="view", order=30, roles=(Role.MODERATOR,)),
    ]  # fmt: skip


def edits_pages(user: Any) -> bool:
    return bool(page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}))


def tidy_reports(request: HttpRequest, items: list[Any]) -> None:
    out = REPORTS_LEFT_OUT | (frozenset() if edits_pages(request.user) else PAGE_REPORTS)
    items[:] = [item for item in items if item.name not in out]


def tidy_settings(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in SETTINGS_LEFT_OUT]


def tidy_help(request: HttpRequest, items: list[Any]) -> None:
    """News about Wagtail is for those who run it; its guide is a plain link, not a badge."""
    items[:] = [item for item in items if not item.name.startswith("whats-new")]
    for place, item in enumerate(items):
        if isinstance(item, DismissibleMenuItem):
            items[place] = MenuItem(
                item.label,
                item.url,
                name=item.name,
                icon_name=item.icon_name,
                order=item.order,
                attrs={"target": "_blank", "rel": "noreferrer"},
            )


def tidy_main(request: HttpRequest, items: list[Any]) -> None:
    """Articles first, their files beside them; a role that edits no page needs no help with it."""
    order = {"explorer": 100, "images": 110, "documents": 120}
    for item in items:
        item.order = order.get(item.name, item.order)
    if not edits_pages(request.user):
        items[:] = [item for item in items if item.name != "help"]
