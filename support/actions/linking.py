"""Ties a case to an article, a question, an idea, or another case of the same organisation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from forum.models import Question
from ideas.models import Idea
from kb.models import ArticlePage
from links.actions import connect
from links.models import Link
from support.actions import record
from support.models import Case

_DIGITS = 18
_KINDS: dict[str, tuple[Any, str]] = {
    "article": (ArticlePage, Link.Kind.DOCUMENTED_IN),
    "question": (Question, Link.Kind.ANSWERED_BY),
    "idea": (Idea, Link.Kind.EVIDENCE_FOR),
    "case": (Case, Link.Kind.DUPLICATE_OF),
}


@transaction.atomic
def link(case: Case, kind: str, object_id: str, *, by: Any) -> Link:
    """Readers of the other end learn of the case only if they may see it."""
    case = record.locked(case)
    record.require_desk(case, by)
    model, tie = _KINDS.get(kind, (None, ""))
    known = object_id.isascii() and object_id.isdigit() and len(object_id) <= _DIGITS
    if model is None or not known:
        raise Refused(_("There is no such thing to link."), code="gone")
    rows = model.objects.visible_to(by).filter(pk=int(object_id))
    if kind == "case":
        rows = rows.filter(organisation=case.organisation_id).exclude(pk=case.pk)
    target = rows.first()
    if target is None:
        raise Refused(_("There is no such thing to link."), code="gone")
    made, is_new = connect(case, target, tie, by=by)
    if is_new:
        record.event(case, "linked", by=by, internal=True, title=str(target))
    return made
