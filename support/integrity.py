"""What must hold of cases; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, F, Q

from links.models import Move, type_of
from support.models import Case, Message, State

_WRITTEN = Q(messages__is_internal=False) & ~Q(messages__kind=Message.Kind.EVENT)


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "support: messages are counted", list(_messages())
    yield "support: closed cases have a resolution, open ones none", list(_resolutions())
    yield "support: notes are internal", list(_notes())
    yield "support: questions about ideas belong to open cases", list(_moves())


def _messages() -> Iterator[str]:
    rows = Case.objects.annotate(rows=Count("messages", filter=_WRITTEN))
    for number, stored, right in rows.exclude(message_count=F("rows")).values_list(
        "number", "message_count", "rows"
    ):
        yield f"case {number}: {stored} messages stored, {right} counted"


def _resolutions() -> Iterator[str]:
    closed = Q(state=State.CLOSED)
    wrong = Case.objects.filter((closed & Q(resolution="")) | (~closed & ~Q(resolution="")))
    for number, state, resolution in wrong.values_list("number", "state", "resolution"):
        yield f"case {number}: {state} with resolution “{resolution}”"
    for number in Case.objects.filter(closed, closed_at=None).values_list("number", flat=True):
        yield f"case {number}: closed without a time"


def _notes() -> Iterator[str]:
    for pk in Message.objects.filter(kind=Message.Kind.NOTE, is_internal=False).values_list(
        "pk", flat=True
    ):
        yield f"message {pk}: a note that customers would read"


def _moves() -> Iterator[str]:
    waiting = Move.objects.waiting().filter(source_type=type_of(Case)).values("source_id")
    for number in Case.objects.filter(pk__in=waiting, state=State.CLOSED).values_list(
        "number", flat=True
    ):
        yield f"case {number}: closed while a question about an idea waits"


def repair() -> int:
    """Writes the counters that were wrong anew."""
    rows = Case.objects.annotate(rows=Count("messages", filter=_WRITTEN))
    wrong = list(rows.exclude(message_count=F("rows")).values_list("pk", "rows"))
    for pk, right in wrong:
        Case.objects.filter(pk=pk).update(message_count=right)
    return len(wrong)
