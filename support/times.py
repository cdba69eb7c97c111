"""When we owe somebody a word, said in the reader's language and zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from common.durations import span
from support.models import Case, State


@dataclass(frozen=True)
class Due:
    """A due time for a queue's row or a case's head."""

    moment: datetime | None
    words: str
    is_late: bool = False
    is_soon: bool = False


def exact(moment: datetime) -> str:
    """Mon 23 Nov, 16:50, in the reader's zone."""
    local = timezone.localtime(moment)
    day = formats.date_format(local, pgettext("date format for Mon 23 Nov", "D j M"))
    return f"{day}, {local:%H:%M}"


def zone_name() -> str:
    return zone_words(timezone.get_current_timezone_name())


# Zones are named in English; the common ones of our customers in the reader's words.
_CITIES = {
    "Amsterdam": pgettext_lazy("city of a time zone", "Amsterdam"),
    "Athens": pgettext_lazy("city of a time zone", "Athens"),
    "Berlin": pgettext_lazy("city of a time zone", "Berlin"),
    "Brussels": pgettext_lazy("city of a time zone", "Brussels"),
    "Copenhagen": pgettext_lazy("city of a time zone", "Copenhagen"),
    "Kyiv": pgettext_lazy("city of a time zone", "Kyiv"),
    "Lisbon": pgettext_lazy("city of a time zone", "Lisbon"),
    "London": pgettext_lazy("city of a time zone", "London"),
    "Madrid": pgettext_lazy("city of a time zone", "Madrid"),
    "New York": pgettext_lazy("city of a time zone", "New York"),
    "Paris": pgettext_lazy("city of a time zone", "Paris"),
    "Prague": pgettext_lazy("city of a time zone", "Prague"),
    "Rome": pgettext_lazy("city of a time zone", "Rome"),
    "Vienna": pgettext_lazy("city of a time zone", "Vienna"),
    "Warsaw": pgettext_lazy("city of a time zone", "Warsaw"),
}


def zone_words(name: str) -> str:
    """Warsaw time, for Europe/Warsaw."""
    if "/" not in name:
        return name
    city = name.rpartition("/")[2].replace("_", " ")
    # The city stands as it is named: a language that inflects says "time: Warsaw".
    return pgettext("time zone", "%(city)s time") % {"city": _CITIES.get(city, city)}


def due_of(case: Case, now: datetime | None = None) -> Due:
    """The queue's figure: time left, a day and time, late, or paused."""
    now = now or timezone.now()
    moment = case.due_at
    if case.is_closed:
        return Due(None, "")
    if moment is None:
        return Due(None, _("Paused") if case.state == State.WAITS else "")
    left = moment - now
    if left <= timedelta(0):
        return Due(moment, _("%(span)s late") % {"span": span(-left)}, is_late=True)
    if left < timedelta(hours=1):
        return Due(moment, _("%(span)s left") % {"span": span(left)}, is_soon=True)
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return Due(moment, _("by %(time)s") % {"time": clock})
    if local.date() == today + timedelta(days=1):
        return Due(moment, _("Tomorrow %(time)s") % {"time": clock})
    return Due(moment, exact(moment))


def share_used(case: Case, now: datetime | None = None) -> int:
    """How much of the time until the due moment has passed, in percent, for the meter."""
    moment = case.due_at
    if moment is None:
        return 0
    now = now or timezone.now()
    begin = case.opened_at if case.first_replied_at is None else case.first_replied_at
    total = (moment - begin).total_seconds()
    return (
        100 if total <= 0 else max(0, min(100, round((now - begin).total_seconds() * 100 / total)))
    )


def promise(case: Case) -> str:
    """The sentence under a customer's headline."""
    if case.is_closed:
        until = case.may_reopen_until
        if until and until > timezone.now():
            return _("A reply until %(when)s opens it again") % {"when": exact(until)}
        return ""
    if case.due_at is None:
        return ""
    if case.first_replied_at is None:
        return _("First reply by %(when)s") % {"when": exact(case.due_at)}
    return _("Next update by %(when)s") % {"when": exact(case.due_at)}
