"""What editors do for search, and what they are told about it, in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from search.editing.admin import SearchGroup, also_elsewhere, may_see_log
from search.editing.report import SearchReport
from search.models_editing import SynonymGroup

register_snippet(SearchGroup)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def warn_of_doubles(request: HttpRequest, instance: Any) -> None:
    if not isinstance(instance, SynonymGroup):
        return
    for phrase, other in also_elsewhere(instance)[:5]:
        messages.warning(
            request,
            _("“%(phrase)s” is also in the group “%(group)s”: who types it finds both.")
            % {"phrase": phrase, "group": other},
        )


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    return [
        path("reports/searches/", SearchReport.as_view(), name="search_report"),
        path(
            "reports/searches/results/",
            SearchReport.as_view(results_only=True),
            name="search_report_results",
        ),
    ]


class ReportItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_log(request)


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    return ReportItem(
        gettext_lazy("Searches"),
        reverse("search_report"),
        name="searches",
        icon_name="search",
        order=650,
    )
