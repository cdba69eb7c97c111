"""What the board of ideas tells about a person on their profile."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from ideas.models import Idea, IdeaComment


def facts(person: Any) -> list[tuple[str, int]]:
    """Only ideas that bear the person's name: the others were moved for a customer."""
    rows = Idea.objects.public().filter(author=person, shown_as=Idea.ShownAs.PERSON)
    count = rows.count()
    return [(_("Ideas"), count)] if count else []


def lists(person: Any) -> list[tuple[str, list[Any]]]:
    return []


def has_public(person: Any) -> bool:
    """Whether everybody may read something that stands under the person's name."""
    visitor = AnonymousUser()
    ideas = Idea.objects.visible_to(visitor)
    return (
        ideas.filter(author=person, shown_as=Idea.ShownAs.PERSON).exists()
        or ideas.filter(official_by=person).exists()
        or IdeaComment.objects.visible_to(visitor).filter(author=person).exists()
    )
