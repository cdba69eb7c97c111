"""The customer's forms: a new case, a reply, the end of a case, the answer to an offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import case_organisations
from accounts.models import Membership, Organisation, User, normalise_email
from common.forms import IdempotencyMixin, MarkdownField, PeerdeskForm
from common.languages import interface_code
from common.text import clean_block, clean_line
from common.versions import Newer, VersionedMixin
from products.models import Product
from support import priorities
from support.actions.opening import MIN_SUBJECT, Words
from support.forms.files import FilesMixin
from support.models import SUBJECT_LENGTH, Affected, Channel, Priority, Resolution, Usable

WORKAROUND_LENGTH = 2000
_GUIDE = {
    "hx-get": reverse_lazy("support:priority"),
    "hx-trigger": "change",
    "hx-target": "#proposal",
    "hx-include": "[data-guide]",
    "data-guide": "yes",
}


class CaseForm(IdempotencyMixin, FilesMixin, PeerdeskForm):
    """Three questions propose the priority; the customer may choose another (S-18 to S-23)."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    subject = forms.CharField(
        label=_("What is broken?"),
        max_length=SUBJECT_LENGTH,
        help_text=_("One sentence, with the exact message you see."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    body = MarkdownField(label=_("What happens"))
    product = forms.ModelChoiceField(
        Product.objects.filter(is_active=True),
        label=_("Product"),
        required=False,
        empty_label=_("Not about one product"),
    )
    affected = forms.ChoiceField(
        label=_("Who is affected?"),
        choices=Affected.choices,
        widget=forms.RadioSelect(attrs=_GUIDE),
    )
    usable = forms.ChoiceField(
        label=_("Can it be used?"), choices=Usable.choices, widget=forms.RadioSelect(attrs=_GUIDE)
    )
    has_workaround = forms.ChoiceField(
        label=_("Is there a way round?"),
        choices=(("no", _("No, none that is practical")), ("yes", _("Yes"))),
        widget=forms.RadioSelect(attrs=_GUIDE),
    )
    workaround = forms.CharField(
        label=_("How you get round it"),
        required=False,
        max_length=WORKAROUND_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("It may help others who have the same problem."),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=[(p.value, p.label) for p in Priority],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = case_organisations(person)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[o.pk for o in self.organisations])
        if len(self.organisations) == 1:
            field.initial = self.organisations[0].pk
            field.widget = forms.HiddenInput()

    def clean_subject(self) -> str:
        subject = clean_line(self.cleaned_data["subject"])
        if len(subject) < MIN_SUBJECT:
            raise forms.ValidationError(_("Say in a few words what is broken."))
        return subject

    def clean_workaround(self) -> str:
        return clean_block(self.cleaned_data["workaround"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wants = data.get("has_workaround") == "yes" and "workaround" not in self.errors
        if wants and not data.get("workaround"):
            self.add_error("workaround", _("Say how, in a sentence: it becomes searchable."))
        return data

    def proposed(self) -> Priority:
        """What the answers given so far amount to."""
        value = self.data.get if self.is_bound else lambda name, default="": default
        return priorities.propose(
            str(value("affected", "")), str(value("usable", "")), value("has_workaround") == "yes"
        )

    def words(self, *, read_before: list[dict[str, Any]], channel: str = Channel.WEB) -> Words:
        data = self.cleaned_data
        return Words(
            subject=data["subject"],
            body=data["body"],
            organisation=data["organisation"],
            priority=data["priority"],
            language=interface_code(get_language() or "en"),
            product=data["product"],
            channel=channel,
            affected=data["affected"],
            usable=data["usable"],
            workaround=data["workaround"] if data["has_workaround"] == "yes" else "",
            read_before=read_before,
        )


# More than that nobody reads out on the phone.
_NAMESAKES = 6


class CallerForm(PeerdeskForm):
    """For whom an agent writes a case down (S-05)."""

    email = forms.CharField(
        label=_("Name or e-mail of the admin or delegate"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    channel = forms.ChoiceField(
        label=_("How they got in touch"),
        choices=[(c.value, c.label) for c in (Channel.PHONE, Channel.CHAT, Channel.EMAIL)],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )

    def clean_email(self) -> User:
        typed = self.cleaned_data["email"].strip()
        people = User.objects.filter(is_active=True)
        if "@" in typed:
            found = list(people.filter(email=normalise_email(typed)))
        else:
            may = Membership.objects.filter(is_active=True, role__in=("admin", "delegate"))
            named = people.filter(display_name__icontains=typed, email__isnull=False)
            found = list(
                named.filter(pk__in=may.values("user")).order_by("display_name")[:_NAMESAKES]
            )
        found = [person for person in found if case_organisations(person)]
        if len(found) > 1:
            rows = "; ".join(f"{person.display_name} {person.email}" for person in found)
            raise forms.ValidationError(
                _("More than one person has this name. Write the e-mail: %(people)s"),
                params={"people": rows},
            )
        if not found:
            raise forms.ValidationError(
                _("Nobody with this name or address may open cases for an organisation.")
            )
        return found[0]


class AnswerForm(VersionedMixin, IdempotencyMixin, FilesMixin, PeerdeskForm):
    """It changes nothing that stands there but may open a closed case again: `Case.ending`."""

    body = MarkdownField(label=_("Your reply"))

    def newer_of(self, now: Mapping[str, Any]) -> list[Newer]:
        label = dict(Resolution.choices).get(now["resolution"], now["resolution"])
        return [Newer(str(label), str(now["resolution_text"]))]


class WithdrawForm(PeerdeskForm):
    text = forms.CharField(
        label=_("What made it work"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One line helps whoever has this next."),
    )


class ObjectForm(PeerdeskForm):
    reason = forms.CharField(
        label=_("Why you disagree"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
