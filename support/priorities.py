"""The priorities, their examples, and the guided choice between them (S-18 to S-22). Pure.

The contact form, the policy page and the case desk all read this one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from support.models import Affected, Priority, Usable

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Level:
    """What a priority means, with the policy's example."""

    priority: Priority
    name: str | _StrPromise
    meaning: str | _StrPromise
    example: str | _StrPromise


LEVELS: dict[int, Level] = {
    Priority.P1: Level(
        Priority.P1,
        _("Critical"),
        _("Several people cannot use a service, or cannot get at it, and there is no way round."),
        _("Most mail that comes in and goes out arrives late."),
    ),
    Priority.P2: Level(
        Priority.P2,
        _("High"),
        _(
            "One person cannot work, or only badly, or people cannot work together, and there is"
            " no practical way round."
        ),
        _("Somebody who opens their mail sees an error page with the number 500."),
    ),
    Priority.P3: Level(
        Priority.P3,
        _("Normal"),
        _("Something does not work as expected, but there is a way round."),
        _("A post cannot be deleted with the button, but it can by changing the address."),
    ),
    Priority.P4: Level(
        Priority.P4,
        _("Low"),
        _("Something is not as expected, but it can be used as it is."),
        _("You want to add words to the spelling dictionary."),
    ),
}


def propose(affected: str, usable: str, workaround: bool) -> Priority:
    """P1 only when all three hold: several people, not usable, no way round (S-18).

    What else is hard to use without a way round is P2: critical for one person, or in the way of
    people who work together (S-19). A way round makes it P3, and nothing else does (S-20). What
    can be used without one is P4 (S-21).
    """
    if workaround:
        return Priority.P3
    if usable == Usable.NO and affected != Affected.ONE:
        return Priority.P1
    if usable in (Usable.NO, Usable.PARTLY):
        return Priority.P2
    return Priority.P4


def level(priority: int) -> Level:
    return LEVELS[priority]
