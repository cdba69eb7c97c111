"""Voting and following: on or off as the person wants it, answered with the server's number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import member
from common.limits import limit
from ideas.actions import votes
from ideas.models import Idea


def find(request: HttpRequest, pk: int) -> Idea:
    rows = Idea.objects.visible_to(request.user).with_parts()
    return get_object_or_404(rows, pk=pk)


def back_to(request: HttpRequest, idea: Idea) -> HttpResponse:
    """The page the form stood on, where that is one of ours; else the idea."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(wanted)
    return redirect(idea.get_absolute_url())


@require_POST
@member
@limit("vote")
def vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    on = request.POST.get("state") != "off"
    idea = votes.set_vote(find(request, pk), by=user, on=on)
    if not request.headers.get("HX-Request"):
        return back_to(request, idea)
    context = {
        "count": idea.vote_count,
        "is_on": on,
        "action": reverse("ideas:vote", args=[idea.pk]),
        "name": idea.title,
    }
    return render(request, "components/vote_box.html", context)


@require_POST
@member
@limit("vote")
def follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    on = request.POST.get("state") != "off"
    idea = votes.set_follow(find(request, pk), by=user, on=on)
    if not request.headers.get("HX-Request"):
        return back_to(request, idea)
    context = {"is_on": on, "action": reverse("ideas:follow", args=[idea.pk])}
    return render(request, "components/follow_button.html", context)
