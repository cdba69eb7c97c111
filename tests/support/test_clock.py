"""S-17, T1 to T10: when a first reply is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clock import (
    Calendar,
    business_day_later,
    business_seconds,
    is_open,
    next_open,
    standard,
)

BERLIN = standard("Europe/Berlin")
TWO_SHIFTS = Calendar(
    ZoneInfo("Europe/Berlin"),
    dict.fromkeys(range(5), ((time(8), time(12)), (time(13), time(17)))),
)


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due(calendar: Calendar, text: str) -> str:
    found = business_day_later(calendar, local(str(calendar.zone), text))
    return found.astimezone(calendar.zone).strftime("%a %Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ("2026-11-20 16:50", "Mon 2026-11-23 16:50:00"),  # Friday
        ("2026-11-21 11:00", "Mon 2026-11-23 17:00:00"),  # Saturday: one full business day
        ("2026-11-22 23:59", "Mon 2026-11-23 17:00:00"),
        ("2026-11-23 07:00", "Mon 2026-11-23 17:00:00"),  # before opening: that whole day
        ("2026-11-23 09:00", "Tue 2026-11-24 09:00:00"),
        ("2026-11-20 16:59:59", "Mon 2026-11-23 16:59:59"),
        ("2026-11-20 17:00", "Mon 2026-11-23 17:00:00"),  # closed at that very moment
    ],
)
def test_due_is_one_business_day_after_the_submission(submitted: str, expected: str) -> None:
    """S-17, T9."""
    assert due(BERLIN, submitted) == expected


@pytest.mark.parametrize(
    ("zone", "submitted", "expected"),
    [
        # T1: the weekend change lies between Friday's case and Monday's deadline.
        ("Europe/Berlin", "2026-03-27 16:30", "Mon 2026-03-30 16:30:00"),
        ("Europe/Berlin", "2026-10-23 16:30", "Mon 2026-10-26 16:30:00"),
        ("America/New_York", "2026-03-06 16:30", "Mon 2026-03-09 16:30:00"),
        ("America/New_York", "2026-10-30 16:30", "Mon 2026-11-02 16:30:00"),
        ("America/New_York", "2027-03-12 16:30", "Mon 2027-03-15 16:30:00"),
        ("America/New_York", "2027-11-05 16:30", "Mon 2027-11-08 16:30:00"),
        # T3: half an hour. T4: Ramadan. T5: a change before midnight. T6: none any more.
        ("Australia/Lord_Howe", "2026-04-03 10:15", "Mon 2026-04-06 10:15:00"),
        ("Australia/Lord_Howe", "2026-10-02 10:15", "Mon 2026-10-05 10:15:00"),
        ("Africa/Casablanca", "2026-02-13 16:00", "Mon 2026-02-16 16:00:00"),
        ("Africa/Casablanca", "2026-03-20 16:00", "Mon 2026-03-23 16:00:00"),
        ("Europe/Dublin", "2026-10-23 12:00", "Mon 2026-10-26 12:00:00"),
        ("America/Santiago", "2026-04-03 16:30", "Mon 2026-04-06 16:30:00"),
        ("Asia/Tehran", "2026-03-20 12:00", "Mon 2026-03-23 12:00:00"),
        ("America/Sao_Paulo", "2026-02-20 12:00", "Mon 2026-02-23 12:00:00"),
        # T7: odd offsets. T8: a Friday that does not exist.
        ("Asia/Kathmandu", "2026-11-20 16:50", "Mon 2026-11-23 16:50:00"),
        ("Pacific/Apia", "2011-12-29 16:50", "Mon 2012-01-02 16:50:00"),
        # T9: leap day, turn of the year.
        ("Europe/Berlin", "2028-02-28 10:00", "Tue 2028-02-29 10:00:00"),
        ("Europe/Berlin", "2026-12-31 10:00", "Fri 2027-01-01 10:00:00"),
    ],
)
def test_the_wall_clock_counts_across_changes(zone: str, submitted: str, expected: str) -> None:
    """T1, T3 to T9."""
    if zone == "Pacific/Apia":
        calendar = standard(zone, frozenset({date(2011, 12, 30)}))
    else:
        calendar = standard(zone)
    assert due(calendar, submitted) == expected


def test_a_week_from_sunday_to_thursday() -> None:
    """T2: in Jerusalem the clocks change on Friday 27 March 2026, in Cairo on 24 April."""
    week = dict.fromkeys((6, 0, 1, 2, 3), ((time(9), time(17)),))
    jerusalem = Calendar(ZoneInfo("Asia/Jerusalem"), week)
    assert due(jerusalem, "2026-03-26 16:30") == "Sun 2026-03-29 16:30:00"
    cairo = Calendar(ZoneInfo("Africa/Cairo"), week)
    assert due(cairo, "2026-04-23 10:00") == "Sun 2026-04-26 10:00:00"


def test_the_hour_that_comes_twice_does_not_give_two_deadlines() -> None:
    """T2: Cairo, Thursday 29 October 2026, 23:00 comes twice."""
    night = Calendar(ZoneInfo("Africa/Cairo"), dict.fromkeys(range(7), ((time(22), time(23, 59)),)))
    assert due(night, "2026-10-28 23:30") == "Thu 2026-10-29 23:30:00"


def test_holidays_are_skipped() -> None:
    """T9: a holiday, and one moved to Monday."""
    calendar = standard("Europe/Berlin", frozenset({date(2026, 11, 23)}))
    assert due(calendar, "2026-11-20 16:50") == "Tue 2026-11-24 16:50:00"
    assert due(calendar, "2026-11-23 12:00") == "Tue 2026-11-24 17:00:00"


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ("2026-11-23 10:00", "Tue 2026-11-24 10:00:00"),
        ("2026-11-23 12:30", "Tue 2026-11-24 13:00:00"),  # the break is no closing time
        ("2026-11-20 16:50", "Mon 2026-11-23 16:50:00"),
        ("2026-11-21 10:00", "Mon 2026-11-23 17:00:00"),
    ],
)
def test_two_shifts_a_day(submitted: str, expected: str) -> None:
    """S-17: a calendar with a break at noon."""
    assert due(TWO_SHIFTS, submitted) == expected


def test_a_shorter_next_day_ends_the_wait_at_its_end() -> None:
    week = {4: ((time(9), time(17)),), 0: ((time(9), time(13)),)}
    assert due(Calendar(ZoneInfo("Europe/Berlin"), week), "2026-11-20 15:00").endswith("13:00:00")


def test_a_later_start_on_the_next_day_is_waited_for() -> None:
    week = {4: ((time(9), time(17)),), 0: ((time(12), time(17)),)}
    assert due(Calendar(ZoneInfo("Europe/Berlin"), week), "2026-11-20 10:00").endswith("12:00:00")


def test_a_calendar_that_never_opens_is_refused() -> None:
    empty = Calendar(ZoneInfo("UTC"), {})
    with pytest.raises(ValueError, match="never opens"):
        next_open(empty, datetime(2026, 1, 1, tzinfo=UTC))
    once = Calendar(ZoneInfo("UTC"), {4: ((time(9), time(17)),)}, frozenset())
    assert is_open(once, datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert not is_open(once, datetime(2026, 11, 20, 17, tzinfo=UTC))


moments = st.datetimes(
    min_value=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    max_value=datetime(2027, 12, 31, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.just(UTC),
)


@given(moments)
def test_the_deadline_lies_inside_the_hours_and_keeps_the_promise(moment: datetime) -> None:
    """Invariants of T10: eight business hours exactly, never outside the hours."""
    found = business_day_later(BERLIN, moment)
    day = found.astimezone(BERLIN.zone).date()
    assert any(begin <= found <= end for begin, end in BERLIN.periods(day))
    assert business_seconds(BERLIN, moment, found) == timedelta(hours=8).total_seconds()


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=5)))
def test_a_later_start_never_gives_an_earlier_deadline(moment: datetime, wait: timedelta) -> None:
    for calendar in (BERLIN, TWO_SHIFTS):
        assert business_day_later(calendar, moment) <= business_day_later(calendar, moment + wait)


def test_no_time_passes_backwards() -> None:
    noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert business_seconds(BERLIN, noon, noon - timedelta(hours=1)) == 0
