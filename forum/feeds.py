"""The newest questions as an Atom feed, with the filters of the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from common.feeds import ENTRIES, answer, atom
from common.markdown import excerpt
from forum import lists
from forum.models import Question
from products.models import Product


@require_safe
@public
def questions(request: HttpRequest) -> HttpResponse:
    """Public questions only, so that the address needs no secret."""
    products = list(Product.objects.filter(is_active=True))
    choice = lists.read_choice(request, products)
    rows: Any = lists.questions(choice, request.user).select_related("author")
    feed = atom(request, title=_("Questions"), page=reverse("forum:list"))
    for question in rows.order_by("-created_at", "-pk")[:ENTRIES]:
        _add(feed, question, request)
    return answer(feed)


def _add(feed: Atom1Feed, question: Question, request: HttpRequest) -> None:
    feed.add_item(
        title=question.title,
        link=request.build_absolute_uri(question.get_absolute_url()),
        description=excerpt(question.body_html, 300),
        author_name=str(question.author),
        pubdate=question.created_at,
        updateddate=question.last_activity_at,
        unique_id=f"question:{question.pk}",
    )
