"""The home page, the pages about the site, and the demo's front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "home/index.html", {})


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html", {})


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html", {})


@require_safe
@public
def design(request: HttpRequest) -> HttpResponse:
    return render(request, "home/index.html", {})


@require_safe
@public
def demo(request: HttpRequest) -> HttpResponse:
    return render(request, "home/demo.html", {})


@require_POST
@public
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "home/demo.html", {})
