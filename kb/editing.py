"""The forms in which editors write sections and articles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from common.editing import offer_icons
from products.forms import TagsField
from products.models import tags_from


class ArticleTags(TagsField):
    """The tags of an article as one line of words."""

    def prepare_value(self, value: Any) -> Any:
        # From the database a list or a queryset of tags, from a form what was typed.
        if value is None or isinstance(value, str):
            return value
        return ", ".join(str(tag) for tag in value)

    def clean(self, value: Any) -> list[Any]:
        return tags_from(super().clean(value))


class SectionForm(WagtailAdminPageForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_icons(self)


class ArticleForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Remembers who checked an article."""

    tags = ArticleTags(help_text=_("Up to five words, parted by commas: sharing, reports"))

    def save(self, commit: bool = True) -> Any:
        if "checked_at" in self.changed_data:
            self.instance.checked_by = self.for_user if self.instance.checked_at else None
        return super().save(commit)
