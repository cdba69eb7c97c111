"""From a case to the ideas board: what is offered, and the customer's answer (S-31, N-2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from accounts.models import Membership, OrganisationDomain, User
from common.errors import Refused
from common.languages import interface_code
from common.markdown import render
from common.redaction import REPLACEMENTS, Names, Redaction, redact
from common.text import normalise_lines
from links import moves
from links.models import Move
from support.actions import record
from support.models import SUBJECT_LENGTH, Case, Message

_MANY_PEOPLE = 500


def names_of(case: Case) -> Names:
    """Whom the redaction looks for: the requester, colleagues, writers, the organisation."""
    colleagues = Membership.objects.filter(organisation=case.organisation_id).select_related("user")
    people = {str(membership.user) for membership in colleagues[:_MANY_PEOPLE]}
    wrote = Message.objects.filter(case=case, author__isnull=False).select_related("author")
    people |= {str(message.author) for message in wrote}
    people.add(str(case.requester))
    domains = OrganisationDomain.objects.filter(organisation=case.organisation_id)
    return Names(
        people=tuple(sorted(people)),
        organisations=(case.organisation.name,),
        domains=tuple(domains.values_list("domain", flat=True)),
    )


@dataclass(frozen=True)
class Draft:
    """The customer's own words as written, and as they would go out."""

    title: Redaction
    body: Redaction


def draft_of(case: Case) -> Draft:
    """From the subject and the first message; nothing else of the case is ever looked at."""
    first = case.messages.filter(kind=Message.Kind.CUSTOMER).order_by("created_at", "pk").first()
    names = names_of(case)
    with translation.override(interface_code(case.language)):
        return Draft(
            title=redact(case.subject[:SUBJECT_LENGTH], names=names),
            body=redact(first.body_source if first else "", names=names),
        )


def left_over(case: Case, *texts: str) -> list[str]:
    """What the rules still find in a draft that an agent has edited."""
    names = names_of(case)
    found: list[str] = []
    with translation.override(interface_code(case.language)):
        # "Token: [secret]" is what the rules made of it, and no finding.
        words = {str(word) for word in REPLACEMENTS.values()}
        for text in texts:
            changes = redact(text, names=names).changes
            found += [change.before for change in changes if change.before not in words]
    return list(dict.fromkeys(found))


def require_clean(case: Case, *texts: str, checked: bool) -> None:
    left = [] if checked else left_over(case, *texts)
    if left:
        raise Refused(
            _("This would still go out: %(found)s. Take it out, or tick that it may.")
            % {"found": ", ".join(left[:8])},
            code="left_over",
        )


@transaction.atomic
def keep_text(case: Case, text: str, *, by: User) -> Case:
    """The closing text that the customer will read, before an idea is chosen."""
    case = record.locked(case)
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only agents close cases."), code="forbidden")
    record.require_open(case)
    if moves.waiting_move(case) is not None:
        raise Refused(_("The customer has been asked already."), code="waiting")
    case.offer_text = record.clean_body(text, staff=True)
    record.save(case, "offer_text", quiet=True)
    return case


@transaction.atomic
def offer(case: Case, payload: dict[str, Any], *, checked: bool = False, by: User) -> Move:
    """Asks the requester: an existing idea, or a new one of exactly these words.

    CHECKED: the agent has looked at what the rules still find, and lets it stand.
    """
    case = record.locked(case)
    if not case.offer_text:
        raise Refused(_("Write first what the customer reads about the result."), code="text")
    if not payload.get("existing"):
        title, body = str(payload.get("title", "")), str(payload.get("body", ""))
        require_clean(case, title, body, checked=checked)
        case.offer_html = render(normalise_lines(body))
        case.save(update_fields=["offer_html"])
    return moves.propose(case, "idea", by=by, payload=payload, confirmer=case.requester)


def accept(case: Case, *, show_name: bool, by: User) -> Move:
    """The requester's yes."""
    move = moves.waiting_move(case) or moves.latest_move(case)
    if move is None or by.pk != move.confirmer_id:
        raise Refused(_("Only the one who was asked can say yes."), code="forbidden")
    return moves.confirm(move, by=by, show_name=show_name)


def decline(case: Case, *, by: User) -> Move:
    """The customer's no, or the desk's change of mind."""
    move = moves.waiting_move(case)
    if move is None:
        raise Refused(_("There is no question waiting for an answer."), code="decided")
    return moves.decline(move, by=by)


def undo(case: Case, *, by: User) -> Move:
    move = moves.latest_move(case)
    if move is None:
        raise Refused(_("There is nothing to undo."), code="none")
    return moves.undo(move, by=by)
