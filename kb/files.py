"""Pictures and documents of articles: who may read an article that shows one may fetch it.

The rule is asked when a file is fetched, so moving, closing or taking an article back closes its
pictures with it; docs/decisions/0005-restricted-pictures.md.
"""

from __future__ import annotations

import hashlib
import html
import mimetypes
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model

from accounts.access import Role, has_role, public
from kb.models import ArticleFile, ArticlePage

# What a browser may draw inside a page; anything else is a document, and saved.
PICTURES = frozenset(f"image/{kind}" for kind in ("webp", "png", "jpeg", "gif", "avif"))
# Of Wagtail's image library; editors see it whole, before an article shows a picture.
LIBRARY = ("media/images/", "media/original_images/")
_ADDRESS = re.compile(r'(?:src|href)="(?:https?://([^/"]+))?/((?:media|documents)/[^"?#]+)')
_MAX_NAME = 300


def names_in(body_html: str) -> set[str]:
    """The files that a stored text shows or links."""
    own = settings.BASE_URL.partition("://")[2]
    names = {
        unquote(html.unescape(path))
        for host, path in _ADDRESS.findall(body_html)
        if host in {"", own}
    }
    return {name for name in names if len(name) <= _MAX_NAME}


def remember(*articles: ArticlePage) -> None:
    """Stores the files of each article's stored text; in the transaction of its change."""
    wanted = {(article.pk, name) for article in articles for name in names_in(article.body_html)}
    stored: dict[tuple[int, str], int] = {
        (article, name): pk
        for pk, article, name in ArticleFile.objects.filter(article__in=articles).values_list(
            "pk", "article_id", "name"
        )
    }
    gone = [stored[key] for key in stored.keys() - wanted]
    if gone:
        ArticleFile.objects.filter(pk__in=gone).delete()
    if new := sorted(wanted - stored.keys()):
        rows = (ArticleFile(article_id=article, name=name) for article, name in new)
        ArticleFile.objects.bulk_create(rows, ignore_conflicts=True)


def remember_new(articles: Iterable[ArticlePage]) -> None:
    """The same for many that have just been made; most of them show no file."""
    remember(*(article for article in articles if names_in(article.body_html)))


def wrong_files() -> list[str]:
    """What check_integrity finds."""
    stored: dict[int, set[str]] = {}
    for article, name in ArticleFile.objects.values_list("article_id", "name"):
        stored.setdefault(article, set()).add(name)
    problems = []
    for pk, text in ArticlePage.objects.values_list("pk", "body_html").iterator():
        if names_in(text) != stored.get(pk, set()):
            problems.append(f"article {pk}: its pictures or documents are not as in its text")
    return problems


@require_safe
@public
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of the image library; missing and not for this viewer look the same."""
    name = f"media/{path}"
    kind = mimetypes.guess_type(path)[0]
    if kind not in PICTURES or not _may_see(request.user, name):
        raise Http404
    # A changed picture gets another name.
    tag = f'"{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag and request.user.is_anonymous:
        return _headed(HttpResponseNotModified(), request, tag)
    try:
        file = default_storage.open(path)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return _headed(FileResponse(file, content_type=kind), request, tag)


@require_safe
@public
def document(request: HttpRequest, pk: int, filename: str) -> HttpResponseBase:
    """A document that an article links: always saved, never opened inside the site."""
    found = get_object_or_404(get_document_model(), pk=pk)
    if found.filename != filename or not _may_see(request.user, f"documents/{pk}/{filename}"):
        raise Http404
    try:
        file = found.file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    return _headed(response, request, "")


def _may_see(viewer: Any, name: str) -> bool:
    if name.startswith((*LIBRARY, "documents/")) and has_role(
        viewer, Role.EDITOR, Role.ADMINISTRATOR
    ):
        return True
    readable = ArticlePage.objects.visible_to(viewer)
    return ArticleFile.objects.filter(name=name, article__in=readable).exists()


def _headed(response: HttpResponseBase, request: HttpRequest, tag: str) -> HttpResponseBase:
    """What a visitor may have, everybody may: shared caches keep it for a while."""
    if request.user.is_anonymous:
        response.headers["Cache-Control"] = "public, max-age=600"
        if tag:
            response.headers["ETag"] = tag
    else:
        response.headers["Cache-Control"] = "private, max-age=600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
