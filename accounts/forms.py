"""Forms about a person's own account."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Plan, User
from common.forms import PeerdeskForm
from common.text import clean_line
from common.versions import VersionedMixin, require_seen

# Mail programs make links of what looks like one. A dot between letters is enough: "evil.zip";
# "J. R. Smith", "Ph.D." and "St. John" have a blank or an end behind their dots, or one letter.
_LOOKS_LIKE_LINK = re.compile(r"(://|\bwww\.|[<>@\\]|\w\w[.。．]\w\w|\w/\w)", re.IGNORECASE)


def clean_display_name(value: str) -> str:
    """A name for people, never an address: mail programs turn URL-like names into links."""
    name = clean_line(value)
    if len(name) < 2:
        raise forms.ValidationError(_("Give a name of at least two letters."))
    if _LOOKS_LIKE_LINK.search(name):
        raise forms.ValidationError(_("A name cannot contain an address or a link."))
    return name


class SignupForm(forms.Form):
    """What sign-up asks for beside the e-mail address."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Shown beside what you post."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this after the account is saved; the adapter has done the work."""


class SettingsForm(VersionedMixin, forms.ModelForm[User]):
    """What a person may change about themselves."""

    class Meta:
        model = User
        fields = (
            "display_name",
            "title",
            "about",
            "language",
            "time_zone",
            "mail_enabled",
            "shortcuts",
        )
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "display_name": _("Your name"),
            "mail_enabled": _("Send me mail about what I follow"),
            "shortcuts": _("Keyboard shortcuts"),
            "time_zone": _("Time zone"),
        }
        help_texts = {
            "title": _("For example “IT admin”. Shown beside what you post."),
            "language": _("The site, and the mails you get, speak this language."),
            "time_zone": _("All times are shown in this zone."),
        }

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_about(self) -> str:
        return clean_line(self.cleaned_data["about"])

    def keep(self) -> None:
        """Raises Stale when the person changed something elsewhere meanwhile; the row is locked."""
        wanted = {name: self.cleaned_data[name] for name in self.Meta.fields}
        now = {name: self.initial[name] for name in self.Meta.fields}
        require_seen(self.cleaned_data["seen"], now, wanted)
        self.instance.save(update_fields=list(wanted))


class OrganisationForm(PeerdeskForm):
    """Staff make a customer's organisation and invite its first admin in one go."""

    name = forms.CharField(label=_("Name"), max_length=120)
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.all(), required=False, empty_label=_("No plan")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    domains = forms.CharField(
        label=_("Mail domains"),
        required=False,
        help_text=_("Separated by blanks or commas."),
    )
    are_proved = forms.BooleanField(
        label=_("I have checked that these domains are theirs"), required=False
    )
    admin_email = forms.EmailField(
        label=_("First admin’s e-mail"), required=False, help_text=_("They get an invitation.")
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_domains(self) -> list[str]:
        text: str = self.cleaned_data["domains"]
        return text.replace(",", " ").split()


class InviteForm(PeerdeskForm):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.OrganisationRole.choices,
        initial=Membership.OrganisationRole.MEMBER,
        help_text=_("Admins and delegates open cases; admins also look after people."),
    )


class DomainForm(PeerdeskForm):
    domain = forms.CharField(label=_("Domain"), max_length=253, help_text=_("Without www."))


class MemberForm(PeerdeskForm):
    """Another role, or out."""

    role = forms.ChoiceField(
        choices=[
            *Membership.OrganisationRole.choices,
            ("remove", _("Remove from the organisation")),
        ]
    )


class ClaimForm(forms.Form):
    """The address of the person behind an imported account."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("They get a link that works once."))
