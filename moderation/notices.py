"""What people hear who reported something, or whose post was decided about (MO-01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.notices import Notice, register

register(
    Notice(
        verb="moderation.accepted",
        label=_("Your report was accepted"),
        sentence=_("Thank you: “%(title)s”, which you reported, has been hidden"),
        reason=_("you reported this"),
    ),
    Notice(
        verb="moderation.rejected",
        label=_("Your report was looked at"),
        sentence=_("“%(title)s”, which you reported, was looked at and stays"),
        reason=_("you reported this"),
    ),
    Notice(
        verb="moderation.hidden",
        label=_("Something you wrote was hidden"),
        sentence=_("A moderator has hidden what you wrote, “%(title)s”: %(reason)s"),
        reason=_("you wrote it"),
        mail=False,
    ),
    Notice(
        verb="moderation.restored",
        label=_("Something you wrote is shown again"),
        sentence=_("What you wrote, “%(title)s”, is shown again"),
        reason=_("you wrote it"),
        mail=False,
    ),
)
