"""Pictures for the editor, its preview, and drafts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import is_staff, member, public
from common import markdown
from common.errors import Refused
from common.htmx import only_asked
from common.limits import Limited, check_limit, limit
from posting import actions, files
from posting.models import Upload

IMMUTABLE = "public, max-age=31536000, immutable"
# What a form's Markdown field is called where `?field=` does not say it.
FIELDS = ("text", "body", "source", "description")
# Fields of a form that are not the person's words.
NOT_WORDS = {"csrfmiddlewaretoken", "key", "next"}


@require_POST
@member
def upload(request: HttpRequest) -> HttpResponse:
    """A picture dropped on the editor: its address, and the Markdown that shows it."""
    user: Any = request.user
    file = request.FILES.get("file") or request.FILES.get("image")
    if file is None:
        return JsonResponse({"error": _("No picture arrived.")}, status=422)
    try:
        check_limit(request, "upload")
        kept = actions.store_upload(file, by=user, purpose=Upload.Purpose.IMAGE)
    except Refused as refusal:
        status = 429 if isinstance(refusal, Limited) else 422
        return JsonResponse({"error": str(refusal.message)}, status=status)
    url = reverse("posting:image", args=[kept.pk])
    label = kept.name.rpartition(".")[0].translate({ord(letter): " " for letter in "[]()!\\`<>*_"})
    return JsonResponse(
        {"url": url, "markdown": f"![{' '.join(label.split())}]({url})"}, status=201
    )


@require_safe
@public
def image(request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture, to whoever knows its random name."""
    found = get_object_or_404(Upload, pk=token, purpose=Upload.Purpose.IMAGE, deleted_at=None)
    response = files.serve(found, inline=True)
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@require_POST
@member
@limit("preview")
def preview(request: HttpRequest) -> HttpResponse:
    """What the Markdown will look like; by the one renderer that also renders the post."""
    text = next(filter(None, map(request.POST.get, (request.GET.get("field", ""), *FIELDS))), "")
    user: Any = request.user
    html = markdown.render(text[: markdown.MAX_LENGTH], staff=is_staff(user))
    return only_asked(HttpResponse(html))


@require_POST
@member
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keeps the words of a form; `discard` removes them."""
    if len(key) > 80:
        raise Http404
    user: Any = request.user
    words = {name: value for name, value in request.POST.items() if name not in NOT_WORDS}
    actions.save_draft(user, key, {} if "discard" in words else words)
    return only_asked(HttpResponse(status=204))
