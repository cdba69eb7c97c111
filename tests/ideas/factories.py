"""Ideas for tests, made through the actions people use."""

from __future__ import annotations

from typing import Any

from ideas.actions.posts import Words, submit
from ideas.models import Idea, Stage
from ideas.stages import ensure_defaults


def make_idea(by: Any, title: str = "Restore a single folder", **words: Any) -> Idea:
    ensure_defaults()
    return submit(Words(title, words.pop("body", "We lose **whole** folders."), **words), by=by)


def stage(category: str) -> Stage:
    ensure_defaults()
    return Stage.objects.filter(category=category).order_by("position")[0]
