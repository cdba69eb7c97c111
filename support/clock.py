"""Business time: when a first reply is due. Pure functions, no database, no "now"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# More than two weeks without an open minute is a calendar nobody can work by.
_HORIZON = timedelta(days=400)


@dataclass(frozen=True)
class Calendar:
    """Opening periods in local wall time; WEEK maps Monday = 0 … Sunday = 6 to periods."""

    zone: ZoneInfo
    week: Mapping[int, Sequence[tuple[time, time]]]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def periods(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's opening periods as instants in UTC."""
        if day in self.holidays:
            return []
        return [
            (self._instant(day, begin), self._instant(day, end))
            for begin, end in self.week.get(day.weekday(), ())
        ]

    def _instant(self, day: date, at: time) -> datetime:
        # fold=0: of an hour that comes twice the first one counts; an hour that does not
        # exist is read with the offset before the change.
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def standard(zone: str, holidays: frozenset[date] = frozenset()) -> Calendar:
    """Monday to Friday, 9 to 17."""
    day = ((time(9), time(17)),)
    return Calendar(ZoneInfo(zone), dict.fromkeys(range(5), day), holidays)


def next_open(calendar: Calendar, instant: datetime) -> datetime:
    """INSTANT itself while open, else the beginning of the next opening period.

    Raises ValueError for a calendar that never opens.
    """
    for begin, end in _periods_from(calendar, instant):
        if instant < end:
            return max(instant, begin)
    raise ValueError("This calendar never opens.")


def business_day_later(calendar: Calendar, instant: datetime) -> datetime:
    """One business day after INSTANT (S-17).

    The submission is moved to the next open moment; due is the same wall-clock time on the
    next business day. From a moment before a day's hours that whole day counts: what comes
    in on Saturday is due at the end of Monday. A break within the day is no such moment.
    """
    begin = next_open(calendar, instant)
    local = begin.astimezone(calendar.zone)
    today = calendar.periods(local.date())
    if begin > instant and begin == today[0][0]:
        return today[-1][1]
    day = local.date()
    for _ in range(_HORIZON.days):
        day += timedelta(days=1)
        periods = calendar.periods(day)
        if periods:
            same = datetime.combine(day, local.time(), tzinfo=calendar.zone).astimezone(UTC)
            return _into(periods, same)
    raise ValueError("This calendar never opens.")


def is_open(calendar: Calendar, instant: datetime) -> bool:
    return next_open(calendar, instant) == instant


def business_seconds(calendar: Calendar, begin: datetime, end: datetime) -> float:
    """Open seconds between two instants; 0 when END is not after BEGIN."""
    total = 0.0
    for first, last in _periods_from(calendar, begin):
        if first >= end:
            break
        total += max((min(last, end) - max(first, begin)).total_seconds(), 0.0)
    return total


def _into(periods: Sequence[tuple[datetime, datetime]], instant: datetime) -> datetime:
    """INSTANT if it lies in a period, else the nearest edge that is not earlier."""
    for begin, end in periods:
        if instant < begin:
            return begin
        if instant <= end:
            return instant
    return periods[-1][1]


def _periods_from(calendar: Calendar, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = instant.astimezone(calendar.zone).date() - timedelta(days=1)
    last = day + _HORIZON
    while day <= last:
        yield from calendar.periods(day)
        day += timedelta(days=1)
