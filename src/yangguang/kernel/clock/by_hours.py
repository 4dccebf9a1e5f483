"""Limits in hours, continuous or in office hours."""

from __future__ import annotations

import datetime as dt

from .account import Account, Stretch
from .answers import Elapsed, Reckoning
from .by_days import gaps_through, state_of
from .calendar import EveryDay, Ruler, WorkingCalendar
from .history import History, Moment, instant
from .hours import due_moment, running_time
from .limits import Limit, day_of
from .suspensions import merge
from .vocabulary import ClockError, Measure, Unit

_ONE = dt.timedelta(1)


def reckon_hours(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    """Return the answer for a limit in hours."""
    assert limit.term is not None
    working = limit.term.unit is Unit.WORKING_HOURS
    hours = _hours(history, limit.term.unit)
    start = start_moment(history.start)
    now = max(end_moment(history.now) if history.now != history.start else start, start)
    length = dt.timedelta(hours=hours)
    due_at: dt.datetime | None = due_moment(calendar, start, length, moment_gaps(history, None), working=working)
    if history.open_at is not None and due_at is not None and history.open_at < due_at:
        due_at = None
    used = running_time(calendar, start, now, moment_gaps(history, now), working=working)
    due = _day_ending(due_at) if due_at is not None else None
    last = due if due is not None else day_of(now)
    first = start.date()
    ruler: Ruler = calendar if working else EveryDay(calendar)
    return Reckoning(
        due_on=due,
        due_at=due_at,
        opens_on=None,
        provisional=history.provisional or (working and calendar.is_provisional_between(first, max(first, last))),
        state=state_of(history, due.toordinal() if due is not None else None),
        used=whole_minutes(used),
        total=hours * 60,
        remaining=hours * 60 - whole_minutes(used),
        measure=Measure.MINUTES,
        calendar_version=calendar.version,
        cite=limit.cite,
        account=_account_of_hours(ruler, first, last, history, calendar),
    )


def elapsed_hours(unit: Unit, history: History, calendar: WorkingCalendar) -> Elapsed:
    """Return the time passed of a clock in hours, gross in days, counted and net in minutes."""
    working = unit is Unit.WORKING_HOURS
    since, now = start_moment(history.start), end_moment(history.now)
    counted = running_time(calendar, since, now, [], working=working)
    run = running_time(calendar, since, now, moment_gaps(history, now), working=working)
    days = (day_of(history.now) - day_of(history.start)).days
    return Elapsed(days, whole_minutes(counted), whole_minutes(run), Measure.MINUTES)


def _account_of_hours(
    ruler: Ruler, first: dt.date, last: dt.date, history: History, calendar: WorkingCalendar
) -> Account:
    gaps = gaps_through(history, last.toordinal())
    return Account(calendar, (Stretch(first.toordinal(), last.toordinal(), ruler, gaps),))


def _hours(history: History, unit: Unit) -> int:
    total = 0
    for piece in history.pieces:
        if isinstance(piece, dt.date) or piece.unit is not unit:
            raise ClockError("bad_event", "以小时计算的期限只能以同样的单位延长或者缩短。")
        total += piece.amount
    return total


def moment_gaps(history: History, now: dt.datetime | None) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the gaps as moments, days as whole days, a standing suspension through `now` where it is given."""
    days = [(dt.date.fromordinal(first), dt.date.fromordinal(last)) for first, last in merge(history.gaps)]
    gaps = history.moments + [(instant(first), instant(last + _ONE)) for first, last in days]
    if now is not None and history.open_at is not None and history.open_at < now:
        gaps.append((history.open_at, now))
    return sorted(gaps)


def start_moment(start: Moment) -> dt.datetime:
    """Return when hours begin to run: at the moment (第二百零一条第二款); where only the day is known, at its end."""
    return instant(start) if isinstance(start, dt.datetime) else instant(start + _ONE)


def end_moment(now: Moment) -> dt.datetime:
    """Return a moment; of a day its end."""
    return instant(now) if isinstance(now, dt.datetime) else instant(now + _ONE)


def whole_minutes(length: dt.timedelta) -> int:
    """Return a length of time in whole minutes."""
    return int(length.total_seconds() // 60)



def _day_ending(moment: dt.datetime) -> dt.date:
    """Return the day of a moment, where midnight is 24:00 of the day before."""
    return (moment - dt.timedelta(microseconds=1)).date()

