"""Model fields that several apps share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class WordsField(models.JSONField):
    """Words by language code: {"en": "Mail", "pl": "Poczta"}; English is required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, dict) or not all(
            isinstance(key, str) and isinstance(word, str) for key, word in value.items()
        ):
            raise ValidationError(_("Give words by language code."))
        if value and not value.get("en"):
            raise ValidationError(_("The English words are required."))
