"""Ideas with votes and comments."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from home.loading.scale.site import Site, batches
from ideas.models import SUMMARY_LENGTH, TITLE_LENGTH, Idea, IdeaComment, IdeaVote, Stage
from ideas.trending import recalculate

_MOST_COMMENTS = 8


def load(site: Site, count: int, votes: int, tick: Callable[[int], None]) -> None:
    """COUNT ideas that share about VOTES."""
    for size in batches(count):
        with transaction.atomic():
            _batch(site, size, votes / count)
        tick(size)
    if count:
        recalculate()


def _batch(site: Site, size: int, votes: float) -> None:
    ideas = [_idea(site, votes) for _ in range(size)]
    Idea.objects.bulk_create(ideas)
    through = Idea.tags.through
    through.objects.bulk_create(
        through(idea_id=idea.pk, tag_id=tag) for idea in ideas for tag in sorted(site.some_tags())
    )
    IdeaVote.objects.bulk_create(
        IdeaVote(target_id=idea.pk, user_id=person, created_at=site.after(idea.created_at, 4_000))
        for idea in ideas
        for person in site.voters(idea.vote_count)
    )
    IdeaComment.objects.bulk_create(
        _comment(site, idea) for idea in ideas for _ in range(idea.comment_count)
    )


def _idea(site: Site, votes: float) -> Idea:
    writer, at = site.writer, site.moment()
    language = writer.language()
    text = writer.text("question", language, 2 + writer.few(4))
    number = int(writer.random.expovariate(1 / votes)) if votes else 0
    idea = Idea(
        author_id=site.person(),
        title=writer.title("idea", language, TITLE_LENGTH),
        body_source=text.source,
        body_html=text.html,
        summary=text.source.partition("\n")[0][: SUMMARY_LENGTH - 1],
        language=language,
        product_id=site.product(),
        stage=_stage(site),
        vote_count=min(number, len(site.people) // 2),
        comment_count=writer.few(_MOST_COMMENTS),
        created_at=at,
        last_activity_at=site.after(at, 24 * 200),
    )
    idea.slug = idea.make_slug()
    return idea


def _stage(site: Site) -> Stage:
    """Most are open."""
    if site.writer.random.random() < 0.7:
        return next(stage for stage in site.stages if stage.is_default)
    return site.stages[int(site.writer.random.random() * len(site.stages))]


def _comment(site: Site, idea: Idea) -> IdeaComment:
    text = site.writer.text("comment", idea.language, 1)
    return IdeaComment(
        idea_id=idea.pk,
        author_id=site.person(),
        body_source=text.source,
        body_html=text.html,
        language=idea.language,
        created_at=site.after(idea.created_at, 4_000),
    )
