"""What readers send about an article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import clean_line
from kb.models import HelpfulVote

Reason = HelpfulVote.Reason
YES_REASONS = (
    Reason.SOLVED,
    Reason.ACCURATE,
    Reason.EASY,
    Reason.VISUALS,
    Reason.INFORMATIVE,
    Reason.OTHER,
)
NO_REASONS = (
    Reason.INACCURATE,
    Reason.CONFUSING,
    Reason.NO_VISUALS,
    Reason.MISSING,
    Reason.OUTDATED,
    Reason.OTHER,
)
TEXT_LENGTH = 600


class HelpfulForm(forms.Form):
    """Yes or no, then why; "something else" needs words (KB-02)."""

    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is the reason?"), choices=[], required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("How can we improve it?"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names or addresses: editors read this."),
    )

    def __init__(self, *args: Any, answer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = YES_REASONS if answer == "yes" else NO_REASONS
        field: Any = self.fields["reason"]
        field.choices = [(reason.value, reason.label) for reason in reasons]
        if answer == "yes":
            self.fields["text"].label = _("Anything to add?")

    def clean_text(self) -> str:
        return clean_line(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            data.get("reason") == Reason.OTHER
            and not data.get("text")
            and "text" not in self.errors
        ):
            self.add_error("text", _("Say in a few words what it is."))
        return data
