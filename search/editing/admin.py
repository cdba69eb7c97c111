"""Synonyms and pinned results in Wagtail's admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import (
    CreateView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from search.editing import targets
from search.editing.forms import PinForm
from search.editing.guarded import ForEditors
from search.editing.phrases import same_words
from search.models_editing import QUERY_LENGTH, Pin, SynonymGroup


class PrefilledView(ForEditors, CreateView):  # type: ignore[misc]
    """A report leads here with the query that found nothing."""

    prefilled: ClassVar[str] = ""

    def get_initial_form_instance(self) -> Any:
        instance = super().get_initial_form_instance() or self.model()
        instance.language = self.request.GET.get("language", "")[:35]
        setattr(instance, self.prefilled, self.request.GET.get("query", "")[:QUERY_LENGTH])
        return instance


class AddSynonyms(PrefilledView):
    prefilled = "words"


class AddPin(PrefilledView):
    prefilled = "queries"


def language_name(row: Any) -> Any:
    return row.get_language_display()


class SynonymViewSet(SnippetViewSet):  # type: ignore[misc]
    model = SynonymGroup
    icon = "resubmit"
    menu_label = _("Synonyms")
    menu_name = "search-synonyms"
    base_url_path = "search/synonyms"
    copy_view_enabled = False
    add_view_class = AddSynonyms
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("language", label=_("Language"), accessor=language_name, sort_key="language"),
        BooleanColumn("is_active", label=_("In use"), sort_key="is_active"),
    ]
    list_filter = ("language", "is_active")
    search_fields = ("words",)
    search_backend_name = None
    ordering = ("words",)
    panels = (FieldPanel("words"), FieldPanel("language"), FieldPanel("is_active"))


class PinList(ForEditors, IndexView):  # type: ignore[misc]
    def get_table(self, object_list: Any) -> Any:
        rows = list(object_list)
        found = targets.of_pins(rows, self.request.user)
        for pin in rows:
            pin.entry = found.get(pin.key)
        return super().get_table(rows)


def target(pin: Any) -> Any:
    if pin.entry is None:
        return format_html(
            '<span class="w-status w-status--danger">{}</span>', _("Gone, or not for you")
        )
    link = format_html('<a href="{}">{}</a>', pin.entry.url, pin.entry.title)
    if pin.entry.is_public:
        return link
    return format_html('{} <span class="w-status">{}</span>', link, _("Not for every reader"))


def period(pin: Any) -> str:
    """Open ends stay open."""
    begin, end = (
        date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT") if when else "…"
        for when in (pin.starts_at, pin.ends_at)
    )
    return f"{begin} – {end}" if pin.starts_at or pin.ends_at else ""


def running(pin: Any) -> Any:
    if not pin.is_active:
        word = _("Off")
    elif pin.is_running():
        return format_html('<span class="w-status w-status--primary">{}</span>', _("Shown"))
    elif pin.ends_at and pin.ends_at <= timezone.now():
        word = _("Ended")
    else:
        word = _("Planned")
    return format_html('<span class="w-status">{}</span>', word)


class PinViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Pin
    icon = "thumbtack"
    menu_label = _("Pinned results")
    menu_name = "search-pins"
    base_url_path = "search/pins"
    copy_view_enabled = False
    index_view_class = PinList
    add_view_class = AddPin
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("target", label=_("What is shown"), accessor=target),
        Column("language", label=_("For readers in"), accessor=language_name, sort_key="language"),
        "position",
        Column("period", label=_("Period"), accessor=period, sort_key="ends_at"),
        Column("state", label=_("State"), accessor=running),
    ]
    list_filter = ("language", "is_active")
    search_fields = ("queries",)
    search_backend_name = None
    ordering = ("queries",)
    edit_handler = ObjectList(
        [
            FieldPanel("queries"),
            FieldPanel("target"),
            FieldPanel("choice"),
            FieldRowPanel([FieldPanel("language"), FieldPanel("position")]),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])],
                heading=_("Period"),
            ),
            FieldPanel("is_active"),
        ],
        base_form_class=PinForm,
    )


class SearchGroup(SnippetViewSetGroup):  # type: ignore[misc]
    menu_label = _("Site search")
    menu_name = "search-editing"
    menu_icon = "search"
    menu_order = 320
    items = (SynonymViewSet, PinViewSet)


def also_elsewhere(group: SynonymGroup) -> list[tuple[str, SynonymGroup]]:
    """Words that another group has as well: allowed, but seldom meant."""
    found = []
    for other in SynonymGroup.objects.exclude(pk=group.pk):
        if group.language and other.language and other.language != group.language:
            continue
        own = {words: phrase for phrase in group.phrases
               for words in same_words([phrase], group.language)}  # fmt: skip
        shared = own.keys() & same_words(other.phrases, group.language)
        found += [(own[words], other) for words in sorted(shared)]
    return found


def may_see_log(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm("search.view_querycount"))
