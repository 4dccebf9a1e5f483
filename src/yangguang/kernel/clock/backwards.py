"""Limits counted back from an event. Suspensions and extensions have no meaning for a gap before an event."""

from __future__ import annotations

import datetime as dt

from .account import Account, Stretch
from .answers import Reckoning
from .by_days import measure_of, ruler_of
from .calendar import Ruler, WorkingCalendar
from .history import History, in_months
from .limits import Limit, day_of
from .months import add_months
from .terms import Term
from .vocabulary import ClockError, Shape, State, Unit

_ONE = dt.timedelta(1)


def reckon_backwards(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    """Return the answer for a limit counted back from the start, which is the event itself."""
    if history.gaps or history.open_from or history.pieces != [limit.term] or limit.term is None:
        raise ClockError("bad_event", "倒算的期限不能中止、延长或者缩短。")
    event = day_of(history.start)
    first = _counted_back(limit.term, event, calendar)
    if limit.shape is Shape.WINDOW:
        due = _window_end(limit, limit.term.unit, event, calendar)
    else:
        due = first - _ONE if limit.clear else first
    latest = calendar.previous_working_day(due) if limit.rolls else due
    ruler = ruler_of(limit.term, calendar)
    now = day_of(history.now)
    left = _signed(ruler, now, latest) if now != event else limit.term.amount
    provisional = isinstance(ruler, WorkingCalendar) and calendar.is_provisional_between(first, event - _ONE)
    return Reckoning(
        due_on=latest,
        due_at=None,
        opens_on=first if limit.shape is Shape.WINDOW else None,
        provisional=provisional or (limit.rolls and calendar.is_provisional_between(latest, due)),
        state=State.STOPPED if history.stopped is not None else State.RUNNING,
        used=0,
        total=limit.term.amount,
        remaining=left,
        measure=measure_of(ruler),
        calendar_version=calendar.version,
        cite=limit.cite,
        account=Account(calendar, (Stretch(first.toordinal(), event.toordinal() - 1, ruler, ()),)),
    )


def _window_end(limit: Limit, unit: Unit, event: dt.date, calendar: WorkingCalendar) -> dt.date:
    if not limit.opens_after:
        return event - _ONE
    nearer = _counted_back(Term(limit.opens_after, unit), event, calendar)
    return nearer - _ONE if limit.clear else nearer


def _counted_back(term: Term, event: dt.date, calendar: WorkingCalendar) -> dt.date:
    if term.unit is Unit.WORKING_DAYS:
        return calendar.before(event, term.amount)
    if term.unit is Unit.CALENDAR_DAYS:
        return event - dt.timedelta(term.amount)
    return add_months(event, -in_months(term))


def _signed(ruler: Ruler, now: dt.date, due: dt.date) -> int:
    if now <= due:
        return ruler.ordinal_between(now.toordinal(), due.toordinal())
    return -ruler.ordinal_between(due.toordinal(), now.toordinal())

