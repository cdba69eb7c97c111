"""Open a case: by its requester, by an agent for them, or as the follow-up of a closed one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import search
from accounts.access import Role, has_role
from accounts.models import Organisation, User
from common.errors import Refused
from common.text import clean_block, clean_line
from notifications.actions import subscribe
from posting.models import Upload
from products.models import Product
from support import policy
from support.actions import record, tell
from support.models import SUBJECT_LENGTH, Case, Channel, Message, Priority
from support.people import may_open_for

FIRST_NUMBER = 10_001
MIN_SUBJECT = 8
_TRIES = 10


@dataclass(frozen=True)
class Words:
    """What a new case is made of."""

    subject: str
    body: str
    organisation: Organisation
    priority: int
    language: str = "en"
    product: Product | None = None
    channel: str = Channel.WEB
    affected: str = ""
    usable: str = ""
    workaround: str = ""
    # What was read before: {"kind", "title", "url"} each (S-44).
    read_before: list[dict[str, str]] = field(default_factory=list)
    follow_up_of: Case | None = None
    # Only where it is known already: a follow-up keeps what support has decided (S-23).
    our_priority: int | None = None


@transaction.atomic
def open_case(words: Words, *, requester: User, by: User, uploads: Iterable[Upload] = ()) -> Case:
    """BY is the requester, or an agent who writes down a call, chat or mail (S-01, S-05)."""
    if by.pk != requester.pk and not has_role(by, Role.AGENT):
        raise Refused(_("Only agents open cases for others."), code="forbidden")
    if not may_open_for(requester, words.organisation):
        raise Refused(
            _("Cases are opened by an organisation's admins and delegates."), code="forbidden"
        )
    record.clean_body(words.body)
    case = _create(words, requester)
    record.write(case, Message.Kind.CUSTOMER, words.body, by=requester, uploads=uploads, sender=by)
    record.event(case, "opened", by=by, channel=case.channel, priority=case.priority)
    if case.follow_up_of is not None:
        record.event(case.follow_up_of, "continued", by=by, number=case.label)
    subscribe(requester, case, reason="requester")
    tell.requester(case, "case.acknowledged")
    tell.agents(case, "case.new", by=by, organisation=case.organisation.name)
    search.refresh(case)
    return case


def _create(words: Words, requester: User) -> Case:
    now = timezone.now()
    subject = clean_line(words.subject)
    if not MIN_SUBJECT <= len(subject) <= SUBJECT_LENGTH:
        raise Refused(_("Say in a few words what is broken."), code="subject")
    values: dict[str, Any] = {
        "organisation": words.organisation,
        "requester": requester,
        "subject": subject,
        "product": words.product,
        "language": words.language,
        "channel": Channel(words.channel),
        "affected": words.affected,
        "usable": words.usable,
        "workaround": clean_block(words.workaround),
        "chosen_priority": Priority(words.priority),
        "priority": Priority(words.our_priority or words.priority),
        "read_before": words.read_before,
        "follow_up_of": words.follow_up_of,
        "policy_version": policy.VERSION,
        "opened_at": now,
        "last_activity_at": now,
        "first_reply_due_at": policy.first_reply_due(now),
    }
    # Two that open at once would take the same number; the unique column lets one of them win.
    for _attempt in range(_TRIES):
        highest = Case.objects.aggregate(highest=Max("number"))["highest"] or FIRST_NUMBER - 1
        try:
            with transaction.atomic():
                made: Case = Case.objects.create(number=highest + 1, **values)
                return made
        except IntegrityError:
            continue
    raise Refused(_("Too many cases are being opened at this moment. Send it again."))
