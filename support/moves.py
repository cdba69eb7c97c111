"""What a case is to links: a stop on the trail, and a thing that may become an idea (S-31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from common.errors import Refused
from common.languages import interface_code
from links import registry
from links.models import Move
from support import policy
from support.actions import closing, record, tell
from support.models import Case, Resolution, State
from support.people import is_customer_of

_KEPT = ("state", "next_update_at", "specialist_id", "offer_text")


def station(case: Case) -> registry.Station:
    return {
        "kind": "case",
        "label": f"{case.label} · {case.customer_state}",
        "title": case.subject,
        "url": case.get_absolute_url(),
        "language": case.language,
    }


class CaseOrigin(registry.Origin):
    """The case waits for the requester's yes; no message, file or note is copied."""

    kind = "case"
    model = Case

    def check_propose(self, source: Case, *, by: Any) -> None:
        if not has_role(by, Role.AGENT):
            raise Refused(_("Only agents may do this."), code="forbidden")
        record.require_open(source)

    def may_decide(self, source: Case, move: Move, *, by: Any) -> bool:
        """The customer answers; an agent may withdraw. The yes is the requester's alone:
        see `confirmed`."""
        return is_customer_of(source, by) or has_role(by, Role.AGENT)

    def may_undo(self, source: Case, move: Move, *, by: Any) -> bool:
        return has_role(by, Role.AGENT) or (
            by.pk == move.confirmer_id and is_customer_of(source, by)
        )

    def proposed(self, source: Case, move: Move) -> dict[str, Any]:
        case = record.locked(source)
        before = {name: _plain(getattr(case, name)) for name in _KEPT}
        case.state, case.next_update_at = State.WAITS, None
        record.event(case, "offered", by=move.proposed_by)
        record.save(case, "state", "next_update_at")
        tell.requester(case, "case.offered", by=move.proposed_by)
        return before

    def confirmed(self, source: Case, move: Move, target: Any) -> None:
        case = record.locked(source)
        if move.decided_by_id != move.confirmer_id or not is_customer_of(case, move.decided_by):
            raise Refused(_("Only the one who was asked can say yes."), code="forbidden")
        record.require_open(case)
        text = case.offer_text or _text(case)
        record.event(case, "moved", by=move.decided_by, title=str(target))
        data = {"idea": target.pk}
        closing.finish(
            case, resolution=Resolution.NOT_A_FEATURE, text=text, by=move.proposed_by, data=data
        )
        tell.desk(case, "case.moved", by=move.decided_by)

    def declined(self, source: Case, move: Move) -> None:
        case = record.locked(source)
        case.offer_text = case.offer_html = ""
        fields = ["offer_text", "offer_html"]
        if case.state == State.WAITS:
            case.state = State.WITH_US
            case.next_update_at = policy.next_update_due(timezone.now())
            fields += ["state", "next_update_at"]
        withdrawn = not is_customer_of(case, move.decided_by)
        code = "offer_withdrawn" if withdrawn else "offer_declined"
        record.event(case, code, by=move.decided_by)
        record.save(case, *fields)
        if not withdrawn:
            tell.desk(case, "case.declined", by=move.decided_by)

    def expired(self, source: Case, move: Move) -> None:
        case = record.locked(source)
        record.event(case, "offer_expired")
        # Who wrote something in the meantime is still being talked with.
        if case.state != State.WAITS:
            return
        closing.finish(
            case,
            resolution=Resolution.NOT_A_FEATURE,
            text=case.offer_text or _text(case),
            by=None,
        )
        tell.customers(case, "case.closed", excerpt="")

    def undone(self, source: Case, move: Move) -> None:
        case = record.locked(source)
        record.event(case, "move_undone")
        # A case that went on since keeps where it is now.
        if not case.is_closed or case.resolution_data.get("idea") != move.target_id:
            record.save(case)
            return
        before = move.undo_data.get("origin", {})
        record.reopen(case, by=None)
        case.state = before.get("state", State.WITH_US)
        when = before.get("next_update_at")
        case.next_update_at = datetime.fromisoformat(when) if when else None
        case.specialist_id = before.get("specialist_id")
        record.save(case, *record.REOPENED_FIELDS, "next_update_at", "specialist")
        tell.customers(case, "case.undone")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _text(case: Case) -> str:
    with translation.override(interface_code(case.language)):
        return gettext("The product does not do this at present.")


registry.register_thing("case", Case, station=station)
registry.register_origin(CaseOrigin())
