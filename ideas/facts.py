"""What the board of ideas tells about a person on their profile."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ideas.models import Idea


def facts(person: Any) -> list[tuple[str, int]]:
    """Only ideas that bear the person's name: the others were moved for a customer."""
    rows = Idea.objects.public().filter(author=person, shown_as=Idea.ShownAs.PERSON)
    count = rows.count()
    return [(_("Ideas"), count)] if count else []


def lists(person: Any) -> list[tuple[str, list[Any]]]:
    return []
