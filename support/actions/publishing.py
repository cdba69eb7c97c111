"""From a solved case to a question and its answer that everybody may read (S-30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role
from accounts.models import User
from common.errors import Refused
from common.languages import interface_code
from common.redaction import Redaction, redact
from common.text import clean_line
from forum.actions import answers, questions
from forum.models import Question
from links.actions import connect
from links.models import Link, type_of
from products.words import Words
from support.actions import moving, record
from support.models import Case, Resolution


@dataclass(frozen=True)
class Draft:
    """Title, question and answer as they were written, and as they would go out."""

    title: Redaction
    body: Redaction
    answer: Redaction


def draft_of(case: Case) -> Draft:
    """From the subject, the first message and the resolution; nothing else is ever looked at."""
    asked, names = moving.draft_of(case), moving.names_of(case)
    with translation.override(interface_code(case.language)):
        answer = redact(case.resolution_text, names=names)
    return Draft(title=asked.title, body=asked.body, answer=answer)


def is_solved(case: Case) -> bool:
    return case.is_closed and case.resolution == Resolution.FIXED


def is_published(case: Case) -> bool:
    """True from the moment on at which the forum has it, whatever became of it there."""
    return Link.objects.filter(
        source_type=type_of(case),
        source_id=case.pk,
        target_type=type_of(Question),
        kind=Link.Kind.PROMOTED_TO,
    ).exists()


def may_publish(case: Case, by: Any) -> bool:
    """Editors may write an article also when the forum has it already."""
    if not is_solved(case) or not has_role(by, Role.AGENT):
        return False
    return has_role(by, Role.EDITOR) or not is_published(case)


def require_clean(case: Case, *texts: str, checked: bool, by: User) -> None:
    """What has to hold before anything of a case is written anew for others."""
    if not has_role(by, Role.AGENT):
        raise Refused(_("Only agents make cases public."), code="forbidden")
    if not is_solved(case):
        raise Refused(_("Only what was solved or answered can be made public."), code="open")
    moving.require_clean(case, *texts, checked=checked)


@transaction.atomic
def ask_publicly(
    case: Case, *, title: str, body: str, answer: str, checked: bool = False, by: User
) -> Question:
    """A public question with its solution, both by the agent; the case alone knows of it.

    CHECKED: the agent has looked at what the rules still find, and lets it stand.
    """
    case = record.locked(case)
    require_clean(case, title, body, answer, checked=checked, by=by)
    if is_published(case):
        raise Refused(_("The forum has this already."), code="published")
    question = questions.ask(
        Words(
            title=clean_line(title),
            body=f"{body.strip()}\n\n*{signature(case.language)}*",
            language=case.language,
            product=case.product,
        ),
        by=by,
    )
    solution = answers.answer(question, answer.strip(), by=by)
    answers.accept(solution, by=by)
    connect(case, question, Link.Kind.PROMOTED_TO, by=by)
    record.event(case, "published", by=by, internal=True, title=question.title)
    return question


def signature(language: str) -> str:
    """Below the question, in its language: nobody should wait for the one who asked."""
    with translation.override(interface_code(language)):
        return gettext(
            "Support wrote this question down together with its answer, for whoever needs it next."
        )
