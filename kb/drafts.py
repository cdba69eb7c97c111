"""From a search that found nothing to a draft article with its title (AA-02)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView

from accounts.access import Role, editor, has_role
from kb.markdown_blocks import to_blocks
from kb.models import ArticlePage, SectionPage
from search.query import find

_TITLE_LENGTH = 200
_NAME_LENGTH = 20
_KEPT = "kb.draft"


def address(user: Any, title: str, language: str, *, text: str = "") -> str:
    """Where an editor begins the article; the section is found on the way there.

    TEXT: what `keep` gave for the words to begin with.
    """
    if not has_role(user, Role.EDITOR):
        return ""
    asked = {"title": _headline(title), "language": language} | ({"text": text} if text else {})
    return f"{reverse('kb_draft')}?{urlencode(asked)}"


def keep(request: HttpRequest, body: str) -> str:
    """Holds a text, too long for an address, for the form to begin with; the newest one alone."""
    name = secrets.token_urlsafe(8)
    request.session[_KEPT] = {"name": name, "body": body}
    return name


def _kept(request: HttpRequest) -> str:
    kept = request.session.get(_KEPT) or {}
    return str(kept["body"]) if kept and kept["name"] == request.GET.get("text") else ""


def _headline(query: str) -> str:
    return query[:1].upper() + query[1:_TITLE_LENGTH]


@require_GET
@editor
def begin(request: HttpRequest) -> HttpResponse:
    """Leads to the form in the section of the nearest article; without one, to the choice."""
    title = request.GET.get("title", "")[:_TITLE_LENGTH]
    sections = _sections(request, request.GET.get("language", ""))
    text = request.GET.get("text", "")[:_NAME_LENGTH]
    asked = urlencode({"title": title} | ({"text": text} if text else {}))
    near = None if "choose" in request.GET else _nearest(request.user, title, sections)
    if near is not None:
        return redirect(f"{reverse('kb_draft_in', args=[near.pk])}?{asked}")
    rows = [
        (section, section.depth, f"{reverse('kb_draft_in', args=[section.pk])}?{asked}")
        for section in sections
    ]
    return render(request, "kb/admin/draft.html", {"title": title, "rows": rows})


def _sections(request: HttpRequest, language: str) -> list[SectionPage]:
    """Those of the language in which the editor may write; English ones where it has none."""
    for code in (language.lower(), settings.LANGUAGE_CODE):
        rows = SectionPage.objects.filter(locale__language_code=code).order_by("path")
        found = [row for row in rows if row.permissions_for_user(request.user).can_add_subpage()]
        if found:
            return found
    return []


def _nearest(user: Any, title: str, sections: list[SectionPage]) -> SectionPage | None:
    """The section of the best hit, or its translation into the language of SECTIONS."""
    hits = find(title, viewer=user, kinds=["article"], limit=10).hits
    paths = dict(
        ArticlePage.objects.filter(pk__in=[hit.object_id for hit in hits]).values_list("pk", "path")
    )
    above = [
        paths[pk][: -ArticlePage.steplen] for hit in hits if (pk := int(hit.object_id)) in paths
    ]
    keys = dict(SectionPage.objects.filter(path__in=above).values_list("path", "translation_key"))
    own = {section.translation_key: section for section in sections}
    return next((own[keys[path]] for path in above if keys.get(path) in own), None)


class DraftView(CreateView):  # type: ignore[misc]
    """Wagtail's own form for a new article, with a title and perhaps a text in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.page.title = request.GET.get("title", "")[:_TITLE_LENGTH]
        asked = {"title": self.page.title, "language": self.parent_page.locale.language_code}
        body = _kept(request)
        if body:
            asked["text"] = request.GET["text"]
            self.page.body = to_blocks(body, key=asked["text"])
        others = f"{reverse('kb_draft')}?{urlencode({**asked, 'choose': 1})}"
        messages.info(
            request,
            _("The draft will stand in “%(section)s”.") % {"section": self.parent_page.title},
            buttons=[messages.button(others, _("Choose another section"))],
        )
        response: HttpResponse = super().get(request)
        return response


_form = DraftView.as_view()


@require_GET
@editor
def draft_in(request: HttpRequest, parent: int) -> HttpResponse:
    """The form sends what was written to Wagtail's own address."""
    response: HttpResponse = _form(request, "kb", "articlepage", parent)
    return response
