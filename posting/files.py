"""What may be sent as a file, and how it is given back."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import filetype
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.tokens import sign, unsign
from posting.models import Upload

LINK_AGE = timedelta(minutes=10)
MB = 1024 * 1024
MAX_IMAGE = 10 * MB
MAX_CASE_FILE = 25 * MB

PICTURES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}
TEXTS = {
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "har": "application/json",
    "eml": "message/rfc822",
}
OTHERS = {"pdf": "application/pdf", "zip": "application/zip"}
ALLOWED = {
    Upload.Purpose.IMAGE: PICTURES,
    Upload.Purpose.CASE_FILE: {**PICTURES, **TEXTS, **OTHERS},
}
INLINE = frozenset(PICTURES.values())
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def clean_name(name: str) -> str:
    """The last part of the name, one line, without characters that fool eyes or headers."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    name = re.sub(r'[<>:"|?*]+', "_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else name[:110] or "file"


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def content_type_of(name: str, content: bytes, purpose: str) -> str:
    """The type by the name's ending, once the content agrees with it."""
    allowed = ALLOWED[Upload.Purpose(purpose)]
    ending = ending_of(name)
    expected = allowed.get(ending)
    if expected is None:
        raise Refused(
            _("Files of this type are not accepted. Accepted are: %(types)s.")
            % {"types": ", ".join(sorted(allowed))}
        )
    found = filetype.guess(content)
    if ending in TEXTS:
        if found is not None or not _is_text(content):
            raise Refused(_mismatch(name))
    elif found is None or found.mime != expected:
        raise Refused(_mismatch(name))
    return expected


def _mismatch(name: str) -> Any:
    return _("“%(name)s” is not what its name says. Save it again in the right format.") % {
        "name": name
    }


def _is_text(content: bytes) -> bool:
    return content.startswith(BYTE_ORDER_MARKS) or b"\x00" not in content


def link_token(upload: Upload, user: Any) -> str:
    """For a private link: good for ten minutes and for this person only (SU-09)."""
    return sign("file", [upload.pk, user.pk])


def from_token(token: str, user: Any) -> Upload | None:
    """The upload of a link that is this person's and still fresh."""
    value = unsign("file", token, max_age=LINK_AGE)
    if not isinstance(value, list) or value[1:] != [user.pk]:
        return None
    return Upload.objects.filter(pk=value[0], deleted_at=None).first()


def serve(upload: Upload, *, inline: bool = False) -> HttpResponseBase:
    """The file's answer; the caller has checked that the viewer may have it.

    Only the four raster types can show in the page; the rest is always saved (class 22).
    """
    try:
        file = storages["private"].open(upload.stored_as)
    except FileNotFoundError as error:
        raise Http404 from error
    shows = inline and upload.content_type in INLINE
    response = FileResponse(
        file,
        as_attachment=not shows,
        filename=upload.name,
        content_type=upload.content_type if shows else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
