"""Voting and following: on or off as the person wants it, answered with the server's number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import member
from common.errors import Refused
from common.htmx import toast
from common.limits import check_vote, limit
from ideas.actions import votes
from ideas.models import Idea, IdeaVote


def find(request: HttpRequest, pk: int) -> Idea:
    rows = Idea.objects.visible_to(request.user).with_parts()
    return get_object_or_404(rows, pk=pk)


def back_to(request: HttpRequest, idea: Idea) -> HttpResponse:
    """The page the form stood on, where that is one of ours; else the idea."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(wanted)
    return redirect(idea.get_absolute_url())


@require_POST
@member
def vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    on = request.POST.get("state") != "off"
    found = find(request, pk)
    check_vote(request, on=on)
    if not request.headers.get("HX-Request"):
        return back_to(request, votes.set_vote(found, by=user, on=on))
    try:
        return _box(request, votes.set_vote(found, by=user, on=on), is_on=on)
    except Refused as refusal:
        # The stage changed meanwhile: the box shows how it stands, the toast says why.
        is_on = IdeaVote.objects.filter(target=found, user=user).exists()
        return toast(_box(request, found, is_on=is_on), str(refusal.message))


def _box(request: HttpRequest, idea: Idea, *, is_on: bool) -> HttpResponse:
    context = {
        "count": idea.vote_count,
        "is_on": is_on,
        "action": reverse("ideas:vote", args=[idea.pk]),
        "name": idea.title,
        "disabled": not idea.is_open,
    }
    return render(request, "components/vote_box.html", context)


@require_POST
@member
@limit("mark")
def follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    on = request.POST.get("state") != "off"
    idea = votes.set_follow(find(request, pk), by=user, on=on)
    if not request.headers.get("HX-Request"):
        return back_to(request, idea)
    context = {"is_on": on, "action": reverse("ideas:follow", args=[idea.pk])}
    return render(request, "components/follow_button.html", context)
