"""What every action on a case shares: the lock, the timeline, the save."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import search
from common.errors import Refused
from common.markdown import MAX_LENGTH, MAX_LENGTH_STAFF, VERSION, render
from common.text import normalise_lines
from posting.actions import attach
from posting.models import Upload
from support.models import Case, Message, State
from support.people import works_on

_RELATED = ("requester", "organisation", "product", "assignee", "specialist")


def locked(case: Case) -> Case:
    """The row as it stands now, held until the transaction ends."""
    rows = Case.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    found: Case = rows.get(pk=case.pk)
    return found


def save(case: Case, *fields: str, quiet: bool = False) -> None:
    """Saves the named fields. QUIET: what the customer must not notice moves no list."""
    names = [*fields]
    if not quiet:
        case.last_activity_at = timezone.now()
        names.append("last_activity_at")
    case.save(update_fields=names)
    search.refresh(case)


def clean_body(body: str, *, staff: bool = False) -> str:
    text = normalise_lines(body).strip()
    if not text:
        raise Refused(_("Write something first."), code="body")
    if len(text) > (MAX_LENGTH_STAFF if staff else MAX_LENGTH):
        raise Refused(_("This is too long. Send the rest as a file."), code="body")
    return text


def write(
    case: Case,
    kind: str,
    body: str,
    *,
    by: Any,
    uploads: Iterable[Upload] = (),
    sender: Any = None,
) -> Message:
    """A post with its files; counts it unless only the desk reads it.

    SENDER is the agent who writes down what BY said on the phone, and whose files they are.
    """
    staff = kind in {Message.Kind.REPLY, Message.Kind.NOTE}
    source = clean_body(body, staff=staff)
    message = Message.objects.create(
        case=case,
        kind=kind,
        author=by,
        body_source=source,
        body_html=render(source, staff=staff),
        renderer_version=VERSION,
    )
    for upload in uploads:
        attach(upload, message, by=sender or by)
    if not message.is_internal:
        Case.objects.filter(pk=case.pk).update(message_count=F("message_count") + 1)
    return message


def event(case: Case, code: str, *, by: Any = None, internal: bool = False, **data: Any) -> Message:
    """A line on the timeline; the words are made when it is read."""
    made: Message = Message.objects.create(
        case=case, kind=Message.Kind.EVENT, event=code, author=by, data=data, is_internal=internal
    )
    return made


def require_desk(case: Case, by: Any) -> None:
    if not works_on(case, by):
        raise Refused(_("This case is not yours to work on."), code="forbidden")


def require_open(case: Case) -> None:
    if case.is_closed:
        raise Refused(_("This case is closed. Load the page again."), code="closed")


REOPENED_FIELDS = (
    "state",
    "resolution",
    "closed_at",
    "resolution_text",
    "resolution_html",
    "resolution_data",
)


def reopen(case: Case, *, by: Any) -> None:
    """Back with us; what it was closed as stays on the timeline."""
    event(case, "reopened", by=by, resolution=case.resolution)
    case.state, case.resolution, case.closed_at = State.WITH_US, "", None
    case.resolution_text = case.resolution_html = ""
    case.resolution_data = {}
