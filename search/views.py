"""The results page, the list while typing, and the description for browsers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import case_organisations, is_staff, public
from common.limits import Limited, check_limit, limit
from common.pagination import Page
from common.text import quoted
from products.models import Product
from search import registry
from search.editing.log import token_of
from search.filters import Around, Chosen
from search.hits import Hit, Results
from search.query import find, suggest
from search.syntax import MAX_LENGTH

_SIZE = 20
_SUGGESTED = 8


@require_safe
@public
def results(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:MAX_LENGTH].strip().replace("\x00", "")
    try:
        check_limit(request, "search")
    except Limited as refusal:
        return _limited(request, query, refusal)
    found = _find(request, query)
    products = {product.code: product.name for product in Product.objects.all()}
    around = Around(request.GET, found, products)
    chips = around.chosen()
    context = {
        "query": query,
        "results": found,
        "rows": [_row(hit, products, request.user) for hit in found.hits],
        "heading": _heading(query, found, is_asked=bool(query or chips)),
        "groups": around.groups(),
        "chips": chips,
        "chosen": len(chips),
        "orders": around.orders(),
        "kept": around.kept(),
        "clear_url": around.cleared(),
        **_ways_on(request, found, around, has_filters=bool(chips)),
        "literal_url": _literal_url(request),
        "page": _page(request, found),
        "is_later_page": bool(request.GET.get("cursor")),
        "words": found.asked.text,
        "may_open_case": bool(case_organisations(request.user)),
        "seen": _seen(request, found.asked.text, found.hits, found.total, is_filtered=bool(chips)),
    }
    return render(request, "search/results.html", context)


def _limited(request: HttpRequest, query: str, refusal: Limited) -> HttpResponse:
    """Says when to come back, with what was typed in the box (SE-14)."""
    around = Around(request.GET, Results(), {})
    context = {"query": query, "message": refusal.message, "kept": around.kept()}
    response = render(request, "search/limited.html", context, status=429)
    response.headers["Retry-After"] = str(refusal.seconds)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _find(request: HttpRequest, query: str, *, facets: bool = True) -> Results:
    chosen = Chosen.of(request.GET)
    return find(
        query,
        viewer=request.user,
        kinds=chosen.kinds,
        products=chosen.products,
        languages=chosen.languages,
        states=chosen.states,
        solved=chosen.solved,
        since=chosen.since,
        newest=chosen.newest,
        cursor=request.GET.get("cursor"),
        limit=_SIZE,
        facets=facets,
        spelling="exact" not in request.GET,
    )


def _ways_on(
    request: HttpRequest, found: Results, around: Around, *, has_filters: bool
) -> dict[str, Any]:
    """What would find something where this found nothing; the page shows the first that does."""
    unfiltered = _unfiltered(request, around) if has_filters and not found.total else 0
    is_quoted = bool(found.asked.phrases) and not found.total and not unfiltered
    return {
        "unfiltered": unfiltered,
        "unquoted": _unquoted(request, around) if is_quoted else None,
    }


def _unfiltered(request: HttpRequest, around: Around) -> int:
    """How many there would be with the words alone: told only where the filters left none."""
    return find(around.words_alone(), viewer=request.user, limit=_SIZE).total


def _unquoted(request: HttpRequest, around: Around) -> dict[str, Any] | None:
    """The way on where words stand nowhere side by side: the same words, anywhere."""
    words, url = around.unquoted()
    count = _find(request, words, facets=False).total
    return {"count": count, "url": url} if count else None


def _row(hit: Hit, products: dict[str, str], viewer: Any) -> dict[str, Any]:
    source = registry.source(hit.kind)
    own = get_language() or ""
    is_foreign = hit.language.partition("-")[0] != own.partition("-")[0]
    return {
        "hit": hit,
        # At most three facts: a foreign language tells more than the product.
        "product": "" if is_foreign else products.get(hit.product, ""),
        "language_name": dict(settings.LANGUAGES).get(hit.language, "") if is_foreign else "",
        "state_label": source.state_label(hit.state, viewer) if source and hit.state else "",
    }


def _heading(query: str, found: Results, *, is_asked: bool) -> str:
    if not is_asked:
        return _("Search")
    if not query:
        return ngettext("%(count)s result", "%(count)s results", found.total) % {
            "count": found.total
        }
    return ngettext(
        "%(count)s result for %(query)s", "%(count)s results for %(query)s", found.total
    ) % {"count": found.total, "query": quoted(query)}


def _literal_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    query["exact"] = "1"
    return f"?{query.urlencode()}"


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
    query = request.GET.get("q", "")[:MAX_LENGTH].strip().replace("\x00", "")
    hits = suggest(query, viewer=request.user, limit=_SUGGESTED) if query else []
    context = {"query": query, "hits": hits, "seen": _seen(request, query, hits, len(hits))}
    return render(request, "search/suggest.html", context)


def _seen(
    request: HttpRequest, query: str, hits: list[Hit], count: int, *, is_filtered: bool = False
) -> str:
    """What the page's script tells back, so that looking writes nothing (SE-11).

    Staff search for customers by name and find what editors may not know of: never counted.
    """
    if is_staff(request.user):
        return ""
    return token_of(
        query,
        get_language() or "en",
        results=count,
        is_filtered=is_filtered,
        shown=[(hit.kind, hit.object_id) for hit in hits],
    )


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
