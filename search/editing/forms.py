"""The form of a pin: what it shows is chosen by its address, or by searching for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from search import registry
from search.editing import targets
from search.hits import Hit
from search.models import Entry
from search.query import find

_FOUND = 8


class PinForm(WagtailAdminModelForm):  # type: ignore[misc]
    target = forms.CharField(
        label=_("What is shown"),
        max_length=2000,
        help_text=_(
            "Paste the address of the page, or type words of its title: what is found is then"
            " offered here to choose from."
        ),
    )
    choice = forms.ChoiceField(
        label=_("Found for these words"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry: Entry | None = None
        pin = self.instance
        if pin.object_id:
            self.entry = targets.by_key(pin.key, self.for_user)
            if self.entry is not None:
                self.initial.setdefault("target", self.entry.url)
                self.fields["target"].help_text = format_html(
                    "<b>{}</b><br>{}", self.entry.title, self.fields["target"].help_text
                )
        # Only there when there is something to choose from.
        self.choosing = self.fields.pop("choice")
        chosen = self.data.get(self.add_prefix("choice"), "") if self.is_bound else ""
        self.chosen: targets.Key | None = None
        if chosen:
            kind, _space, object_id = chosen.partition(" ")
            self.chosen = kind, object_id

    def clean(self) -> Any:
        cleaned = super().clean()
        text = (self.cleaned_data.get("target") or "").strip()
        if text:
            self.entry = self._meant(text)
            if self.entry is None:
                self.add_error("target", self._offered(text))
        return cleaned

    def _meant(self, text: str) -> Entry | None:
        if self.chosen is not None:
            return targets.by_key(self.chosen, self.for_user)
        return targets.at_address(text, self.for_user) if targets.is_address(text) else None

    def _offered(self, text: str) -> Any:
        """What to do next; what was found for words stands below the field."""
        if targets.is_address(text):
            return _("Nothing that search can find stands at this address. Try words of its title.")
        hits = find(text, viewer=self.for_user, limit=_FOUND).hits
        if not hits:
            return _("Nothing was found for these words. Try others, or paste the address.")
        self.choosing.choices = [(f"{hit.kind} {hit.object_id}", _label(hit)) for hit in hits]
        self.fields["choice"] = self.choosing
        return _("Choose one of the things found, then save again.")

    def save(self, commit: bool = True) -> Any:
        self._point()
        return super().save(commit)

    def _post_clean(self) -> None:
        self._point()
        super()._post_clean()

    def _point(self) -> None:
        if self.entry is not None:
            self.instance.kind = self.entry.kind
            self.instance.object_id = self.entry.object_id


def _label(hit: Hit) -> str:
    source = registry.source(hit.kind)
    kind = source.label if source else hit.kind
    return f"{hit.title} ({kind}, {hit.language})"
