"""StreamField blocks that every kind of page shares."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from common.markdown import MAX_LENGTH_STAFF
from common.text import normalise_lines
from common.translating import markdown_restored, markdown_segments, table_restored, table_segments

# A picture in Markdown without alternative text.
_NAMELESS = re.compile(r"!\[\s*\]\(")


class MarkdownBlock(blocks.TextBlock):  # type: ignore[misc]
    """Markdown through the site's one renderer."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH_STAFF)
        super().__init__(rows=10, **kwargs)

    def value_from_form(self, value: Any) -> Any:
        """Browsers send other line ends: comparing two versions would mark every line."""
        value = super().value_from_form(value)
        return normalise_lines(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        cleaned: str = super().clean(value)
        if _NAMELESS.search(cleaned):
            raise ValidationError(_("Say what each picture shows: ![what it shows](address)."))
        return cleaned

    def get_translatable_segments(self, value: str) -> list[Any]:
        return markdown_segments(value)

    def restore_translated_segments(self, value: str, segments: list[Any]) -> str:
        return markdown_restored(value, segments)

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class StepBlock(blocks.StructBlock):  # type: ignore[misc]
    text = MarkdownBlock(label=_("What to do"))
    image = ImageChooserBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), required=False, max_length=300)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("image") and not cleaned.get("alt", "").strip():
            raise blocks.StructBlockValidationError(
                block_errors={"alt": ValidationError(_("Say what the picture shows."))}
            )
        return cleaned

    class Meta:
        icon = "list-ol"
        label = _("Step")


class CalloutBlock(blocks.StructBlock):  # type: ignore[misc]
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("note", _("Note")),
            ("tip", _("Tip")),
            ("warning", _("Warning")),
            ("important", _("Important")),
        ],
        default="note",
    )
    text = MarkdownBlock(label=_("Text"))

    class Meta:
        icon = "help"
        label = _("Callout")


class PictureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture; without alternative text it cannot be saved (KB-16)."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=300,
        help_text=_("For people who cannot see it, and for search."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")


class TableBlock(TypedTableBlock):  # type: ignore[misc]
    """A table whose words can be translated."""

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return table_segments(value)

    def restore_translated_segments(self, value: Any, segments: list[Any]) -> Any:
        return table_restored(value, segments)


class ArticleBlocks(blocks.StreamBlock):  # type: ignore[misc]
    """What an article is made of."""

    text = MarkdownBlock()
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), icon="list-ol", min_num=1)
    callout = CalloutBlock()
    picture = PictureBlock()
    table = TableBlock(
        [
            ("text", blocks.CharBlock(required=False, label=_("Text"))),
            ("number", blocks.DecimalBlock(required=False, label=_("Number"))),
        ],
        label=_("Table"),
        icon="table",
    )
