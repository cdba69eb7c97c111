"""Pages of the help centre; "Was this helpful?" is in kb.feedback."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import case_organisations, public
from common.languages import direction
from common.pagination import keyset
from kb import pages
from kb.models import ArticlePage, SectionPage, Visibility
from kb.related import related
from kb.rendering import shown
from search.query import find

PAGE_SIZE = 30
# Sections of a product, where questions about it are shown: the help centre itself has none.
ASKED_DEPTH = 4


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).lower()


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """The whole help centre: its sections with the sections in them."""
    root = pages.root_of(_language())
    sections = pages.sections_in(root, request.user) if root else []
    below = pages.subsections(sections, request.user)
    context = {
        "root": root,
        "groups": [(section, below.get(section.path, [])) for section in sections],
        **(_in_languages(root, request.user) if root else {}),
    }
    return _said_in(root, render(request, "kb/index.html", context))


@require_safe
@public
def page(request: HttpRequest, path: str) -> HttpResponse:
    """An article or a section; missing and not for this reader look the same."""
    language = _language()
    found = pages.find(path, language, request.user)
    if found is None:
        raise Http404
    if found.language != language:
        # The address of one language under another: its own version, where there is one.
        own = pages.translations(found, request.user).get(language)
        if own or found.language != settings.LANGUAGE_CODE:
            return redirect(own or found.url)
    if not request.path.endswith("/"):
        return redirect(f"{request.path}/", permanent=True)
    if isinstance(found, ArticlePage):
        return _said_in(found, _article(request, found))
    return _said_in(found, _section(request, found))


def _said_in(found: Any, response: HttpResponse) -> HttpResponse:
    """For whom the page is: who reads the language of its content, whatever that of the frame."""
    if found:
        response.headers["Content-Language"] = found.language
    return response


def preview(request: HttpRequest, found: Any) -> HttpResponse:
    """The editor's preview of a draft, in a frame of the Wagtail admin."""
    if isinstance(found, ArticlePage):
        found.draw(found.language)
        response = _article(request, found, is_preview=True)
    else:
        response = _section(request, found)
    # Our policy forbids all frames; X-Frame-Options still keeps other sites out.
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def _in_languages(found: Any, viewer: Any) -> dict[str, Any]:
    """What is said about languages: the versions, and whether this is not the reader's own."""
    return {
        "versions": pages.languages(found, pages.translations(found, viewer)),
        "is_foreign": found.language != _language(),
        "language_name": dict(settings.LANGUAGES).get(found.language, found.language),
        "text_language": found.language,
        "direction": direction(found.language),
        "canonical": found.full_url,
        "base_url": settings.BASE_URL,
        "is_indexed": found.effective_visibility == Visibility.PUBLIC,
    }


def _article(
    request: HttpRequest, article: ArticlePage, *, is_preview: bool = False
) -> HttpResponse:
    viewer = request.user
    around = pages.surroundings(article, viewer)
    token = f"article:{article.pk}"
    context = {
        "article": article,
        "body": shown(article),
        "crumbs": around.crumbs,
        "tree": around.tree,
        "related": related(article, viewer),
        "ask_url": f"{reverse('forum:ask')}?from={token}",
        "contact_url": f"{reverse('support:contact')}?from={token}",
        # Who may open a case has come past the free ways: straight to the form.
        "case_url": f"{reverse('support:new')}?from={token}" if case_organisations(viewer) else "",
        "is_preview": is_preview,
        **_in_languages(article, viewer),
    }
    return render(request, "kb/article.html", context)


def _section(request: HttpRequest, section: SectionPage) -> HttpResponse:
    viewer = request.user
    around = pages.surroundings(section, viewer)
    context = {
        "section_page": section,
        "crumbs": around.crumbs,
        "tree": around.tree,
        "subsections": pages.sections_in(section, viewer),
        "articles": keyset(
            pages.articles_in(section, viewer), request, order=("title", "pk"), size=PAGE_SIZE
        ),
        "asked": _asked_about(section, viewer),
        **_in_languages(section, viewer),
    }
    return render(request, "kb/section.html", context)


def _asked_about(section: SectionPage, viewer: Any) -> list[dict[str, Any]]:
    """Three questions of this product, by search: the forum lies above this app."""
    if section.product is None or section.depth < ASKED_DEPTH:
        return []
    hits = find(
        section.title,
        viewer=viewer,
        kinds=["question"],
        products=[section.product.code],
        limit=3,
    ).hits
    return [{"kind": hit.kind, "title": hit.title, "url": hit.url, "fact": ""} for hit in hits]
