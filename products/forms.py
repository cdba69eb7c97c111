"""Product and tags as fields of whatever a person posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import clean_line
from products.models import Product

MAX_TAGS = 5


class ProductField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Product.objects.filter(is_active=True),
            label=_("Product"),
            required=False,
            empty_label=_("Not about one product"),
            **kwargs,
        )


class TagsField(forms.CharField):
    """Words parted by commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Tags"), required=False, max_length=200, **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        names = [clean_line(name) for name in text.replace(";", ",").split(",")]
        names = [name for name in names if name]
        if len(names) > MAX_TAGS:
            raise forms.ValidationError(_("Five tags are enough. Choose the most telling ones."))
        return names
