"""The board: ideas by what people want."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from common.htmx import render_page
from ideas import lists
from ideas.models import Stage
from products.models import Product


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    stages = list(Stage.objects.all())
    products = list(Product.objects.filter(is_active=True))
    choice = lists.read_choice(request, stages, products)
    context = {
        "choice": choice,
        "page": lists.page_of(choice, request),
        "tabs": lists.tabs(choice, request),
        "groups": lists.filters(choice, request, stages, products),
        "clear_url": reverse("ideas:list") if choice.chosen else "",
        "nothing": _nothing(choice),
    }
    return render_page(request, "ideas/list.html", context, fragment="list")


def _nothing(choice: lists.Choice) -> dict[str, Any]:
    """What the empty list says: one sentence why, and one thing to do."""
    if choice.chosen:
        return {
            "title": _("No idea fits this choice"),
            "text": _("Choose another stage or product, or look at all of them."),
            "url": reverse("ideas:list"),
            "label": _("Show everything"),
        }
    texts = {
        "mine": (
            _("Nothing of yours yet"),
            _("Ideas that you write, vote for or follow gather here."),
        ),
    }
    title, text = texts.get(
        choice.tab,
        (
            _("No ideas yet"),
            _("What should be possible that is not? Others can vote for what you write."),
        ),
    )
    return {"title": title, "text": text, "url": reverse("ideas:new"), "label": _("Write an idea")}
