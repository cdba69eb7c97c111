"""Pictures for the editor, its preview, and drafts."""

from __future__ import annotations

from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
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

# Seconds in which a copy may outlive the post it stands in.
PICTURE_AGE = 600
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
    """A picture, to whoever knows its random name and may read the post that it stands in."""
    found = get_object_or_404(Upload, pk=token, purpose=Upload.Purpose.IMAGE, deleted_at=None)
    if found.target_id is not None and not _is_shown(found, request.user):
        raise Http404
    tag = f'"{found.sha256[:24]}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = files.serve(found, inline=True)
    # Not in a post yet: nobody but its owner has a reason to keep it.
    is_public = request.user.is_anonymous and found.target_id is not None
    scope = "public" if is_public else "private"
    response.headers["Cache-Control"] = f"{scope}, max-age={PICTURE_AGE}"
    response.headers["ETag"] = tag
    return response


def _is_shown(found: Upload, viewer: Any) -> bool:
    """Not once the post is hidden, or the picture was taken out of it: a moderator's word counts."""
    model: Any = found.target_type.model_class() if found.target_type else None
    if model is None:
        return False
    rows = model._default_manager.visible_to(viewer)
    return bool(rows.filter(pk=found.target_id, body_html__contains=found.pk).exists())


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
