"""What the desk does with a case besides writing: owner, priority, specialists, reopening."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.access import Role, has_role
from accounts.models import User
from common.errors import Refused
from common.text import clean_block
from notifications.actions import review
from support import policy
from support.actions import record, tell
from support.models import Case, Priority, State
from support.people import is_customer_of

REASON_LENGTH = 1000


def _require_agent(by: User) -> None:
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only agents may do this."), code="forbidden")


@transaction.atomic
def assign(case: Case, to: User | None, *, by: User) -> Case:
    """The one who stays in touch with the customer; a new case is then with us."""
    case = record.locked(case)
    _require_agent(by)
    record.require_open(case)
    if to is not None and not has_role(to, Role.AGENT):
        raise Refused(_("Cases are assigned to agents."), code="person")
    if case.assignee_id == (to.pk if to else None):
        return case
    case.assignee = to
    fields = ["assignee"]
    became_ours = to is not None and case.state == State.NEW
    if became_ours:
        case.state = State.WITH_US
        fields.append("state")
    code = ("taken" if to == by else "assigned") if to else "unassigned"
    name = to.display_name if to else ""
    record.event(case, code, by=by, internal=True, to=name)
    record.save(case, *fields, quiet=not became_ours)
    if to is not None:
        tell.person(case, "case.assigned", to, by=by)
    return case


@transaction.atomic
def set_priority(case: Case, to: int, *, reason: str, by: User) -> Case:
    """The customer's own choice stays beside ours; they are told, and may object (S-23)."""
    case = record.locked(case)
    _require_agent(by)
    record.require_open(case)
    reason = clean_block(reason)[:REASON_LENGTH]
    if not reason:
        raise Refused(_("Say why. The customer reads it."), code="reason")
    before, case.priority = case.priority, Priority(to)
    if before == case.priority:
        raise Refused(_("It has this priority already."), code="priority")
    case.objected_at = None
    record.event(case, "priority", by=by, before=before, after=case.priority, reason=reason)
    record.save(case, "priority", "objected_at")
    log(instance=case, action="support.case.priority", user=by, data={"from": before, "to": to})
    tell.customers(
        case, "case.priority", by=by, before=before, after=int(case.priority), excerpt=reason
    )
    return case


@transaction.atomic
def object_to_priority(case: Case, *, reason: str, by: User) -> Case:
    """The customer disagrees: nothing is reset in silence, the desk has to look again (S-23)."""
    case = record.locked(case)
    if not is_customer_of(case, by):
        raise Refused(_("This case is not yours."), code="forbidden")
    record.require_open(case)
    if case.priority == case.chosen_priority or case.objected_at is not None:
        raise Refused(_("There is nothing to object to."), code="priority")
    reason = clean_block(reason)[:REASON_LENGTH]
    case.objected_at = timezone.now()
    record.event(case, "objected", by=by, reason=reason)
    record.save(case, "objected_at")
    tell.agents(case, "case.objected", by=by, excerpt=reason)
    return case


@transaction.atomic
def escalate(case: Case, to: User, *, text: str = "", by: User) -> Case:
    """To a specialist: number, clock, history and the owner of the contact stay (S-27)."""
    case = record.locked(case)
    _require_agent(by)
    record.require_open(case)
    if not has_role(to, Role.SPECIALIST):
        raise Refused(_("Choose a specialist."), code="person")
    before, case.specialist = case.specialist, to
    case.state = State.SPECIALISTS
    case.next_update_at = policy.next_update_due(timezone.now())
    fields = ["specialist", "state", "next_update_at"]
    if case.assignee_id is None:
        case.assignee = by
        fields.append("assignee")
    if text.strip():
        record.write(case, "note", text, by=by)
    record.event(case, "escalated", by=by)
    record.event(case, "handed", by=by, internal=True, to=to.display_name)
    record.save(case, *fields)
    log(instance=case, action="support.case.escalate", user=by)
    if before is not None and before.pk != to.pk:
        review(before, Case)
    tell.person(case, "case.escalated", to, by=by)
    return case


@transaction.atomic
def take_back(case: Case, *, by: User) -> Case:
    """From the specialist back to the owner, by an agent or by the specialist."""
    case = record.locked(case)
    record.require_desk(case, by)
    record.require_open(case)
    if case.specialist_id is None:
        raise Refused(_("It is not with a specialist."), code="state")
    before, case.specialist = case.specialist, None
    fields = ["specialist"]
    if case.state == State.SPECIALISTS:
        case.state = State.WITH_US
        fields.append("state")
    record.event(case, "taken_back", by=by)
    record.save(case, *fields)
    if before is not None:
        review(before, Case)
    if case.assignee is not None:
        tell.person(case, "case.returned", case.assignee, by=by)
    return case


@transaction.atomic
def reopen(case: Case, *, by: User) -> Case:
    """By an agent, at any time: a case closed by mistake keeps its number."""
    case = record.locked(case)
    _require_agent(by)
    if not case.is_closed:
        raise Refused(_("This case is open."), code="open")
    record.reopen(case, by=by)
    case.next_update_at = policy.next_update_due(timezone.now())
    record.save(case, *record.REOPENED_FIELDS, "next_update_at")
    tell.customers(case, "case.reopened_by_us", by=by)
    return case
