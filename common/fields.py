"""Model fields that several apps share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _


class WordsWidget(forms.MultiWidget):
    """One line for each language of the interface; what other languages have is kept."""

    template_name = "common/words.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, long: bool = False) -> None:
        names = dict(settings.LANGUAGES)
        self.languages = list(settings.INTERFACE_LANGUAGES)
        line: type[forms.Widget] = forms.Textarea if long else forms.TextInput
        rows = {"rows": 2} if long else {}
        super().__init__(
            {
                code: line({"lang": code, "dir": "auto", "aria-label": str(names[code]), **rows})
                for code in self.languages
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[str]:
        words = value if isinstance(value, dict) else {}
        return [words.get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        names = dict(settings.LANGUAGES)
        for part, code in zip(context["widget"]["subwidgets"], self.languages, strict=True):
            part["language"] = names[code]
            line: Any = self.widgets[self.languages.index(code)]
            part["line"] = line._render(part["template_name"], {"widget": part})
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        # Django's own renderer looks into apps alone.
        return render_to_string(template_name, context)


class WordsFormField(forms.MultiValueField):
    """What people type into it becomes words by language code."""

    def __init__(self, *, long: bool = False, **kwargs: Any) -> None:
        self.languages = list(settings.INTERFACE_LANGUAGES)
        for name in ("encoder", "decoder", "widget", "max_length"):
            kwargs.pop(name, None)
        super().__init__(
            [forms.CharField(required=False, max_length=500) for _code in self.languages],
            require_all_fields=False,
            widget=WordsWidget(long=long),
            **kwargs,
        )

    def compress(self, values: list[str]) -> dict[str, str]:
        rows = zip(self.languages, values or [], strict=False)
        return {code: word.strip() for code, word in rows if word and word.strip()}


class WordsField(models.JSONField):
    """Words by language code: {"en": "Mail", "pl": "Poczta"}; English is required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return WordsFormField(
            long=self.blank,
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            help_text=kwargs.get("help_text") or self.help_text,
        )

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """The form shows the interface's languages alone: words in others stay."""
        before = getattr(instance, self.name) or {}
        shown = set(settings.INTERFACE_LANGUAGES)
        kept = {code: word for code, word in before.items() if code not in shown}
        super().save_form_data(instance, {**kept, **(data or {})})

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, dict) or not all(
            isinstance(key, str) and isinstance(word, str) for key, word in value.items()
        ):
            raise ValidationError(_("Give words by language code."))
        if value and not value.get("en"):
            raise ValidationError(_("The English words are required."))
