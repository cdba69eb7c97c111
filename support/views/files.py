"""Files of cases: a lasting address that is checked each time leads to a short-lived link."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requester
from posting import files
from posting.models import Upload
from support.models import Message


def _may_have(request: HttpRequest, upload: Upload) -> bool:
    """Only with a message that the person may read, asked anew on every request (class 23)."""
    target = upload.target
    if not isinstance(target, Message):
        return False
    return bool(Message.objects.visible_to(request.user).filter(pk=target.pk).exists())


@requester
@require_safe
def file(request: HttpRequest, number: int, pk: str) -> HttpResponseBase:
    upload = Upload.objects.filter(pk=pk, purpose=Upload.Purpose.CASE_FILE, deleted_at=None).first()
    if upload is None or not _may_have(request, upload):
        raise Http404
    message: Any = upload.target
    if message.case.number != number:
        raise Http404
    token = files.link_token(upload, request.user)
    response = redirect(reverse("support:download", args=[token]))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requester
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Good for minutes, for one person; and only while they may see the case."""
    upload = files.from_token(token, request.user)
    if upload is None or not _may_have(request, upload):
        raise Http404
    return files.serve(upload)
