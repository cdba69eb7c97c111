"""The list of questions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import public
from common.htmx import render_page
from forum import lists
from products.models import Product


@require_safe
@public
def questions(request: HttpRequest) -> HttpResponse:
    products = list(Product.objects.filter(is_active=True))
    choice = lists.read_choice(request, products)
    context = {
        "choice": choice,
        "page": lists.page_of(choice, request, products),
        "tabs": lists.tabs(choice, request),
        "groups": lists.filters(choice, request, products),
        "clear_url": reverse("forum:list") if choice.chosen else "",
    }
    return render_page(request, "forum/list.html", context)
