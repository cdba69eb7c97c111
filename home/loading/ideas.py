"""Loads the sample ideas with stages, votes, comments and official answers."""

from __future__ import annotations

from typing import Any

from common.markdown import excerpt, render
from home.loading.base import Book, read
from ideas.models import SUMMARY_LENGTH, Idea, IdeaComment, IdeaVote, Stage, StageChange
from ideas.trending import recalculate
from links.models import type_of
from notifications.models import Subscription
from products.models import tags_from


def load(book: Book) -> None:
    content = read("ideas")
    for position, row in enumerate(content["stages"]):
        Stage.objects.update_or_create(
            code=row["code"],
            defaults={
                "names": row["name"],
                "descriptions": row["description"],
                "category": row["category"],
                "position": position,
                "is_default": row["is_default"],
            },
        )
    stages = {stage.code: stage for stage in Stage.objects.all()}
    for row in content["ideas"]:
        if not book.has("idea", row["key"]):
            _load_idea(book, row, stages)
    recalculate()


def _load_idea(book: Book, row: dict[str, Any], stages: dict[str, Stage]) -> None:
    at = book.clock.ago(row["days_ago"])
    history = row.get("stage_history") or []
    html = render(row["body"])
    idea = Idea(
        author=book.person(row["author"]),
        title=row["title"],
        body_source=row["body"],
        body_html=html,
        summary=excerpt(html, SUMMARY_LENGTH - 1),
        language=row["language"],
        product=book.product(row["product"]),
        stage=stages[row["stage"]],
        stage_reason=row.get("stage_reason") or "",
        stage_changed_at=book.clock.ago(row["stage_days_ago"]) if history else None,
        base_votes=row["votes"],
        created_at=at,
    )
    idea.slug = idea.make_slug()
    moments = [at, *(book.clock.ago(step["days_ago"]) for step in history)]
    official = row.get("official_answer")
    if official:
        idea.official_source = official["body"]
        idea.official_html = render(official["body"])
        idea.official_by = book.person(official["author"])
        idea.official_at = book.clock.ago(official["days_ago"])
        moments.append(idea.official_at)
    comments = row.get("comments") or []
    moments += [book.clock.after(at, comment["days_after"] * 24) for comment in comments]
    voters = list(dict.fromkeys([row["author"], *(row.get("voters") or [])]))
    idea.vote_count = idea.base_votes + len(voters)
    idea.comment_count = sum(1 for comment in comments if not comment.get("staff_note"))
    idea.last_activity_at = max(moments)
    idea.save()
    idea.tags.set(tags_from(row["tags"]))
    # Spread over the idea's life, so that "trending" has something to tell.
    age = (book.clock.now - at) / (len(voters) + 1)
    IdeaVote.objects.bulk_create(
        IdeaVote(target=idea, user=book.person(key), created_at=at + age * number)
        for number, key in enumerate(voters)
    )
    _load_history(book, idea, history, stages)
    _load_comments(book, idea, comments)
    _follow(book, idea, [*voters, *(row.get("followers") or [])])
    book.keep("idea", row["key"], idea)


def _load_history(
    book: Book, idea: Idea, history: list[dict[str, Any]], stages: dict[str, Stage]
) -> None:
    manager = book.person("yuki")
    StageChange.objects.bulk_create(
        StageChange(
            idea=idea,
            stage=stages[step["stage"]],
            reason=step.get("reason") or "",
            by=manager,
            at=book.clock.ago(step["days_ago"]),
        )
        for step in history
    )


def _load_comments(book: Book, idea: Idea, comments: list[dict[str, Any]]) -> None:
    for row in comments:
        IdeaComment.objects.create(
            idea=idea,
            author=book.person(row["author"]),
            body_source=row["body"],
            body_html=render(row["body"]),
            is_staff_note=bool(row.get("staff_note")),
            language=idea.language,
            created_at=book.clock.after(idea.created_at, row["days_after"] * 24),
        )


def _follow(book: Book, idea: Idea, keys: list[str]) -> None:
    kind = type_of(Idea)
    Subscription.objects.bulk_create(
        [
            Subscription(user=book.person(key), target_type=kind, target_id=idea.pk, reason="voted")
            for key in dict.fromkeys(keys)
        ],
        ignore_conflicts=True,
    )
