"""What can be told: each app's `notices.py` registers its verbs here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from notifications.models import Notification

# Why a person hears of something, by the reason of the subscription.
REASONS = {
    "follow": _("you follow this"),
    "author": _("you wrote this"),
    "answered": _("you answered here"),
    "commented": _("you commented here"),
    "voted": _("you voted for this"),
    "me_too": _("you have the same problem"),
    "requester": _("you opened this case"),
    "assigned": _("this case is assigned to you"),
    "organisation": _("this is a case of your organisation"),
    "moved": _("your case became this idea"),
}


CONCERNS_YOU = _("this concerns you")


@dataclass(frozen=True)
class Notice:
    """A kind of event: the sentence is rendered when it is read, in the reader's language."""

    verb: str
    label: str | _StrPromise
    # Placeholders: actor, title, and the keys of the notification's data.
    sentence: str | _StrPromise
    # Whose mark stands in the row: question, idea, case, article.
    kind: str = ""
    # Ends "You get this because …" where the subscription says nothing better.
    reason: str | _StrPromise = CONCERNS_YOU
    # What can be done about it, where the mail says that too.
    hint: str | _StrPromise = ""
    # Subscription levels that hear of it.
    levels: tuple[str, ...] = ("all",)
    # Shown under "Needs you" until it is read.
    needs_you: bool = False
    # What is read on the site within this time is not mailed (NO-03).
    delay: timedelta = timedelta(minutes=1)
    mail: bool = True


registry: dict[str, Notice] = {}


def register(*notices: Notice) -> None:
    for notice in notices:
        registry[notice.verb] = notice


def get(verb: str) -> Notice:
    return registry[verb]


# Stands where the title goes; no text of a person holds it.
_GAP = "\x00"


def sentence(notification: Notification) -> str:
    """What happened, in the active language; the title alone when the verb is gone."""
    before, title, after = around_title(notification)
    return f"{before}{title}{after}"


def around_title(notification: Notification) -> tuple[str, str, str]:
    """The sentence in three parts: a page names the language of the title in the middle."""
    before, gap, after = _worded(notification).partition(_GAP)
    return before, notification.title if gap else "", after.replace(_GAP, notification.title)


def _worded(notification: Notification) -> str:
    notice = registry.get(notification.verb)
    if notice is None:
        return _GAP
    words: dict[str, Any] = {
        "actor": notification.data.get("actor_name") or notification.actor or _("The team"),
        **notification.data,
        "title": _GAP,
    }
    try:
        return str(notice.sentence) % words
    except (KeyError, ValueError, TypeError):
        # A translation with a wrong placeholder must not break the inbox.
        return _GAP
