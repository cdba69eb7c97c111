"""What people may send to the forum: explicit fields, each cleaned and bounded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.forms import IdempotencyMixin, MarkdownField, PeerdeskForm
from common.languages import interface_code
from common.text import clean_line
from common.versions import VersionedMixin
from forum.actions.comments import MAX_LENGTH as COMMENT_LENGTH
from forum.models import TITLE_LENGTH, Question
from ideas.models import Idea
from products.forms import ProductField, TagsField
from products.words import Words

MIN_TITLE = 8


class WordsForm(PeerdeskForm):
    """The fields of a question, for asking and for editing."""

    title = forms.CharField(
        label=_("What are you stuck on?"),
        max_length=TITLE_LENGTH,
        help_text=_("One sentence with the exact names and messages you see."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    body = MarkdownField(label=_("Details"))
    product = ProductField()
    tags = TagsField(help_text=_("Up to five words, parted by commas: dkim, calendar sharing"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_title(self) -> str:
        title = clean_line(self.cleaned_data["title"])
        if len(title) < MIN_TITLE:
            raise forms.ValidationError(
                _("Say a little more, so that others find it: at least %(count)d letters."),
                params={"count": MIN_TITLE},
            )
        return title

    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["title"], data["body"], data["language"], data["product"], data["tags"])


def _reading_language() -> str:
    return interface_code(get_language() or "en")


class AskForm(IdempotencyMixin, WordsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = SimpleLazyObject(_reading_language)


class ReasonMixin(forms.Form):
    """Whoever edits somebody else's words says why (FO-08)."""

    reason = forms.CharField(
        label=_("Why you change this"),
        max_length=200,
        help_text=_("The author reads it, and it stays in the history."),
    )
    withhold = forms.BooleanField(
        label=_("The old text holds private data: show it to moderators only"), required=False
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["reason"], self.fields["withhold"]

    def grounds(self) -> dict[str, Any]:
        """The reason, whether the old text is withheld, and what was seen, for the action."""
        data = self.cleaned_data
        return {
            "reason": clean_line(data.get("reason", "")),
            "withhold": bool(data.get("withhold")),
            "seen": data.get("seen", ""),
        }


class EditForm(ReasonMixin, VersionedMixin, WordsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An imported question keeps a language that the menu does not offer.
        language = self.initial.get("language", "")
        known = dict(settings.LANGUAGES)
        if language and language not in known:
            field: Any = self.fields["language"]
            field.choices = [*settings.LANGUAGES, (language, language)]


class AnswerForm(IdempotencyMixin, PeerdeskForm):
    body = MarkdownField(label=_("Your answer"))


class EditAnswerForm(ReasonMixin, VersionedMixin, PeerdeskForm):
    body = MarkdownField(label=_("Answer"))


class CommentForm(IdempotencyMixin, PeerdeskForm):
    body = MarkdownField(label=_("Your comment"), max_length=COMMENT_LENGTH)


class EditCommentForm(ReasonMixin, VersionedMixin, PeerdeskForm):
    body = MarkdownField(label=_("Comment"), max_length=COMMENT_LENGTH)


class DuplicateForm(PeerdeskForm):
    """Address or number of the question that was asked before."""

    original = forms.CharField(label=_("The question asked before"), max_length=300)

    def clean_original(self) -> Question:
        text = self.cleaned_data["original"].strip()
        part = text.rpartition("/q/")[2].split("/")[0].split("?")[0].lstrip("#")
        found: Question | None = None
        if part.isascii() and part.isdigit() and len(part) < 19:
            found = Question.objects.public().filter(pk=int(part)).first()
        if found is None:
            raise forms.ValidationError(_("There is no such question. Paste its address."))
        return found


class MoveForm(IdempotencyMixin, PeerdeskForm):
    """A question becomes a vote for an idea that exists, or a new idea."""

    existing = forms.TypedChoiceField(
        label=_("Idea"), widget=forms.RadioSelect, coerce=int, empty_value="0", required=False
    )
    title = forms.CharField(
        label=_("Title of the new idea"), max_length=TITLE_LENGTH, required=False
    )
    body = MarkdownField(label=_("What it should do"), required=False)

    def __init__(self, *args: Any, ideas: list[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["existing"]
        field.choices = [
            *((str(idea.pk), idea.title) for idea in ideas),
            ("0", _("A new idea")),
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not int(data.get("existing") or 0):
            for name in ("title", "body"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A new idea needs this."))
        return data

    def payload(self, question: Question) -> dict[str, Any]:
        data = self.cleaned_data
        if int(data.get("existing") or 0):
            return {"existing": data["existing"]}
        return {
            "title": clean_line(data["title"]),
            "body": data["body"],
            "product": question.product_id,
            "language": question.language,
            "show_name": False,
        }
