"""What support can tell people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from notifications.notices import Notice, register

# Mails of a case wait so long; a reply can be taken back meanwhile.
UNSEND_WITHIN = timedelta(minutes=1)


def _customer(
    verb: str, label: Any, sentence: Any, *, needs_you: bool = False, hint: Any = ""
) -> Notice:
    return Notice(
        verb=f"case.{verb}",
        label=label,
        sentence=sentence,
        kind="case",
        reason=_("this is a case of yours"),
        hint=hint,
        needs_you=needs_you,
        delay=UNSEND_WITHIN,
    )


def _desk(verb: str, label: Any, sentence: Any, *, needs_you: bool = False) -> Notice:
    return Notice(
        verb=f"case.{verb}",
        label=label,
        sentence=sentence,
        kind="case",
        reason=_("you work on the case desk"),
        needs_you=needs_you,
        delay=UNSEND_WITHIN,
    )


register(
    _customer(
        "acknowledged",
        _("Cases you opened"),
        _("We have your case %(number)s: “%(title)s”. You hear from us within one business day."),
    ),
    _customer("replied", _("Replies to your cases"), _("%(actor)s replied to “%(title)s”")),
    _customer(
        "asks",
        _("Cases that wait for you"),
        _("%(actor)s needs something from you for “%(title)s”"),
        needs_you=True,
    ),
    _customer(
        "priority",
        _("Changes of priority"),
        _("%(actor)s changed the priority of “%(title)s” from P%(before)s to P%(after)s"),
    ),
    _customer(
        "offered",
        _("Ideas offered to you"),
        _("“%(title)s” is not something the product does yet. May it become an idea?"),
        needs_you=True,
    ),
    _customer(
        "closed",
        _("Closed cases"),
        _("“%(title)s” is closed"),
        # However it was closed (support.actions.replies).
        hint=_(
            "Not solved after all? Reply on its page within four days, and the case opens again."
        ),
    ),
    _customer("reopened_by_us", _("Cases opened again"), _("%(actor)s opened “%(title)s” again")),
    _customer(
        "undone",
        _("Ideas taken back"),
        _("“%(title)s” is a case again; what the move to the ideas board did is undone"),
    ),
    _desk("new", _("New cases"), _("New from %(organisation)s: “%(title)s”")),
    _desk(
        "answered",
        _("Customers' answers"),
        _("%(actor)s wrote on %(number)s “%(title)s”"),
        needs_you=True,
    ),
    _desk(
        "reopened",
        _("Cases opened again by customers"),
        _("%(actor)s opened %(number)s “%(title)s” again"),
        needs_you=True,
    ),
    _desk("noted", _("Internal notes"), _("%(actor)s left a note on %(number)s “%(title)s”")),
    _desk(
        "assigned",
        _("Cases given to you"),
        _("%(actor)s gave you %(number)s “%(title)s”"),
        needs_you=True,
    ),
    _desk(
        "escalated",
        _("Cases that need a specialist"),
        _("%(actor)s needs you for %(number)s “%(title)s”"),
        needs_you=True,
    ),
    _desk(
        "returned", _("Cases back from specialists"), _("%(number)s “%(title)s” is back with you")
    ),
    _desk(
        "objected",
        _("Objections to a priority"),
        _("%(actor)s disagrees with the priority of %(number)s “%(title)s”"),
        needs_you=True,
    ),
    _desk(
        "withdrawn", _("Cases closed by customers"), _("%(actor)s closed %(number)s “%(title)s”")
    ),
    _desk("moved", _("Cases that became ideas"), _("%(actor)s agreed: “%(title)s” is an idea now")),
    _desk(
        "declined",
        _("Ideas the customer did not want"),
        _("%(actor)s does not want “%(title)s” to become an idea"),
        needs_you=True,
    ),
    _desk(
        "overdue",
        _("Late replies"),
        _("A word is owed on %(number)s “%(title)s”"),
        needs_you=True,
    ),
)
