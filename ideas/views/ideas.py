"""One idea; writing, changing and deleting it; what is like it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import member, public
from common.errors import Refused
from common.htmx import only_asked, render_page
from common.limits import check_limit, limit, limited
from ideas import near, page
from ideas.actions import posts
from ideas.forms import EditIdeaForm, NewIdeaForm
from ideas.models import Idea
from ideas.views.votes import find
from posting.actions import discard_draft, draft_for
from posting.idempotency import once
from products.words import fields_of

_DRAFT = "idea-new"


@public
@require_safe
def idea(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    found = find(request, pk)
    if slug != found.slug:
        return _canonical(request, found)
    return show(request, found)


@public
@require_safe
def short(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _canonical(request, find(request, pk))


def _canonical(request: HttpRequest, found: Idea) -> HttpResponseBase:
    query = request.META.get("QUERY_STRING", "")
    url = found.get_absolute_url()
    return redirect(f"{url}?{query}" if query else url, permanent=True)


def show(request: HttpRequest, found: Idea, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page; a form with errors comes back in it, with what was typed (422)."""
    context = page.context_of(found, request, **forms)
    return render_page(request, "ideas/idea.html", context, status=status)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        initial = _start(request)
        if not initial["title"]:
            initial |= draft_for(request.user, _DRAFT) or {}
        form = NewIdeaForm(initial=initial)
        return _new_page(request, form, str(initial["title"]))
    form = NewIdeaForm(request.POST)
    title = request.POST.get("title", "")
    if "check" in request.POST:
        form = NewIdeaForm(initial=request.POST.dict())
        return _new_page(request, form, title, is_checked=True)
    if form.is_valid():
        url = _submit(request, form)
        if url:
            return _go(request, url)
    return _new_page(request, form, title, status=422)


def _start(request: HttpRequest) -> dict[str, Any]:
    """What a link from another page brings along: a title, and the product's code."""
    initial: dict[str, Any] = {"title": request.GET.get("title", "")[:120]}
    product = request.GET.get("product", "")
    if product.isdigit():
        initial["product"] = product
    return initial


def _submit(request: HttpRequest, form: NewIdeaForm) -> str:
    user: Any = request.user
    try:
        with once(request, form.cleaned_data["key"], "ideas.submit") as attempt:
            if not attempt.is_repeat:
                form.check_unlike(form.cleaned_data["title"])
                check_limit(request, "post")
                idea = posts.submit(form.words(), by=user)
                attempt.done(idea.get_absolute_url())
                discard_draft(user, _DRAFT)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return ""
    return attempt.url


def _new_page(
    request: HttpRequest,
    form: Any,
    title: str,
    *,
    is_checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    hits = _hits(request, title, str(form["body"].value() or ""))
    context = {"form": form, "hits": hits, "is_checked": is_checked}
    return render_page(request, "ideas/new.html", context, fragment="form", status=status)


def _hits(request: HttpRequest, title: str, body: str) -> list[Any]:
    """They are a help: who searches very often goes without and keeps the form."""
    if not title or limited(request, "search") is not None:
        return []
    return near.while_typing(title, request.user, body)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limit("search", methods=("GET", "HEAD", "POST"))
def similar_ideas(request: HttpRequest) -> HttpResponse:
    """Beneath the title while it is typed; a POST, because a text is too long for an address."""
    given = request.POST if request.method == "POST" else request.GET
    hits = near.while_typing(given.get("title", ""), request.user, given.get("body", ""))
    return only_asked(render(request, "ideas/similar.html", {"hits": hits}))


@member
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = find(request, pk)
    user: Any = request.user
    if not found.may_edit(user):
        raise Refused(_("This idea can no longer be edited."), code="edit")
    form = EditIdeaForm(request.POST or None, initial=fields_of(found), idea=found)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = posts.edit(found, form.words(), by=user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            return _go(request, saved.get_absolute_url())
    context = {"form": form, "idea": found}
    return render_page(request, "ideas/edit.html", context, fragment="form", status=status)


@member
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A page that asks first; the button on it deletes."""
    user: Any = request.user
    found = get_object_or_404(Idea.objects.public(), pk=pk, author=user)
    if request.method != "POST":
        return render(request, "ideas/delete.html", {"idea": found})
    posts.delete(found, by=user)
    messages.success(request, _("Your idea is deleted."))
    return redirect(reverse("ideas:list"))
