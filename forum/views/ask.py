"""Asking: what might help appears while the title is typed; nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from common.errors import Refused
from common.htmx import only_asked, render_page
from common.limits import check_limit, limited
from forum import similar, sources
from forum.actions.questions import ask as ask_question
from forum.forms import AskForm
from posting.actions import discard_draft, draft_for
from posting.idempotency import once

_KEPT = "forum.ask"
_DRAFT = "question-new"
# What a visitor typed waits in the session; more than a post may hold is not kept.
_FIELDS = {"title": 500, "body": 40_000, "product": 20, "tags": 300, "language": 12, "from": 60}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _sent(request)
    kept: dict[str, str] = request.session.get(_KEPT) or _draft(request)
    if kept:
        return _page(request, AskForm(initial=kept), source=kept.get("from", ""))
    initial = {"title": request.GET.get("title", "")[:500].replace("\x00", "")}
    if request.GET.get("product"):
        initial["product"] = request.GET["product"][:20]
    return _page(request, AskForm(initial=initial), source=request.GET.get("from", ""))


def _draft(request: HttpRequest) -> dict[str, str]:
    """What a member left unfinished; a link that brings its own words begins anew."""
    if request.GET.get("title") or request.GET.get("from"):
        return {}
    return draft_for(request.user, _DRAFT) or {}


def _sent(request: HttpRequest) -> HttpResponseBase:
    source = request.POST.get("from", "")
    if "check" in request.POST:
        # Without scripts: the same suggestions, a step before posting.
        form = AskForm(initial={name: request.POST.get(name, "") for name in _FIELDS})
        return _page(request, form, source=source, checked=request.POST.get("title", ""))
    form = AskForm(request.POST)
    if not request.user.is_authenticated:
        return _keep(request)
    if not form.is_valid():
        return _page(request, form, source=source, status=422)
    try:
        return _post(request, form, source)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, form, source=source, status=422)


def _post(request: HttpRequest, form: AskForm, source: str) -> HttpResponseBase:
    user: Any = request.user
    with once(request, form.cleaned_data["key"], "forum.ask") as attempt:
        if not attempt.is_repeat:
            check_limit(request, "post")
            read = sources.article_from(source, user)
            question = ask_question(form.words(), by=user, read_before=read)
            attempt.done(question.get_absolute_url())
            discard_draft(user, _DRAFT)
    if not attempt.is_repeat:
        messages.success(request, _("Posted. You hear as soon as somebody answers."))
        request.session.pop(_KEPT, None)
    return redirect(attempt.url or reverse("forum:list"))


def _keep(request: HttpRequest) -> HttpResponseBase:
    """A visitor signs in and finds everything as it was typed."""
    check_limit(request, "post")
    request.session[_KEPT] = {
        name: request.POST.get(name, "")[:length].replace("\x00", "")
        for name, length in _FIELDS.items()
    }
    messages.info(request, _("Sign in to post your question. It is kept."))
    return redirect_to_login(reverse("forum:ask"))


def _page(
    request: HttpRequest, form: AskForm, *, source: str, checked: str = "", status: int = 200
) -> HttpResponse:
    title = str(checked or form["title"].value() or "")
    context = {
        "form": form,
        "source": source[:60],
        "read": sources.article_from(source, request.user),
        "hits": _hits(request, title, str(form["body"].value() or "")),
        "solved_url": reverse("forum:ask_solved"),
        "checked": bool(checked),
        "crumbs": [(_("Questions"), reverse("forum:list")), (_("Ask"), None)],
    }
    response = render_page(request, "forum/ask.html", context, status=status)
    # Holds a form and perhaps a visitor's words: never in a shared cache.
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _hits(request: HttpRequest, title: str, body: str) -> list[Any]:
    """They are a help: who searches very often goes without and keeps the form."""
    if not title or limited(request, "search") is not None:
        return []
    return similar.while_typing(title, request.user, body)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def similar_to(request: HttpRequest) -> HttpResponse:
    """Beneath the title while it is typed; a POST, because a text is too long for an address."""
    check_limit(request, "search")
    given = request.POST if request.method == "POST" else request.GET
    hits = similar.while_typing(given.get("title", ""), request.user, given.get("body", ""))
    context = {"hits": hits, "solved_url": reverse("forum:ask_solved")}
    return only_asked(render(request, "forum/ask.html#similar", context))


@require_safe
@public
def solved(request: HttpRequest) -> HttpResponse:
    """ "This solved it": the kind end of a question that need not be asked."""
    by = request.GET.get("by", "")
    is_ours = by.startswith("/") and url_has_allowed_host_and_scheme(by, allowed_hosts=None)
    return render_page(request, "forum/solved.html", {"by": by if is_ours else ""})
