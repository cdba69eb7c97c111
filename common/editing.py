"""What forms of the editing area share."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm


class FixedOnceMadeForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Addresses, imports and search entries hold these fields: they are said once."""

    fixed: ClassVar[tuple[str, ...]] = ("code", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_icons(self)
        if self.instance.pk is None:
            return
        for name in self.fixed:
            if name in self.fields:
                # Django takes no other value for it, whatever is sent.
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Addresses and search hold it: it stays.")


# Of the drawings in static/img/icons.svg, those that say what a product or a section is about.
ICONS = (
    ("envelope-simple", _("Envelope")),
    ("calendar-blank", _("Calendar")),
    ("folder", _("Folder")),
    ("hard-drives", _("Storage")),
    ("video-camera", _("Camera")),
    ("phone", _("Telephone")),
    ("chat-circle", _("Chat")),
    ("devices", _("Devices")),
    ("users", _("People")),
    ("buildings", _("Buildings")),
    ("gear", _("Gear")),
    ("wrench", _("Wrench")),
    ("shield-check", _("Shield")),
    ("key", _("Key")),
    ("lock-simple", _("Lock")),
    ("credit-card", _("Credit card")),
    ("chart-bar", _("Chart")),
    ("code", _("Code")),
    ("globe", _("Globe")),
    ("lightbulb", _("Light bulb")),
    ("book-open", _("Book")),
    ("house", _("House")),
)


def offer_icons(form: Any) -> None:
    """Names of drawings are chosen, not typed; one set elsewhere stays."""
    if "icon" not in form.fields:
        return
    field = form.fields["icon"]
    choices = [*([] if field.required else [("", "---")]), *ICONS]
    now = form.initial.get("icon") or getattr(form.instance, "icon", "")
    if now and now not in dict(ICONS):
        choices.append((now, now))
    form.fields["icon"] = forms.ChoiceField(
        choices=choices, required=field.required, label=field.label, help_text=field.help_text
    )
