"""The stages of ideas in Wagtail's admin, and the names of what is logged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from common.editing import FixedOnceMadeForm
from ideas.models import Stage


class StageViewSet(SnippetViewSet):
    """Product managers name the stages; what each means stays one of the five categories."""

    model = Stage
    icon = "order"
    menu_label = _("Stages of ideas")
    add_to_admin_menu = True
    list_display: ClassVar[list[Any]] = [
        "name",
        "category",
        "position",
        BooleanColumn("is_default", label=_("New ideas start here"), sort_key="is_default"),
    ]
    list_filter = ("category",)
    ordering = ("position", "code")
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldPanel("names"),
            FieldPanel("descriptions"),
            FieldPanel("category"),
            FieldPanel("position"),
            FieldPanel("is_default"),
        ],
        base_form_class=FixedOnceMadeForm,
    )


register_snippet(StageViewSet)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    for name, label, done in (
        ("submit", _("Submit an idea"), _("Idea submitted")),
        ("edit", _("Edit an idea"), _("Idea edited")),
        ("delete", _("Delete an idea"), _("Idea deleted by its author")),
        ("stage", _("Change the stage"), _("Stage changed")),
        ("answer", _("Answer officially"), _("Official answer written")),
        ("comment.delete", _("Delete a comment"), _("Comment deleted by its author")),
    ):
        actions.register_action(f"ideas.{name}", label, done)
