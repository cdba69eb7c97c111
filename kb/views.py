"""Pages of the help centre, and "Was this helpful?"."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from common.errors import Refused
from common.htmx import render_page
from common.languages import direction
from common.limits import check_limit
from common.pagination import keyset
from kb import actions, pages
from kb.forms import HelpfulForm
from kb.models import ArticlePage, SectionPage
from kb.rendering import shown
from search.query import find

COOKIE = "helpful"
COOKIE_LIFE = timedelta(days=30)
PAGE_SIZE = 30


def _language() -> str:
    return (get_language() or "en").lower()


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """The whole help centre: its sections with their first articles."""
    root = pages.root_of(_language())
    sections = pages.sections_in(root, request.user) if root else []
    below = pages.subsections(sections, request.user)
    context = {
        "root": root,
        "groups": [(section, below.get(section.path, [])) for section in sections],
        "languages": pages.language_links(root, request.user) if root else None,
    }
    return render(request, "kb/index.html", context)


@require_safe
@public
def page(request: HttpRequest, path: str) -> HttpResponse:
    """An article or a section; missing and not for this reader look the same."""
    found = pages.find(path, _language(), request.user)
    if found is None:
        raise Http404
    if found.locale.language_code != _language():
        # The English address under another language: the translation, where there is one.
        own = pages.translations(found, request.user).get(_language())
        if own:
            return redirect(own)
    if not request.path.endswith("/"):
        return redirect(f"{request.path}/", permanent=True)
    return _draw(request, found)


def preview(request: HttpRequest, found: Any) -> HttpResponse:
    """The editor's preview of a draft."""
    return _draw(request, found)


def _draw(request: HttpRequest, found: Any) -> HttpResponse:
    if isinstance(found, ArticlePage):
        return _article(request, found)
    return _section(request, found)


def _article(request: HttpRequest, article: ArticlePage) -> HttpResponse:
    viewer = request.user
    language = article.locale.language_code
    token = f"article:{article.pk}"
    context = {
        "article": article,
        "body": shown(article),
        "crumbs": pages.crumbs(article),
        "tree": pages.tree(article, viewer),
        "languages": pages.language_links(article, viewer),
        "is_foreign": language != _language(),
        "direction": direction(language),
        "related": pages.related(article, viewer),
        "token": token,
        "ask_url": f"{reverse('forum:ask')}?from={token}",
        "contact_url": f"{reverse('support:contact')}?from={token}",
        "is_stale": article.is_archived,
    }
    return render(request, "kb/article.html", context)


def _section(request: HttpRequest, section: SectionPage) -> HttpResponse:
    viewer = request.user
    context = {
        "section_page": section,
        "crumbs": pages.crumbs(section),
        "tree": pages.tree(section, viewer),
        "sections": pages.sections_in(section, viewer),
        "articles": keyset(
            pages.articles_in(section, viewer), request, order=("title", "pk"), size=PAGE_SIZE
        ),
        "languages": pages.language_links(section, viewer),
        "is_foreign": section.locale.language_code != _language(),
        "asked": _asked_about(section, viewer),
    }
    return render(request, "kb/section.html", context)


def _asked_about(section: SectionPage, viewer: Any) -> list[dict[str, Any]]:
    """Three questions of this product, by search: the forum lies above this app."""
    if section.product is None or section.depth < 4:
        return []
    hits = find(
        section.title,
        viewer=viewer,
        kinds=["question"],
        products=[section.product.code],
        limit=3,
    ).hits
    return [
        {"kind": hit.kind, "title": hit.title, "url": hit.url, "fact": ""} for hit in hits
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why and stores it; the article itself stays cacheable and holds no form."""
    rows = ArticlePage.objects.visible_to(request.user).select_related("locale")
    article = get_object_or_404(rows, pk=pk)
    source = request.POST if request.method == "POST" else request.GET
    answer = "no" if source.get("answer") == "no" else "yes"
    if request.method != "POST":
        form = HelpfulForm(
            answer=answer, initial={"answer": answer, "revision": article.live_revision_id}
        )
        return _helpful_page(request, article, form, answer)
    form = HelpfulForm(request.POST, answer=answer)
    if not form.is_valid():
        return _helpful_page(request, article, form, answer, status=422)
    return _store(request, article, form, answer)


def _store(
    request: HttpRequest, article: ArticlePage, form: HelpfulForm, answer: str
) -> HttpResponse:
    reader, fresh = _reader(request)
    try:
        check_limit(request, "helpful")
        actions.say_helpful(
            article,
            by=reader,
            revision=form.cleaned_data["revision"],
            is_helpful=answer == "yes",
            reason=form.cleaned_data["reason"],
            text=form.cleaned_data["text"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        status = 429 if refusal.code == "limited" else 409
        return _helpful_page(request, article, form, answer, status=status)
    context = {"article": article, "is_helpful": answer == "yes", "token": f"article:{article.pk}"}
    response = render_page(request, "kb/helpful_thanks.html", context, fragment="thanks")
    if fresh:
        response.set_cookie(
            COOKIE,
            reader.visitor,
            max_age=int(COOKIE_LIFE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


def _reader(request: HttpRequest) -> tuple[actions.Reader, bool]:
    """Who speaks, and whether the cookie is new."""
    user: Any = request.user
    if user.is_authenticated:
        return actions.Reader(user=user), False
    known = request.COOKIES.get(COOKIE, "")
    if len(known) == 32 and known.isalnum():
        return actions.Reader(visitor=known), False
    return actions.Reader(visitor=secrets.token_hex(16)), True


def _helpful_page(
    request: HttpRequest, article: ArticlePage, form: HelpfulForm, answer: str, *, status: int = 200
) -> HttpResponse:
    context = {"article": article, "form": form, "is_helpful": answer == "yes"}
    return render_page(request, "kb/helpful.html", context, fragment="form", status=status)
