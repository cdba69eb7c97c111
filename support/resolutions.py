"""The six ways in which a case ends, and what each of them asks for (S-29 to S-35). Pure."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.text import clean_block, clean_line
from support.models import Resolution

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EXTRA_LENGTH = 2000
YES = "yes"


@dataclass(frozen=True)
class Extra:
    """One more field that a resolution asks for: a line, unless it is said to be something else."""

    name: str
    label: str | _StrPromise
    is_long: bool = False
    is_day: bool = False
    # One that must be ticked.
    is_yes: bool = False
    # Code and label, where one of a few is chosen.
    choices: tuple[tuple[str, str | _StrPromise], ...] = ()
    help: str | _StrPromise = ""

    def kept(self, value: Any) -> str:
        """As it is stored; empty if VALUE is not what the field asks for."""
        if self.choices:
            return value if value in dict(self.choices) else ""
        if self.is_yes:
            return YES if value else ""
        if self.is_day:
            found = value if isinstance(value, datetime.date) else parse_date(str(value or ""))
            return found.isoformat() if found else ""
        text = str(value or "")
        return (clean_block(text) if self.is_long else clean_line(text))[:EXTRA_LENGTH]

    def shown(self, kept: str) -> str:
        if self.is_yes:
            return gettext("Yes")
        day = parse_date(kept) if self.is_day else None
        return date_format(day) if day else str(dict(self.choices).get(kept, kept))


@dataclass(frozen=True)
class Rule:
    resolution: Resolution
    # One line for the agent who chooses.
    line: str | _StrPromise
    # What customers read in the policy.
    meaning: str | _StrPromise
    extras: tuple[Extra, ...] = ()
    # Why it cannot be chosen now; empty when it can.
    refusal: str | _StrPromise = ""


RULES: dict[str, Rule] = {
    Resolution.FIXED: Rule(
        Resolution.FIXED,
        _("The problem is fixed, a solution was given, or the question is answered."),
        _("We have solved the problem, given you a solution, or answered your question."),
        (
            Extra(
                "outcome",
                _("What it came to"),
                choices=(
                    ("fixed", _("A problem, fixed")),
                    ("solution", _("A problem, with a solution to follow")),
                    ("answer", _("A question, answered")),
                ),
            ),
        ),
    ),
    Resolution.NOT_A_FEATURE: Rule(
        Resolution.NOT_A_FEATURE,
        _("The product does not do this. Next you offer the customer an idea to vote for."),
        _(
            "The product does not do this. We offer to carry your wish to the ideas board, where"
            " you vote and hear what becomes of it. Nothing is published without your yes."
        ),
    ),
    Resolution.NOT_REPRODUCED: Rule(
        Resolution.NOT_REPRODUCED,
        _("We could not see the problem ourselves. Advice on what to collect is required."),
        _(
            "We could not see the problem ourselves. You get advice on what to collect, and can"
            " come back to the same case with it."
        ),
        (Extra("advice", _("What to look at and collect next time"), is_long=True),),
    ),
    Resolution.THIRD_PARTY: Rule(
        Resolution.THIRD_PARTY,
        _("Another company's team has it now. Their name and reference are required."),
        _(
            "Another company's team has to solve it. We have asked them, and connect you with"
            " their reference."
        ),
        (
            Extra("third_party", _("Company or team")),
            Extra("reference", _("Their reference")),
            Extra("referred_on", _("Given on"), is_day=True),
            Extra(
                "shared",
                _("What we have passed on to them"),
                is_long=True,
                help=_("One thing a line: the customer sees this list."),
            ),
            Extra("consent", _("The customer has agreed to passing that on."), is_yes=True),
        ),
    ),
    Resolution.NOT_SOLVABLE: Rule(
        Resolution.NOT_SOLVABLE,
        _("We cannot solve it, or it is outside our support. A reason is required."),
        _("We cannot solve it, or it is outside what we support. You are told the reason."),
        (Extra("reason", _("Reason"), is_long=True),),
    ),
    Resolution.INCIDENT: Rule(
        Resolution.INCIDENT,
        _("An outage on the status page caused it, and is over."),
        _("An outage that was announced caused it, and is over."),
        refusal=_(
            "Incidents are not tracked on this site yet, so there is none to close this with."
        ),
    ),
}


def check(resolution: str, text: str, extra: dict[str, Any]) -> dict[str, str]:
    """What the resolution keeps beside its text; raises Refused when something is missing."""
    rule = RULES.get(resolution)
    if rule is None:
        raise Refused(_("Choose one of the resolutions."), code="resolution")
    if rule.refusal:
        raise Refused(rule.refusal, code="resolution")
    if not clean_block(text):
        raise Refused(_("Write what the customer reads about the result."), code="text")
    for field in missing(rule, extra):
        raise Refused(_("“%(field)s” is missing.") % {"field": field.label}, code=field.name)
    return {field.name: field.kept(extra.get(field.name)) for field in rule.extras}


def missing(rule: Rule, extra: dict[str, Any]) -> list[Extra]:
    """All of them: a form tells them at once."""
    return [field for field in rule.extras if not field.kept(extra.get(field.name))]


def details(resolution: str, data: dict[str, Any]) -> list[tuple[str | _StrPromise, str]]:
    """Label and value of what a closed case keeps beside its text."""
    rule = RULES.get(resolution)
    if rule is None:
        return []
    rows = [
        (extra.label, extra.shown(str(data[extra.name])))
        for extra in rule.extras
        if data.get(extra.name)
    ]
    # Cases that came with an import keep it as one text.
    if data.get("extra") and rule.extras:
        rows.append((rule.extras[0].label, str(data["extra"])))
    return rows
