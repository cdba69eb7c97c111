"""Work on ideas in the background; each may run twice without harm."""

from __future__ import annotations

import search
from common import markdown
from common.jobs import job
from ideas import trending
from ideas.models import SUMMARY_LENGTH, Idea, IdeaComment

_BATCH = 200


@job(queue="bulk")
def recalculate_trends() -> None:
    trending.recalculate()


@job(queue="index")
def refresh_stage(stage: int, after: int) -> None:
    """Search keeps what a stage means with each idea; in slices, each asks for the next."""
    ideas = list(Idea.objects.filter(stage=stage, pk__gt=after).order_by("pk")[:_BATCH])
    search.refresh(*ideas)
    if len(ideas) == _BATCH:
        refresh_stage.enqueue(stage, ideas[-1].pk)


@job(queue="bulk")
def renew_html() -> None:
    """Renders anew what an older renderer left, so that no page does it on reading."""
    ideas = list(Idea.objects.exclude(renderer_version=markdown.VERSION).order_by("pk")[:_BATCH])
    for idea in ideas:
        html = markdown.render(idea.body_source)
        official = idea.official_source
        # Compares the sources: an edit that came in between has rendered already.
        Idea.objects.filter(
            pk=idea.pk, body_source=idea.body_source, official_source=official
        ).update(
            body_html=html,
            summary=markdown.excerpt(html, SUMMARY_LENGTH - 1),
            official_html=markdown.render(official, staff=True) if official else "",
            renderer_version=markdown.VERSION,
        )
    comments = list(
        IdeaComment.objects.exclude(renderer_version=markdown.VERSION).order_by("pk")[:_BATCH]
    )
    for row in comments:
        IdeaComment.objects.filter(pk=row.pk, body_source=row.body_source).update(
            body_html=markdown.render(row.body_source), renderer_version=markdown.VERSION
        )
    if _BATCH in {len(ideas), len(comments)}:
        renew_html.enqueue()
