"""The newest ideas as an Atom feed, or those that changed last; with the filters of the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from common.feeds import ENTRIES, answer, atom
from common.markdown import excerpt
from ideas import lists
from ideas.models import Idea, Stage
from products.models import Product


@public
@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    """Public ideas only, so that the address needs no secret."""
    stages = list(Stage.objects.all())
    products = list(Product.objects.filter(is_active=True))
    choice = lists.read_choice(request, stages, products)
    # What is decided is news, too: here the other orders of the list mean the newest.
    choice = replace(choice, tab=choice.tab if choice.tab == "changed" else "newest")
    rows: Any = lists.ideas_of(choice, request.user).select_related("author", "stage")
    feed = atom(request, title=_("Ideas"), page=reverse("ideas:list"))
    for idea in rows.order_by(*lists.ORDERS[choice.tab])[:ENTRIES]:
        _add(feed, idea, request)
    return answer(feed)


def _add(feed: Atom1Feed, idea: Idea, request: HttpRequest) -> None:
    feed.add_item(
        title=idea.title,
        link=request.build_absolute_uri(idea.get_absolute_url()),
        description=idea.summary or excerpt(idea.body_html, 300),
        # Whose case it was is nobody's business.
        author_name=str(idea.get_shown_as_display() if idea.is_by_support else idea.author),
        pubdate=idea.created_at,
        updateddate=idea.last_activity_at,
        unique_id=f"idea:{idea.pk}",
        categories=[idea.stage.name],
    )
