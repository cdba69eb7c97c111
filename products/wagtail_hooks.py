"""Products and tags in Wagtail's admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from common.editing import FixedOnceMadeForm
from products.models import Product, Tag


class ProductViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Product
    icon = "folder-open-inverse"
    menu_label = _("Products")
    base_url_path = "products"
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "name",
        "code",
        "position",
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]
    list_filter = ("is_active",)
    ordering = ("position", "code")
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldPanel("names"),
            FieldPanel("descriptions"),
            FieldPanel("icon"),
            FieldPanel("position"),
            FieldPanel("is_active"),
        ],
        base_form_class=FixedOnceMadeForm,
    )


class TagViewSet(SnippetViewSet):  # type: ignore[misc]
    model = Tag
    icon = "tag"
    menu_label = _("Tags")
    base_url_path = "tags"
    copy_view_enabled = False
    list_display = ("name", "slug")
    search_fields = ("name",)
    search_backend_name = None
    ordering = ("name",)
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("slug")], base_form_class=FixedOnceMadeForm
    )


class ProductGroup(SnippetViewSetGroup):  # type: ignore[misc]
    menu_label = _("Products and tags")
    menu_icon = "tag"
    menu_order = 310
    items = (ProductViewSet, TagViewSet)


register_snippet(ProductGroup)
