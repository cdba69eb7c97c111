"""What must hold of links that were mailed; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count

from accounts.models import Handover, Invitation


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "accounts: a newer link has ended the older", list(_open_twice())
    yield "accounts: accounts to be handed over are nobody's", list(_taken())


def _open_twice() -> Iterator[str]:
    rows = Handover.objects.open().order_by().values("person")
    for row in rows.annotate(count=Count("pk")).filter(count__gt=1):
        yield f"person {row['person']}: {row['count']} open links to take the account over"
    rows = Invitation.objects.open().order_by().values("organisation", "email")
    for row in rows.annotate(count=Count("pk")).filter(count__gt=1):
        yield f"organisation {row['organisation']}: {row['count']} open invitations of one address"


def _taken() -> Iterator[str]:
    rows = Handover.objects.open().filter(person__is_active=True)
    for pk in rows.order_by("person").values_list("person", flat=True):
        yield f"person {pk}: has the account, and a link to take it over is open"
