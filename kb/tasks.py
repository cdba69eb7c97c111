"""Background work of the help centre."""

from __future__ import annotations

from django.core.management import call_command
from django.db import transaction
from wagtail.search.backends import get_search_backends

import search
from common.jobs import job
from common.markdown import VERSION
from kb.files import remember
from kb.models import ArticlePage

_BATCH = 200


@job(queue="index")
def publish_scheduled() -> None:
    """Publishes and takes back what is due; search follows by Wagtail's signals (KB-06)."""
    call_command("publish_scheduled")


@job(queue="bulk")
def renew_html() -> None:
    """Renders anew what an older renderer left, in slices; asks for the next slice itself."""
    rows = ArticlePage.objects.exclude(renderer_version=VERSION).order_by("pk")[:_BATCH]
    articles = list(rows)
    for article in articles:
        _renew(article)
    if len(articles) == _BATCH:
        renew_html.enqueue()


@job(queue="index")
def renew_article(pk: int) -> None:
    """Renders one anew: what it shows has changed, and not its words."""
    article = ArticlePage.objects.filter(pk=pk).first()
    if article is not None:
        _renew(article)


@transaction.atomic
def _renew(article: ArticlePage) -> None:
    article.draw(article.language)
    # Compares the revision: what was published in between has been rendered already.
    changed = ArticlePage.objects.filter(
        pk=article.pk, live_revision_id=article.live_revision_id
    ).update(
        body_html=article.body_html,
        body_text=article.body_text,
        contents=article.contents,
        reading_minutes=article.reading_minutes,
        renderer_version=article.renderer_version,
    )
    if changed:
        remember(article)
    if changed and article.live:
        search.refresh(article)


@job(queue="bulk")
def index_for_chooser(first: int, last: int) -> None:
    """Fills Wagtail's own index, which finds pages in its admin, with what came in bulk."""
    for backend in get_search_backends(with_auto_update=True):
        index = backend.get_index_for_model(ArticlePage)
        rows = ArticlePage.get_indexed_objects().filter(pk__lte=last).defer("body", "body_html")
        for begin in range(first, last + 1, _BATCH):
            some = list(rows.filter(pk__gte=begin, pk__lt=begin + _BATCH))
            if some:
                index.add_items(ArticlePage, some)
