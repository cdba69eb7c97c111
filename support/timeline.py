"""A case's messages and events as the page shows them, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from posting.actions import uploads_of
from posting.models import Upload
from support.actions import unsending
from support.models import Case, Channel, Message, Resolution

_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "opened": lambda d: (
        (_("opened the case as P%(priority)s") if d["channel"] == "web" else _opened_elsewhere(d))
        % d
    ),
    "taken": lambda d: _("took the case"),
    "assigned": lambda d: _("gave the case to %(to)s") % d,
    "unassigned": lambda d: _("took the owner off the case"),
    "priority": lambda d: _("changed the priority from P%(before)s to P%(after)s: %(reason)s") % d,
    "objected": lambda d: _("disagrees with the priority: %(reason)s") % d,
    "escalated": lambda d: _("asked our specialists"),
    "handed": lambda d: _("chose the specialist %(to)s") % d,
    "unsent": lambda d: _("took the reply back; it is an internal note now"),
    "taken_back": lambda d: _("took the case back from the specialists"),
    "closed": lambda d: _("closed the case: %(resolution)s") % {"resolution": _resolution(d)},
    "reopened": lambda d: (
        _("opened the case again; it was closed as: %(resolution)s")
        % {"resolution": _resolution(d)}
    ),
    "continued": lambda d: _("went on with this in case %(number)s") % d,
    "linked": lambda d: _("tied this to “%(title)s”") % d,
    "published": lambda d: _("made this public in the forum as “%(title)s”") % d,
    "offered": lambda d: _("asked whether this may become an idea"),
    "offer_declined": lambda d: _("said no: this does not become an idea"),
    "offer_withdrawn": lambda d: _("took back the question about an idea"),
    "offer_expired": lambda d: _("The question about an idea was not answered in 14 days"),
    "moved": lambda d: _("said yes: this is now the idea “%(title)s”") % d,
    "move_undone": lambda d: _("The move to the ideas board was undone"),
}
# The same where no person did it: an undone move opens its case.
_NOBODYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "reopened": lambda d: (
        _("The case is open again; it was closed as: %(resolution)s")
        % {"resolution": _resolution(d)}
    ),
}
# What goes on without anybody's name in front.
_IMPERSONAL = frozenset({"offer_expired", "move_undone"})
MAX_ENTRIES = 400


def _opened_elsewhere(data: dict[str, Any]) -> str:
    channel = str(Channel(data["channel"]).label) if data["channel"] in Channel.values else ""
    return _("opened the case as P%(priority)s, by: %(channel)s") % {**data, "channel": channel}


def _resolution(data: dict[str, Any]) -> str:
    code = data.get("resolution", "")
    return str(Resolution(code).label) if code in Resolution.values else ""


@dataclass
class Entry:
    """One message or event."""

    message: Message
    is_staff: bool
    is_note: bool
    is_event: bool
    is_new: bool = False
    words: str = ""
    name: str = ""
    files: list[Upload] = field(default_factory=list)
    # For the one who wrote it, while the mail waits.
    unsend_until: datetime | None = None

    @property
    def person(self) -> Any:
        return self.message.author


def entries_of(case: Case, viewer: Any) -> list[Entry]:
    """The newest MAX_ENTRIES of what VIEWER may see, oldest first: two queries."""
    rows = (
        Message.objects.visible_to(viewer)
        .filter(case=case)
        .select_related("author")
        .order_by("-created_at", "-pk")[:MAX_ENTRIES]
    )
    messages = list(rows)[::-1]
    written = [message for message in messages if message.kind != Message.Kind.EVENT]
    files = uploads_of(*written)
    entries = [_entry(message, files.get(message.pk, [])) for message in messages]
    newest = next((entry for entry in reversed(entries) if not entry.message.is_internal), None)
    if newest is not None and not case.is_closed:
        newest.unsend_until = unsending.until(newest.message, viewer)
    return entries


def _entry(message: Message, files: list[Upload]) -> Entry:
    is_event = message.kind == Message.Kind.EVENT
    impersonal = message.event in _IMPERSONAL or message.author is None
    return Entry(
        message=message,
        is_staff=message.kind in {Message.Kind.REPLY, Message.Kind.NOTE},
        is_note=message.kind == Message.Kind.NOTE,
        is_event=is_event,
        words=words_of(message) if is_event else "",
        name="" if impersonal else str(message.author),
        files=files,
    )


def words_of(message: Message) -> str:
    """The event in words; its bare code when a value is missing."""
    make = _WORDS.get(message.event)
    if message.author_id is None:
        make = _NOBODYS.get(message.event, make)
    try:
        return make(message.data) if make else message.event
    except (KeyError, ValueError, TypeError):
        return message.event


def last_question(entries: list[Entry]) -> Entry | None:
    """The newest reply of ours: while the case waits, it says what for."""
    replies = [entry for entry in entries if entry.is_staff and not entry.is_note]
    return replies[-1] if replies else None


def files_of(entries: list[Entry]) -> list[Upload]:
    return [file for entry in entries for file in entry.files if not entry.is_note]
