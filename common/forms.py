"""Forms as every page uses them: safe text in, one look for all fields."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from common.markdown import MAX_LENGTH
from common.text import normalise_lines


class MarkdownField(forms.CharField):
    """Text of several lines, kept as typed but for characters that no text needs."""

    def __init__(self, *, max_length: int = MAX_LENGTH, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
        super().__init__(max_length=max_length, **kwargs)
        # Browsers count a line end once and send it as two, so only the server counts; and a
        # text that is cut while it is pasted would be worse than a message.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return super().to_python(normalise_lines(str(value)) if value else value) or ""


class PeerdeskForm(forms.Form):
    """Base of the site's forms; the summary of errors replaces the browser's own bubbles."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class IdempotencyMixin(forms.Form):
    """A hidden key that makes a second sending of the same form harmless.

    Any text will do here: `posting.idempotency.once` takes a damaged key as a new one.
    """

    key = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=100, initial=uuid.uuid4
    )
