"""The results page, the list while typing, and the description for browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import public
from common.limits import limit
from common.pagination import Page
from products.models import Product
from search import registry
from search.hits import Facet, Hit, Results
from search.query import find, suggest
from search.syntax import MAX_LENGTH

_SIZE = 20
_SUGGESTED = 8
_SOLVED = {"yes": True, "no": False}
# Facet name → parameter of the address.
_PARAMETERS = {"kind": "kind", "product": "product", "language": "lang", "solved": "solved"}
_SHOWN_OPTIONS = 12


@require_safe
@public
@limit("search", methods=("GET", "HEAD"))
def results(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:MAX_LENGTH].strip()
    found = _find(request, query)
    products = {product.code: product.name for product in Product.objects.all()}
    context = {
        "query": query,
        "results": found,
        "rows": [_row(hit, products) for hit in found.hits],
        "heading": _heading(query, found),
        "groups": _groups(request.GET, found, products),
        "chosen": sum(facet.is_on for facets in found.facets.values() for facet in facets),
        "clear_url": f"{request.path}?{_encoded({'q': query})}",
        "literal_url": f"{request.path}?{_encoded({'q': query, 'exact': '1'})}",
        "page": _page(request, found),
        "is_later_page": bool(request.GET.get("cursor")),
    }
    return render(request, "search/results.html", context)


def _find(request: HttpRequest, query: str) -> Results:
    chosen = request.GET
    return find(
        query,
        viewer=request.user,
        kinds=chosen.getlist("kind"),
        products=chosen.getlist("product"),
        languages=chosen.getlist("lang"),
        solved=_SOLVED.get(chosen.get("solved", "")),
        cursor=chosen.get("cursor"),
        limit=_SIZE,
        facets=True,
        spelling="exact" not in chosen,
    )


def _row(hit: Hit, products: dict[str, str]) -> dict[str, Any]:
    source = registry.source(hit.kind)
    return {
        "hit": hit,
        "product": products.get(hit.product, ""),
        "state_label": source.state_label(hit.state) if source and hit.state else "",
    }


def _heading(query: str, found: Results) -> str:
    if not query:
        return _("Search")
    return ngettext(
        "%(count)s result for “%(query)s”", "%(count)s results for “%(query)s”", found.total
    ) % {"count": found.total, "query": query}


def _groups(chosen: QueryDict, found: Results, products: dict[str, str]) -> list[dict[str, Any]]:
    """The filters with their counts; a group with nothing to choose is left out."""
    languages = dict(settings.LANGUAGES)
    words: dict[str, tuple[str, Callable[[Facet], Any]]] = {
        "kind": (_("Kind"), lambda facet: facet.label),
        "product": (_("Product"), lambda facet: products.get(facet.value, facet.value)),
        "language": (_("Language"), lambda facet: languages.get(facet.value, facet.value)),
        "solved": (_("Solved"), lambda facet: _("Solved") if facet.value else _("Not solved")),
    }
    groups = []
    for name, (label, word) in words.items():
        facets = found.facets.get(name, [])
        if len(facets) < 2 and not any(facet.is_on for facet in facets):
            continue
        options = [
            {
                "label": word(facet),
                "count": facet.count,
                "is_on": facet.is_on,
                "url": f"?{_toggled(chosen, name, facet)}",
            }
            for facet in facets[:_SHOWN_OPTIONS]
        ]
        groups.append({"label": label, "name": name, "options": options})
    return groups


def _toggled(chosen: QueryDict, name: str, facet: Facet) -> str:
    query = chosen.copy()
    query.pop("cursor", None)
    parameter = _PARAMETERS[name]
    value = facet.value if name != "solved" else ("yes" if facet.value else "no")
    values = [] if name == "solved" else [v for v in query.getlist(parameter) if v != value]
    query.setlist(parameter, values if facet.is_on else [*values, value])
    return query.urlencode()


def _encoded(values: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(values)
    return query.urlencode()


def _page(request: HttpRequest, found: Results) -> Page:
    query = request.GET.copy()
    query["cursor"] = found.next or ""
    return Page(
        items=found.hits,
        next_url=f"{request.path}?{query.urlencode()}" if found.next else "",
        previous_url="",
        is_first="cursor" not in request.GET,
    )


@require_safe
@public
@limit("search", methods=("GET", "HEAD"))
def suggest_list(request: HttpRequest) -> HttpResponse:
    """The options of the box's list: a fragment, one ranking, marks in front."""
    query = request.GET.get("q", "")[:MAX_LENGTH]
    hits = suggest(query, viewer=request.user, limit=_SUGGESTED) if query.strip() else []
    context = {"query": query.strip(), "hits": hits}
    return render(request, "search/suggest.html", context)


@require_safe
@public
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser add the site to its search engines."""
    context = {
        "results_url": request.build_absolute_uri(reverse("search:results")),
        "icon_url": request.build_absolute_uri(f"{settings.STATIC_URL}img/icon.svg"),
    }
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
