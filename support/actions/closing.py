"""The end of a case: exactly one resolution, with words the customer can read (S-29)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.access import Role, has_role
from accounts.models import User
from common.errors import Refused
from common.languages import interface_code
from common.markdown import VERSION, render
from common.text import clean_line, normalise_lines
from links import moves
from support import resolutions
from support.actions import record, tell
from support.models import Case, Resolution, State
from support.people import is_customer_of

CLOSED_FIELDS = (
    "state",
    "resolution",
    "resolution_text",
    "resolution_html",
    "resolution_data",
    "renderer_version",
    "closed_at",
    "next_update_at",
    "specialist",
    "offer_text",
    "offer_html",
)


@transaction.atomic
def close(
    case: Case, *, resolution: str, text: str, extra: dict[str, Any] | None = None, by: User
) -> Case:
    """By an agent. While a move waits for the customer's yes, that comes first."""
    case = record.locked(case)
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only agents close cases."), code="forbidden")
    record.require_open(case)
    if moves.waiting_move(case) is not None:
        raise Refused(
            _("The customer has been asked about an idea. Withdraw that first."), code="waiting"
        )
    kept = resolutions.check(resolution, text, extra or {})
    finish(case, resolution=resolution, text=text, data=kept, by=by)
    tell.customers(case, "case.closed", by=by, excerpt=clean_line(text)[:180])
    return case


def finish(
    case: Case, *, resolution: str, text: str, by: User | None, data: dict[str, Any] | None = None
) -> None:
    """Writes the end; the caller holds the lock, has checked the right, and tells."""
    source = normalise_lines(text).strip()
    case.state, case.resolution = State.CLOSED, Resolution(resolution)
    case.resolution_text, case.resolution_html = source, render(source, staff=True)
    case.renderer_version = VERSION
    case.resolution_data = data or {}
    case.closed_at, case.next_update_at = timezone.now(), None
    # A specialist's access ends with the work.
    case.specialist = None
    case.offer_text = case.offer_html = ""
    record.event(case, "closed", by=by, resolution=str(case.resolution))
    record.save(case, *CLOSED_FIELDS)
    log(instance=case, action="support.case.close", user=by, data={"resolution": resolution})


@transaction.atomic
def withdraw(case: Case, *, text: str = "", by: User) -> Case:
    """The customer says that it works now; a waiting question about an idea ends with it."""
    case = record.locked(case)
    if not is_customer_of(case, by):
        raise Refused(_("This case is not yours."), code="forbidden")
    record.require_open(case)
    waiting = moves.waiting_move(case)
    if waiting is not None:
        moves.decline(waiting, by=by)
        case = record.locked(case)
    text = normalise_lines(text).strip()[:2000]
    with translation.override(interface_code(case.language)):
        text = text or gettext("The customer closed the case: it works now.")
    finish(case, resolution=Resolution.FIXED, text=text, data={"by_customer": True}, by=by)
    tell.desk(case, "case.withdrawn", by=by)
    return case
