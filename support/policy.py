"""What is promised: hours, first reply, next update. Read by the form, the page and the desk."""

from __future__ import annotations

import functools
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

from support.clock import Calendar, business_day_later, is_open

# Each case records it, so that a later change does not move what was promised (S-15).
VERSION = 1
ZONE = "Europe/Warsaw"
OPENS, CLOSES = time(9), time(17)
# The country whose public holidays are ours.
_COUNTRY = "PL"
# Public holidays are known for these years around the current one.
_YEARS = 2


@functools.lru_cache(maxsize=4)
def _calendar(year: int) -> Calendar:
    days = holidays.country_holidays(_COUNTRY, years=range(year - _YEARS, year + _YEARS + 1))
    week = dict.fromkeys(range(5), ((OPENS, CLOSES),))
    return Calendar(ZoneInfo(ZONE), week, frozenset(days))


def calendar(moment: datetime | None = None) -> Calendar:
    """The support team's working time around MOMENT."""
    return _calendar((moment or timezone.now()).year)


def first_reply_due(submitted: datetime) -> datetime:
    """Within one business day, whatever the priority (S-17)."""
    return business_day_later(calendar(submitted), submitted)


def next_update_due(moment: datetime) -> datetime:
    """While it is with us, something new at least every business day (S-28)."""
    return business_day_later(calendar(moment), moment)


def holidays_ahead(today: date, count: int = 5) -> list[date]:
    """The next days on which nobody answers, weekends apart."""
    days = sorted(day for day in calendar().holidays if day >= today and day.weekday() < 5)
    return days[:count]


def hours_in(zone: ZoneInfo | None, today: date) -> tuple[datetime, datetime]:
    """Opening and closing time of a day, in the reader's zone."""
    here = ZoneInfo(ZONE)
    opens = datetime.combine(today, OPENS, tzinfo=here)
    closes = datetime.combine(today, CLOSES, tzinfo=here)
    reader = zone or here
    return opens.astimezone(reader), closes.astimezone(reader)


def is_open_now(moment: datetime) -> bool:
    return is_open(calendar(moment), moment)
