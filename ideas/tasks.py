"""Work on ideas in the background; each may run twice without harm."""

from __future__ import annotations

from common import markdown
from common.jobs import job
from ideas import trending
from ideas.models import SUMMARY_LENGTH, Idea, IdeaComment

_BATCH = 200


@job(queue="bulk")
def recalculate_trends() -> None:
    trending.recalculate()


@job(queue="bulk")
def renew_html() -> None:
    """Renders anew what an older renderer left, so that no page does it on reading."""
    ideas = list(Idea.objects.exclude(renderer_version=markdown.VERSION).order_by("pk")[:_BATCH])
    for idea in ideas:
        idea.body_html = markdown.render(idea.body_source)
        idea.summary = markdown.excerpt(idea.body_html, SUMMARY_LENGTH - 1)
        if idea.official_source:
            idea.official_html = markdown.render(idea.official_source, staff=True)
        idea.renderer_version = markdown.VERSION
        idea.save(update_fields=["body_html", "summary", "official_html", "renderer_version"])
    comments = list(
        IdeaComment.objects.exclude(renderer_version=markdown.VERSION).order_by("pk")[:_BATCH]
    )
    for row in comments:
        row.body_html, row.renderer_version = markdown.render(row.body_source), markdown.VERSION
        row.save(update_fields=["body_html", "renderer_version"])
    if _BATCH in {len(ideas), len(comments)}:
        renew_html.enqueue()
