"""The desk's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import Role
from accounts.models import User
from common.forms import IdempotencyMixin, MarkdownField, PeerdeskForm
from common.markdown import MAX_LENGTH_STAFF
from forum.forms import WordsForm
from forum.models import TITLE_LENGTH as QUESTION_LENGTH
from ideas.models import TITLE_LENGTH
from support import resolutions
from support.forms.files import FilesMixin
from support.models import Priority, Resolution
from support.people import with_role


class ComposeForm(IdempotencyMixin, FilesMixin, PeerdeskForm):
    """A reply or a note: which of the two is always said, never guessed (SU-05)."""

    kind = forms.ChoiceField(
        label=_("Who reads this"),
        choices=(("reply", _("Reply")), ("note", _("Internal note"))),
        error_messages={"required": _("Choose who reads this: the customer, or only staff.")},
    )
    body = MarkdownField(
        label=_("Text"),
        max_length=MAX_LENGTH_STAFF,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    effect = forms.ChoiceField(choices=(("keep", ""), ("wait", "")), required=False)


class AssignForm(PeerdeskForm):
    to = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(is_active=True)


class PriorityForm(PeerdeskForm):
    priority = forms.TypedChoiceField(
        label=_("Our priority"),
        choices=[(p.value, p.label) for p in Priority],
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The customer reads it, and may disagree."),
    )


class EscalateForm(PeerdeskForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Specialist"), empty_label=None)
    text = forms.CharField(
        label=_("What they should look at"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Becomes an internal note."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = with_role(Role.SPECIALIST)


class CloseForm(PeerdeskForm):
    """One of six, and what it asks for; the rules are those of `resolutions`."""

    resolution = forms.ChoiceField(
        label=_("How does this case end?"),
        choices=Resolution.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the resolutions."),
            "invalid_choice": _("Choose one of the resolutions."),
        },
    )
    text = MarkdownField(
        label=_("What the customer reads"),
        max_length=MAX_LENGTH_STAFF,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write what the customer reads about the result.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in resolutions.RULES.values():
            for extra in rule.extras:
                self.fields[extra.name] = _field_of(extra)

    def clean(self) -> dict[str, Any]:
        """What the chosen one asks for is told together with what every case needs."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rule = resolutions.RULES.get(data.get("resolution", ""))
        if rule is not None and not rule.refusal:
            for extra in resolutions.missing(rule, data):
                if extra.name not in self.errors:
                    # The label stands beside it: not a sentence that names the field again.
                    self.add_error(extra.name, forms.Field.default_error_messages["required"])
        return data

    def extra(self) -> dict[str, Any]:
        rule = resolutions.RULES[self.cleaned_data["resolution"]]
        return {field.name: self.cleaned_data[field.name] for field in rule.extras}

    def choices(self) -> list[dict[str, Any]]:
        """The radios, each with its line and the fields that come with it."""
        chosen = self["resolution"].value()
        return [
            {
                "code": rule.resolution.value,
                "label": rule.resolution.label,
                "line": rule.refusal or rule.line,
                "is_off": bool(rule.refusal),
                "is_on": chosen == rule.resolution.value,
                "fields": [self[extra.name] for extra in rule.extras],
            }
            for rule in resolutions.RULES.values()
        ]


def _field_of(extra: resolutions.Extra) -> forms.Field:
    """Not required: only those of the resolution that is chosen are."""
    common: dict[str, Any] = {"label": extra.label, "help_text": extra.help, "required": False}
    if extra.choices:
        return forms.ChoiceField(choices=extra.choices, widget=forms.RadioSelect, **common)
    if extra.is_yes:
        return forms.BooleanField(**common)
    if extra.is_day:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=day, initial=timezone.localdate, **common)
    widget = forms.Textarea(attrs={"rows": 3}) if extra.is_long else forms.TextInput()
    widget.attrs["dir"] = "auto"
    return forms.CharField(max_length=resolutions.EXTRA_LENGTH, widget=widget, **common)


class RedactedMixin(forms.Form):
    """What an agent has edited for others to read; `checked` once the rules still find something."""

    checked = forms.BooleanField(
        label=_("I have looked at what is left: nothing tells who the customer is."), required=False
    )


class OfferForm(RedactedMixin, IdempotencyMixin, PeerdeskForm):
    """A vote for an idea that exists, or a new one as it will go out."""

    existing = forms.TypedChoiceField(
        label=_("Idea"),
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": _("Pick an idea, or choose to write a new one.")},
    )
    title = forms.CharField(
        label=_("Title of the new idea"),
        max_length=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    body = MarkdownField(
        label=_("As it goes out"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
    )

    def __init__(self, *args: Any, ideas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["existing"]
        field.choices = [*ideas, ("0", _("A new idea"))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("existing") == 0:
            for name in ("title", "body"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A new idea needs this."))
        return data

    def payload(self, *, product: int | None, language: str) -> dict[str, Any]:
        data = self.cleaned_data
        if data["existing"]:
            return {"existing": data["existing"]}
        return {
            "title": data["title"],
            "body": data["body"],
            "product": product,
            "language": language,
            "show_name": False,
        }


class PublishForm(RedactedMixin, IdempotencyMixin, WordsForm):
    """A solved case as a question and its answer; product and language are those of the case."""

    title = forms.CharField(
        label=_("Title"),
        max_length=QUESTION_LENGTH,
        help_text=_("One sentence with the exact names and messages you see."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    body = MarkdownField(
        label=_("Question"), widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"})
    )
    answer = MarkdownField(
        label=pgettext_lazy("a text", "Answer"),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    product = tags = language = None  # type: ignore[assignment]
