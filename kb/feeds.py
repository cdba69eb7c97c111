"""The newest articles of a language as an Atom feed."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from common.feeds import ENTRIES, answer, atom
from kb.models import ArticlePage
from kb.pages import HEAVY

_EXCERPT = 300


@require_safe
@public
def articles(request: HttpRequest) -> HttpResponse:
    """What everybody may read, so that the address needs no secret; `?product=mail` chooses."""
    rows = ArticlePage.objects.visible_to(AnonymousUser()).filter(
        locale__language_code=(get_language() or "en").lower(), is_archived=False
    )
    if product := request.GET.get("product", "")[:60].replace("\x00", ""):
        rows = rows.filter(product__code=product)
    rows = rows.defer(*HEAVY).annotate(opening=Left("body_text", _EXCERPT))
    feed = atom(request, title=_("Articles"), page=reverse("kb:index"))
    for article in rows.order_by("-first_published_at", "-pk")[:ENTRIES]:
        feed.add_item(
            title=article.title,
            link=article.full_url,
            description=article.summary or " ".join(article.opening.split()),
            pubdate=article.first_published_at,
            updateddate=article.last_published_at,
            unique_id=f"article:{article.pk}",
        )
    return answer(feed)
