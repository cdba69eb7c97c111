"""Background work of the forum."""

from __future__ import annotations

from typing import Any

from common import markdown
from common.jobs import job
from forum.actions.states import archive_old
from forum.models import Answer, Comment, Question

_BATCH = 200


@job(queue="bulk")
def archive() -> None:
    """Archives in small transactions, so that nobody waits for the lock."""
    while archive_old():
        pass


@job(queue="bulk")
def renew_html() -> None:
    """Renders anew what an older renderer left, in slices; asks for the next slice itself."""
    counts = [_renew(model) for model in (Question, Answer, Comment)]
    if _BATCH in counts:
        renew_html.enqueue()


def _renew(model: type[Any]) -> int:
    rows = model._base_manager.exclude(renderer_version=markdown.VERSION)
    posts = list(rows.only("pk", "body_source", "renderer_version").order_by("pk")[:_BATCH])
    for post in posts:
        # Compares the source: an edit that came in between has rendered already.
        model._base_manager.filter(pk=post.pk, body_source=post.body_source).update(
            body_html=markdown.render(post.body_source), renderer_version=markdown.VERSION
        )
    return len(posts)
