"""What the forum can tell people."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from notifications.notices import Notice, register

register(
    Notice(
        verb="forum.answered",
        label=_("New answers"),
        sentence=_("%(actor)s answered “%(title)s”"),
        kind="question",
    ),
    Notice(
        verb="forum.commented",
        label=_("Comments on what you wrote"),
        sentence=_("%(actor)s commented on “%(title)s”"),
        kind="question",
        reason=_("you wrote there"),
    ),
    Notice(
        verb="forum.mentioned",
        label=_("Somebody names you"),
        sentence=_("%(actor)s named you in “%(title)s”"),
        kind="question",
        reason=_("you were named there"),
    ),
    Notice(
        verb="forum.accepted",
        label=_("Solutions"),
        sentence=_("%(actor)s accepted a solution for “%(title)s”"),
        kind="question",
        levels=("all", "solution", "status"),
    ),
    Notice(
        verb="forum.needs_info",
        label=_("Questions that need details from you"),
        sentence=_("%(actor)s needs details to help you with “%(title)s”"),
        kind="question",
        reason=_("you asked this"),
        needs_you=True,
    ),
    Notice(
        verb="forum.edited",
        label=_("Changes to what you wrote"),
        sentence=_("%(actor)s edited what you wrote in “%(title)s”: %(text)s"),
        kind="question",
        reason=_("you wrote it"),
    ),
    Notice(
        verb="forum.duplicate",
        label=_("Questions asked before"),
        sentence=_("“%(title)s” was asked before: “%(text)s”"),
        kind="question",
        reason=_("you asked this"),
    ),
    Notice(
        verb="forum.moved",
        label=_("Questions that became ideas"),
        sentence=_("“%(title)s” is now the idea “%(text)s”. Vote for it if you want it."),
        kind="idea",
        reason=_("you have the same problem"),
        delay=timedelta(minutes=5),
    ),
)
