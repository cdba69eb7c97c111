"""What search engines find here: one index, and a sitemap for each kind of thing (AP-04)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sitemaps import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import public
from forum.sitemaps import QuestionSitemap
from ideas.sitemaps import IdeaSitemap
from kb.sitemaps import HelpSitemap, SectionSitemap

SITEMAPS: dict[str, Any] = {
    "articles": HelpSitemap,
    "sections": SectionSitemap,
    "questions": QuestionSitemap,
    "ideas": IdeaSitemap,
}


@require_safe
@public
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Names the pages of all sitemaps; Django's own would take the host from the request."""
    entries = []
    for section, sitemap_class in SITEMAPS.items():
        address = f"{settings.BASE_URL}{reverse('sitemap', args=[section])}"
        entries += [
            {"location": f"{address}?p={number}" if number > 1 else address}
            for number in sitemap_class().paginator.page_range
        ]
    return render(
        request, "sitemap_index.xml", {"sitemaps": entries}, content_type="application/xml"
    )


@require_safe
@public
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    answer: HttpResponse = views.sitemap(request, SITEMAPS, section)
    return answer
