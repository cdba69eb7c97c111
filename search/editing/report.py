"""The report on searches in Wagtail's admin: what was not found, what nobody opened (AA-02)."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from search import projection
from search.editing import drafts, figures
from search.editing.guarded import ForEditors
from search.editing.log import KEPT_DAYS
from search.editing.masking import MASK
from search.models_editing import Pin, QueryCount, SynonymGroup

_LABELS = {
    figures.EMPTY: gettext_lazy("Nothing found"),
    figures.LOW: gettext_lazy("Seldom opened"),
    figures.ALL: gettext_lazy("All searches"),
}
# A spreadsheet takes what begins so for a formula (ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class ActionsColumn(Column):  # type: ignore[misc]
    cell_template_name = "search/admin/actions_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        context["actions"] = _actions(instance, parent_context["request"])
        return context


def _actions(row: figures.Row, request: HttpRequest) -> list[tuple[Any, str, str]]:
    """(label, icon, address) of what an editor may do about a query."""
    user: Any = request.user
    asked = urlencode({"query": row.text, "language": row.language})
    actions = []
    if MASK not in row.text:
        draft = drafts.address(user, row.text, row.language)
        if draft:
            actions.append((_("Write an article"), "edit", draft))
        for model, label, icon in (
            (SynonymGroup, _("Add synonyms"), "resubmit"),
            (Pin, _("Pin a result"), "thumbtack"),
        ):
            options = model._meta
            if user.has_perm(f"search.add_{options.model_name}"):
                address = reverse(f"wagtailsnippets_search_{options.model_name}:add")
                actions.append((label, icon, f"{address}?{asked}"))
        address = f"{reverse('search:results')}?{urlencode({'q': row.text})}"
        actions.append((_("Search for it"), "search", address))
    return actions


def trend(row: figures.Row) -> str:
    """More is worse in the first two reports, so no colour says good or bad."""
    if row.is_new:
        return _("new")
    sign = "±" if not row.trend else ("+" if row.trend > 0 else "−")
    return f"{sign}{number_format(abs(row.trend), force_grouping=True)}\u00a0%"


def language_name(row: figures.Row) -> str:
    return dict(settings.LANGUAGES).get(row.language, row.language)


class SearchReport(ForEditors, ReportView):  # type: ignore[misc]
    model = QueryCount
    permission_policy = ModelPermissionPolicy(QueryCount)
    permission_required = "view"
    page_title = gettext_lazy("Searches")
    header_icon = "search"
    template_name = "search/admin/report.html"
    results_template_name = "search/admin/report_results.html"
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    list_export: ClassVar[list[str]] = [
        "text",
        "language",
        "searches",
        "empty",
        "answered",
        "opened",
        "before",
        "results",
    ]
    export_headings: ClassVar[dict[str, Any]] = {
        "text": gettext_lazy("Typed"),
        "language": gettext_lazy("Language"),
        "searches": gettext_lazy("Searches"),
        "empty": gettext_lazy("Without result"),
        "answered": gettext_lazy("With a click"),
        "opened": gettext_lazy("Opened, %"),
        "before": gettext_lazy("Searches in the period before"),
        "results": gettext_lazy("Results, last time"),
    }
    custom_field_preprocess: ClassVar[dict[str, Any]] = {
        "text": {"csv": harmless, "xlsx": harmless}
    }

    @cached_property
    def show(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in figures.SHOWS else figures.EMPTY

    @cached_property
    def days(self) -> int:
        asked = self.request.GET.get("days", "")
        return int(asked) if asked in {str(days) for days in figures.PERIODS} else 30

    @cached_property
    def language(self) -> str:
        asked: str = self.request.GET.get("language", "")
        return asked if asked in self.languages else ""

    @cached_property
    def languages(self) -> list[str]:
        return figures.languages()

    @cached_property
    def columns(self) -> list[Column]:
        about = {
            figures.EMPTY: _("Nothing found"),
            figures.LOW: _("Not opened"),
            figures.ALL: _("Searches"),
        }[self.show]
        columns = [
            Column("text", label=_("Typed"), classname="title"),
            Column("language", label=_("Language"), accessor=language_name),
            NumberColumn("about", label=about),
            Column("trend", label=_("Trend"), accessor=trend),
            NumberColumn("searches", label=_("Searches")),
            Column("opened", label=_("With a click"), accessor=lambda row: f"{row.opened}\u00a0%"),
            NumberColumn("results", label=_("Results now")),
            ActionsColumn("actions", label=_("What to do")),
        ]
        left_out = {figures.EMPTY: {"opened", "results"}, figures.ALL: {"searches"}}
        hidden = left_out.get(self.show, set())
        if 2 * self.days > KEPT_DAYS:
            # What the log has forgotten would make every search look new.
            hidden = hidden | {"trend"}
        return [one for one in columns if one.name not in hidden]

    def get_queryset(self) -> Any:
        return figures.queries(self.show, self.days, self.language)

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset

    def get_filename(self) -> str:
        return f"searches-{self.show}-{self.days}-{now():%Y-%m-%d}"

    def decorate_paginated_queryset(self, object_list: Any) -> list[figures.Row]:
        return figures.rows_of(object_list)

    def get_table(self, object_list: Any) -> Any:
        return super().get_table(figures.rows_of(object_list))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        context["groups"] = [
            (_("Show"), self._links("show", [(key, _LABELS[key]) for key in figures.SHOWS])),
            (_("Period"), self._links("days", [(days, _days(days)) for days in figures.PERIODS])),
            (
                _("Language"),
                self._links(
                    "language",
                    [("", _("All")), *((code, names.get(code, code)) for code in self.languages)],
                ),
            ),
        ]
        context["totals"] = figures.totals(self.days, self.language)
        context["health"] = health()
        context["no_results_message"] = _("Nothing to tell for this period.")
        return context

    def _links(self, name: str, choices: Any) -> list[dict[str, Any]]:
        """The values of one filter as links that keep the others."""
        chosen = {"show": self.show, "days": self.days, "language": self.language}
        return [
            {
                "label": label,
                "is_on": chosen[name] == value,
                "url": f"?{urlencode({**chosen, name: value})}",
            }
            for value, label in choices
        ]


def _days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def _server(told: dict[str, Any]) -> str:
    """As far as this process knows: who has not asked yet knows of no fault."""
    if told["is_away"]:
        return _("away: the database answers")
    return _("did not answer the last time") if told.get("is_in_doubt") else _("there")


def health() -> list[tuple[str, str]]:
    """How the engine is, as far as it says."""
    told = projection.health()
    rows = [
        (_("Engine"), str(told.get("engine", ""))),
        (_("Documents"), number_format(told.get("documents", 0), force_grouping=True)),
    ]
    if "is_away" in told:
        rows.append((_("Server"), _server(told)))
    if "waiting" in told:
        rows.append((_("Changes on their way"), number_format(told["waiting"])))
    if told.get("refused"):
        rows.append((_("Changes refused"), number_format(told["refused"])))
    if told["is_outdated"]:
        rows.append((_("Index"), _("of an earlier version: a worker makes it anew within minutes")))
    seconds = told.get("lag_seconds", 0)
    lag = ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    rows.append((_("Behind by"), lag if seconds else _("nothing: found at once")))
    return rows
