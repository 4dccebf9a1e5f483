"""The events of one clock, read in order into what counting needs: a start, terms, gaps and an end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from .calendar import WorkingCalendar
from .limits import HOURLY, Event, Limit, day_of
from .months import add_months
from .suspensions import Span, first_uncounted, uncounted_days
from .terms import Term
from .vocabulary import BEIJING, ClockError, EventKind, SuspensionRule, Unit

Moment = dt.date | dt.datetime
#: a length to be counted, or a last day that was named
Piece = Term | dt.date


@dataclass(slots=True)
class _Suspension:
    """A suspension that has not been ended by an event; `ends_on` is its last uncounted day where it has a length."""

    served: Moment
    ground: str
    ends_on: dt.date | None


@dataclass(slots=True)
class History:
    """What the events of a clock amount to.

    `gaps` are whole uncounted days; `moments` the uncounted spans of a clock in hours whose events name the hour.
    `open_from` is the first uncounted day of a suspension without a known end, `open_at` its moment.
    """

    start: Moment
    pieces: list[Piece]
    now: Moment
    gaps: list[Span] = field(default_factory=list)
    moments: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    open_from: dt.date | None = None
    open_at: dt.datetime | None = None
    stopped: Moment | None = None
    provisional: bool = False
    #: a suspension with a known end is running now
    standing: bool = False


def instant(moment: Moment) -> dt.datetime:
    """Return a moment in Beijing time; a day means its first minute. Times without a zone are Beijing time."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime(moment.year, moment.month, moment.day, tzinfo=BEIJING)
    return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def read_history(limit: Limit, events: Sequence[Event], calendar: WorkingCalendar, as_of: Moment | None) -> History:
    """Return the history of a clock. Events later than `as_of` are left out.

    Raises ClockError `no_start`, or `bad_event` for an event that cannot happen where it stands.
    """
    past = sorted((event for event in events if _has_happened(event.on, as_of)), key=_order)
    reader = _Reader(limit, calendar)
    for event in past:
        reader.read(event)
    if reader.history is None:
        raise ClockError("no_start", "期限尚未开始计算。")
    return reader.close(as_of if as_of is not None else past[-1].on)


def _order(event: Event) -> tuple[dt.date, dt.datetime]:
    """Order events by day and moment; of a day without a moment starts come first, all else last."""
    starts = event.kind in (EventKind.START, EventKind.RESTART)
    moment = event.on if starts or isinstance(event.on, dt.datetime) else event.day + dt.timedelta(1)
    return instant(event.on).date(), instant(moment)


def _has_happened(on: Moment, as_of: Moment | None) -> bool:
    if as_of is None:
        return True
    if isinstance(on, dt.datetime) and isinstance(as_of, dt.datetime):
        return instant(on) <= instant(as_of)
    return day_of(on) <= day_of(as_of)


