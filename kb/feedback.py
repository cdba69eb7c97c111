""" "Was this helpful?": a small page of its own, so that articles hold no form and stay cacheable."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import public
from common.errors import Refused
from common.htmx import render_page
from common.limits import check_limit
from kb import actions
from kb.forms import HelpfulForm
from kb.models import ArticlePage

COOKIE = "helpful"
COOKIE_LIFE = timedelta(days=30)
_TOKEN_LENGTH = 32


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why and stores it; looking at the page stores nothing."""
    article = get_object_or_404(ArticlePage.objects.visible_to(request.user), id=pk)
    reader = _reader(request)
    source = request.POST if request.method == "POST" else request.GET
    answer = "no" if source.get("answer") == "no" else "yes"
    if request.method == "POST":
        response = _store(request, article, reader, answer)
    else:
        fresh = {"answer": answer, "revision": article.live_revision_id}
        form = HelpfulForm(answer=answer, initial=fresh)
        response = _page(request, article, form, answer)
    # With the form, not with the answer: so a double click is one visitor.
    if reader.visitor and reader.visitor != request.COOKIES.get(COOKIE):
        response.set_cookie(
            COOKIE,
            reader.visitor,
            max_age=COOKIE_LIFE,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


def _store(
    request: HttpRequest, article: ArticlePage, reader: actions.Reader, answer: str
) -> HttpResponse:
    form = HelpfulForm(request.POST, answer=answer)
    if not form.is_valid():
        return _page(request, article, form, answer, status=422)
    try:
        # What is refused spends none of the day's votes.
        actions.require_current(article, form.cleaned_data["revision"])
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
        return _refused(request, article, form, answer, refusal)
    context = {"article": article, "is_helpful": answer == "yes", "token": f"article:{article.pk}"}
    return render_page(request, "kb/helpful_thanks.html", context, fragment="thanks")


def _refused(
    request: HttpRequest, article: ArticlePage, form: HelpfulForm, answer: str, refusal: Refused
) -> HttpResponse:
    """What was typed stays; a stale form may be sent again about the new text."""
    if refusal.code == "limited":
        form.add_error(
            None,
            _(
                "You have told us about many articles today, thank you. Come back tomorrow for more."
            ),
        )
        return _page(request, article, form, answer, status=429)
    form.add_error(None, str(refusal))
    form.data = {**request.POST.dict(), "revision": str(article.live_revision_id)}
    return _page(request, article, form, answer, status=409)


def _reader(request: HttpRequest) -> actions.Reader:
    """A member, or a visitor by cookie, who gets a new one where it is missing."""
    user: Any = request.user
    if user.is_authenticated:
        return actions.Reader(user=user)
    known = request.COOKIES.get(COOKIE, "")
    if len(known) == _TOKEN_LENGTH and known.isascii() and known.isalnum():
        return actions.Reader(visitor=known)
    return actions.Reader(visitor=secrets.token_hex(_TOKEN_LENGTH // 2))


def _page(
    request: HttpRequest, article: ArticlePage, form: HelpfulForm, answer: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "article": article,
        "form": form,
        "is_helpful": answer == "yes",
        "is_stale": status == 409,
    }
    return render_page(request, "kb/helpful.html", context, fragment="form", status=status)
