"""The help centre in the Wagtail admin: what editors see in lists of pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageViewSet, page_viewset_registry
from wagtail.models import Page

from kb import drafts
from kb.models import SectionPage
from search.editing import drafts as searched


def visibility(page: Any) -> str:
    """What counts: the strictest of the page and its sections."""
    show = getattr(page, "get_effective_visibility_display", None)
    return str(show()) if show else ""


def checked(page: Any) -> Any:
    return getattr(page, "checked_at", None) or ""


def helpful(page: Any) -> str:
    """Share of yes about the published revision, with the number of answers."""
    yes, no = getattr(page, "helpful_count", 0), getattr(page, "unhelpful_count", 0)
    return f"{round(100 * yes / (yes + no))} % ({yes + no})" if yes + no else ""


class HelpPages(PageViewSet):  # type: ignore[misc]
    """The list below a section. Its rows are sections and articles, so its model is Page."""

    model = Page
    parent_models: ClassVar[list[Any]] = [SectionPage]
    list_display: ClassVar[list[Any]] = [
        *PageViewSet.columns,
        Column("visibility", label=_("Who may read"), accessor=visibility),
        Column("checked", label=_("Checked"), accessor=checked),
        Column("helpful", label=_("Helpful"), accessor=helpful),
    ]

    def on_register(self) -> None:
        # Only for sections: Wagtail's own viewset stays the one of all other pages.
        for model in self.parent_models:
            page_viewset_registry.values_by_parent_model[model] = self


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    return HelpPages("kb_pages")


@hooks.register("register_admin_urls")
def register_draft_urls() -> list[URLPattern]:
    return [
        path("help/draft/", drafts.begin, name="kb_draft"),
        path("help/draft/<int:parent>/", drafts.draft_in, name="kb_draft_in"),
    ]


# The report on searches leads to a draft of what was not found.
searched.register(drafts.address)
