"""The editing area's first page and menus."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from home.editing import menus
from home.editing.panels import NeedsYou

hooks.register("construct_main_menu", menus.tidy_main)
hooks.register("construct_reports_menu", menus.tidy_reports)
hooks.register("construct_settings_menu", menus.tidy_settings)
hooks.register("construct_help_menu", menus.tidy_help)
for _item in menus.ways_out():
    hooks.register("register_admin_menu_item", lambda item=_item: item)


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def what_needs_you(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, NeedsYou())


@hooks.register("construct_homepage_summary_items")  # type: ignore[untyped-decorator]
def no_counters(request: HttpRequest, items: list[Any]) -> None:
    """How many pages there are helps nobody to decide anything."""
    items.clear()