class _Reader:
    """Takes the events one by one."""

    def __init__(self, limit: Limit, calendar: WorkingCalendar) -> None:
        self.history: History | None = None
        self._limit = limit
        self._calendar = calendar
        self._open: list[_Suspension] = []

    def read(self, event: Event) -> None:
        """Take one event."""
        if event.kind is EventKind.START and self.history is not None:
            raise _wrong(event, "期限已经开始计算。")
        if event.kind in (EventKind.START, EventKind.RESTART):
            self._begin(event)
            return
        if self.history is None:
            raise _wrong(event, "期限尚未开始计算。")
        if self.history.stopped is not None:
            raise _wrong(event, "期限已经终止。")
        match event.kind:
            case EventKind.SUSPEND:
                self._open.append(_Suspension(event.on, event.ground, self._planned_end(event)))
            case EventKind.RESUME:
                self._resume(event)
            case EventKind.STOP:
                self.history.stopped = event.on
            case _:
                self._change(self.history, event)

    def close(self, now: Moment) -> History:
        """Return the history, with the suspensions that no event has ended."""
        history = self.history
        assert history is not None
        history.now = now if history.stopped is None else history.stopped
        for suspension in self._open:
            if history.stopped is not None:
                self._end(suspension, history.stopped, SuspensionRule.FROM_START_THROUGH_END)
            elif suspension.ends_on is not None:
                self._add_days(suspension, suspension.ends_on)
                history.standing |= day_of(history.now) <= suspension.ends_on
            else:
                self._leave_open(history, suspension)
        return history

    def _begin(self, event: Event) -> None:
        self._open.clear()
        self.history = History(event.on, [self._limit.term] if self._limit.term else [], event.on)

    def _planned_end(self, event: Event) -> dt.date | None:
        if event.term is None:
            return event.until
        eve = first_uncounted(event.day, self._limit.suspension) - dt.timedelta(1)
        match event.term.unit:
            case Unit.WORKING_DAYS:
                end = self._calendar.after(eve, event.term.amount)
            case Unit.CALENDAR_DAYS:
                end = eve + dt.timedelta(event.term.amount)
            case Unit.MONTHS | Unit.YEARS:
                end = add_months(eve, in_months(event.term))
            case _:
                raise _wrong(event, "中止的时间须以日、月、年计算。")
        return end

    def _resume(self, event: Event) -> None:
        ended = [s for s in self._open if not event.ground or s.ground == event.ground]
        if not ended:
            raise _wrong(event, "没有可以恢复的中止。")
        self._open = [s for s in self._open if s not in ended]
        for suspension in ended:
            self._end(suspension, event.on, self._limit.suspension)

    def _end(self, suspension: _Suspension, on: Moment, rule: SuspensionRule) -> None:
        assert self.history is not None
        if self._is_hourly() and isinstance(suspension.served, dt.datetime) and isinstance(on, dt.datetime):
            self.history.moments.append((instant(suspension.served), instant(on)))
            return
        span = uncounted_days(day_of(suspension.served), day_of(on), rule)
        if rule is not self._limit.suspension:
            first = first_uncounted(day_of(suspension.served), self._limit.suspension)
            span = (first, day_of(on)) if first <= day_of(on) else None
        if span:
            self._add_days(suspension, min(span[1], suspension.ends_on or span[1]))

    def _add_days(self, suspension: _Suspension, last: dt.date) -> None:
        assert self.history is not None
        first = first_uncounted(day_of(suspension.served), self._limit.suspension)
        if first <= last:
            self.history.gaps.append((first, last))
            planned = suspension.ends_on is not None
            self.history.provisional |= planned and self._calendar.is_provisional_between(first, last)

    def _leave_open(self, history: History, suspension: _Suspension) -> None:
        first = first_uncounted(day_of(suspension.served), self._limit.suspension)
        history.open_from = min(first, history.open_from or first)
        hourly = self._is_hourly() and isinstance(suspension.served, dt.datetime)
        moment = instant(suspension.served if hourly else first)
        history.open_at = min(moment, history.open_at or moment)

    def _is_hourly(self) -> bool:
        return self._limit.term is not None and self._limit.term.unit in HOURLY

    def _change(self, history: History, event: Event) -> None:
        """Extend or shorten: the last piece where the unit is the same, otherwise a piece of its own."""
        if event.until is not None:
            if event.until <= day_of(history.start):
                raise _wrong(event, "新的最后一日早于起算日。")
            history.pieces = [event.until]
            return
        assert event.term is not None
        last = history.pieces[-1] if history.pieces else None
        same = isinstance(last, Term) and last.unit is event.term.unit
        if event.kind is EventKind.EXTEND and not same:
            history.pieces.append(event.term)
            return
        if not (isinstance(last, Term) and same):
            raise _wrong(event, "缩短须与期限单位相同，或者写明新的最后一日。")
        sign = 1 if event.kind is EventKind.EXTEND else -1
        if last.amount + sign * event.term.amount < 1:
            raise _wrong(event, "缩短后期限不足1个单位。")
        history.pieces[-1] = Term(last.amount + sign * event.term.amount, last.unit)


def in_months(term: Term) -> int:
    """Return a term of months or years in months."""
    return term.amount * 12 if term.unit is Unit.YEARS else term.amount


def _wrong(event: Event, says: str) -> ClockError:
    return ClockError("bad_event", f"{{on}}：{says}", on=event.on)
