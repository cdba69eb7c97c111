"""Files beside a text: checked one by one, and kept when the rest of the form has errors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from posting.actions import store_upload
from posting.files import ALLOWED
from posting.models import Upload

MAX_FILES = 8


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once; whether one is empty is said by name where it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class FilesMixin(forms.Form):
    """Adds `attachments`; `uploads` is what was sent now or kept from an earlier try."""

    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("Logs, message headers, pictures. Only people on this case can open them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = ",".join(f".{ending}" for ending in ALLOWED[Upload.Purpose.CASE_FILE])
        self.fields["attachments"].widget = FilesInput(attrs={"accept": endings, "multiple": True})
        self.uploads: list[Upload] = []

    def store(self, *, by: User) -> list[Upload]:
        """Keeps what was sent, also when the rest of the form has errors."""
        data: Any = self.data
        kept = data.getlist("kept")[:MAX_FILES] if self.is_bound else []
        # PostgreSQL takes no NUL, and no name of a file has one.
        ids = [key for key in kept if key.isascii() and key.isprintable()]
        self.uploads = list(
            Upload.objects.filter(
                pk__in=ids,
                owner=by,
                purpose=Upload.Purpose.CASE_FILE,
                target_id=None,
                deleted_at=None,
            ).order_by("created_at")
        )
        sent = self.files.getlist("attachments") if self.is_bound and self.files else []
        for file in sent:
            if len(self.uploads) >= MAX_FILES:
                self._refuse(_("Up to %(count)d files at a time.") % {"count": MAX_FILES})
                break
            try:
                upload = store_upload(file, by=by, purpose=Upload.Purpose.CASE_FILE)
            except Refused as refusal:
                self._refuse(refusal.message)
            else:
                self.uploads.append(upload)
        return self.uploads

    def _refuse(self, message: Any) -> None:
        if not hasattr(self, "cleaned_data"):
            self.cleaned_data: dict[str, Any] = {}
        self.add_error("attachments", str(message))
