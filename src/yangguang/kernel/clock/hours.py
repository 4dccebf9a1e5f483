"""Limits in hours: continuous hours, and hours while the offices are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from .calendar import WorkingCalendar
from .vocabulary import BEIJING

#: a stretch of time, the end not included
Stretch = tuple[dt.datetime, dt.datetime]
_DAY = dt.timedelta(1)


def open_stretches(
    calendar: WorkingCalendar, start: dt.datetime, gaps: Sequence[Stretch], *, working: bool
) -> Iterator[Stretch]:
    """Yield, without end, the stretches after `start` in which the clock runs: all time, or office hours.

    Time inside the gaps is left out. Raises ClockError `beyond_calendar` at the end of the calendar.
    """
    day = start.date()
    while True:
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=BEIJING)
        if not working:
            calendar.is_work(day)  # refuses days outside the calendar
            sessions = [(midnight, midnight + _DAY)]
        elif calendar.is_work(day):
            sessions = [
                (midnight + dt.timedelta(minutes=opens), midnight + dt.timedelta(minutes=closes))
                for opens, closes in calendar.office_hours.sessions
            ]
        else:
            sessions = []
        for head, tail in sessions:
            yield from _without(max(head, start), tail, gaps)
        day += _DAY


def due_moment(
    calendar: WorkingCalendar, start: dt.datetime, length: dt.timedelta, gaps: Sequence[Stretch], *, working: bool
) -> dt.datetime:
    """Return the moment at which a length of running time after `start` is used up."""
    for head, tail in open_stretches(calendar, start, gaps, working=working):
        if length <= tail - head:
            return head + length
        length -= tail - head
    raise AssertionError("open_stretches ends only by an error")


def running_time(
    calendar: WorkingCalendar, start: dt.datetime, end: dt.datetime, gaps: Sequence[Stretch], *, working: bool
) -> dt.timedelta:
    """Return the running time between two moments; zero where the end is not after the start."""
    total = dt.timedelta(0)
    for head, tail in open_stretches(calendar, start, gaps, working=working):
        if head >= end:
            return total
        total += min(tail, end) - head
        if tail >= end:
            return total
    raise AssertionError("open_stretches ends only by an error")


def _without(head: dt.datetime, tail: dt.datetime, gaps: Sequence[Stretch]) -> Iterator[Stretch]:
    for first, last in sorted(gaps):
        if head >= tail:
            return
        if last <= head or first >= tail:
            continue
        if head < first:
            yield head, first
        head = max(head, last)
    if head < tail:
        yield head, tail
