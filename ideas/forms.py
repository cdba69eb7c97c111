"""What people may send to the ideas board: explicit fields, each cleaned and bounded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.forms import IdempotencyMixin, MarkdownField, PeerdeskForm
from common.languages import interface_code
from common.text import clean_line, slugify
from common.versions import VersionedMixin
from ideas.models import REASON_LENGTH, TITLE_LENGTH, Idea, Stage
from ideas.moves import TITLE_MINIMUM
from products.forms import ProductField, TagsField
from products.words import Words

COMMENT_LENGTH = 5_000


class WordsForm(PeerdeskForm):
    """The fields of an idea, for submitting and for editing."""

    title = forms.CharField(
        label=_("What should be possible?"),
        max_length=TITLE_LENGTH,
        help_text=_("One wish in one sentence, as you would tell a colleague."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    body = MarkdownField(label=_("Why, and how you manage today"))
    product = ProductField()
    tags = TagsField(help_text=_("Up to five words, parted by commas: sharing, reports"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, idea: Idea | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.idea = idea
        # An imported idea keeps a language that the menu does not offer.
        language = self.initial.get("language", "")
        if language and language not in dict(settings.LANGUAGES):
            choices = [*settings.LANGUAGES, (language, language)]
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=choices)

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if len(title) < TITLE_MINIMUM:
            raise forms.ValidationError(
                _("Say a little more, so that others find it: at least %(count)d letters."),
                params={"count": TITLE_MINIMUM},
            )
        return title

    def check_unlike(self, title: str) -> None:
        """Refuses a title that another idea has, word for word."""
        same = Idea.objects.public().filter(slug=slugify(title, "idea")[:80], title__iexact=title)
        if same.exclude(pk=self.idea.pk if self.idea else 0).exists():
            raise Refused(
                _(
                    "This idea is there already, word for word. Vote for it instead of writing it again."
                ),
                code="duplicate",
            )

    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["title"], data["body"], data["language"], data["product"], data["tags"])


def _reading_language() -> str:
    return interface_code(get_language() or "en")


class NewIdeaForm(IdempotencyMixin, WordsForm):
    """The view asks check_unlike(): a second sending must meet its key before its own idea."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = SimpleLazyObject(_reading_language)


class EditIdeaForm(VersionedMixin, WordsForm):
    def clean_title(self) -> str:
        title = super().clean_title()
        try:
            self.check_unlike(title)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return title


class CommentForm(IdempotencyMixin, PeerdeskForm):
    body = MarkdownField(label=_("Your comment"), max_length=COMMENT_LENGTH)


class EditCommentForm(VersionedMixin, PeerdeskForm):
    body = MarkdownField(label=_("Comment"), max_length=COMMENT_LENGTH)


class StageForm(VersionedMixin, PeerdeskForm):
    stage = forms.ModelChoiceField(Stage.objects.all(), label=_("Stage"), empty_label=None)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Everybody reads it; declining needs one."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        stage = data.get("stage")
        if stage is not None and stage.needs_reason and not clean_line(data.get("reason", "")):
            self.add_error("reason", _("Say why: the reason stands above the idea."))
        return data


class OfficialForm(VersionedMixin, PeerdeskForm):
    text = MarkdownField(label=_("Official answer"), required=False)
