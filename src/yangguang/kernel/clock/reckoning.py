"""The answer of the clock: when a limit falls due, whether that is final, and how it stands.

How days are counted is told in the README. In short, for limits in days, months and years:

1. the day of the start is not counted (民法典 第二百零一条);
2. months and years end on the day of the same number, on the month's last day where it has none (第二百零二条);
   they are then a number of calendar days, so that suspensions lengthen them day by day;
3. days of a suspension are passed over, each once, whatever suspensions overlap;
4. an extension in another unit is counted from the end of what went before;
5. where the limit rolls, a last day on a closed day moves to the next working day (第二百零三条);
6. a day that was named (fixed limits, extensions to a day) is not moved by suspensions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .account import Account, Skipped, Stretch
from .calendar import EveryDay, Gaps, Ruler, WorkingCalendar, advance, net
from .history import History, Moment, in_months, instant, read_history
from .hours import due_moment, running_time
from .limits import HOURLY, Event, Limit, day_of
from .months import add_months, next_anchor
from .suspensions import Span, merge
from .terms import Term
from .vocabulary import ClockError, EventKind, Measure, Shape, State, Unit

_ONE = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a clock stands.

    - `due_on`: the last day (for MIN: the last day that must have run); None while the clock is suspended
      without a known end. `due_at` is the moment, for limits in hours only.
    - `opens_on`: first day on which acting is lawful: after the full term for MIN, inside the span for WINDOW.
    - `provisional`: the answer rests on days that no notice settles yet. No red light may rest on it.
    - `used`, `total`, `remaining`: in `measure`; `remaining` is negative once overdue.
    - `calendar_version`: to be kept with the answer; a new version calls for a new reckoning.
    - `account`: every day after the start through `due_on` (through `as_of` while suspended; backwards: the
      counted days before the event), counted or not and why; `counted` and `skipped` are its two halves.
    """

    due_on: dt.date | None
    due_at: dt.datetime | None
    opens_on: dt.date | None
    provisional: bool
    state: State
    used: int
    total: int
    remaining: int
    measure: Measure
    calendar_version: str
    cite: str
    account: Account

    @property
    def counted(self) -> tuple[dt.date, ...]:
        """The days that were counted, in order; for limits in hours the days on which time ran."""
        return self.account.counted()

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days that were not counted, in order, with reason and source."""
        return self.account.skipped()


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time passed, three ways, always published together: all days, days of the limit's kind, less suspensions.

    `gross` is in calendar days, `counted` and `net` in `measure`.
    """

    gross: int
    counted: int
    net: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class _Stage:
    """`need` counted days after `start` by one ruler, reached on `end`; None where a suspension stands before it."""

    ruler: Ruler
    start: int
    need: int
    end: int | None
    gaps: Gaps


def reckon(
    limit: Limit,
    events: Sequence[Event],
    calendar: WorkingCalendar,
    as_of: Moment | None = None,
    uncounted: Sequence[Span] = (),
) -> Reckoning:
    """Return how the clock of a limit stands after its events.

    Events later than `as_of` have not happened yet; without `as_of` all have, and `used` is taken at the last.
    `uncounted` are further days that do not count, first and last included, whatever the events say.
    For RECURRING: the first turn that is due on or after `as_of`.

    Raises ClockError `no_start`, `bad_event`, `bad_limit`, `bad_pause`, `before_calendar`, `beyond_calendar`.
    """
    if limit.shape is Shape.RECURRING:
        return _reckon_turn(limit, events, calendar, as_of)
    history = read_history(limit, events, calendar, as_of)
    history.gaps.extend(uncounted)
    if limit.term is not None and limit.term.unit in HOURLY:
        return _reckon_hours(limit, history, calendar)
    if limit.backwards:
        return _reckon_backwards(limit, history, calendar)
    return _reckon_days(limit, history, calendar)


def recurrences(limit: Limit, start: dt.date, calendar: WorkingCalendar) -> Iterator[Reckoning]:
    """Yield the turns of a RECURRING limit in order, as clocks without other events, to the calendar's end.

    Turns in months are counted from `start`, not from the turn before: 31 January is followed by 28 February and
    31 March. A turn whose last day rolls is due later; the next is counted as if it had not.
    """
    turn = 0
    while True:
        turn += 1
        if limit.term is not None:
            if limit.term.unit in HOURLY:
                raise ClockError("bad_limit", "定期期限须以日、月、年计算。")
            one = replace(limit, shape=Shape.MAX, term=Term(limit.term.amount * turn, limit.term.unit))
            yield reckon(one, [Event(EventKind.START, start)], calendar)
        else:
            last = next_anchor(limit.on, start)
            one = replace(limit, shape=Shape.FIXED, on=(last.isoformat(),))
            yield reckon(one, [Event(EventKind.START, start)], calendar)
            start = last


def elapsed(
    limit: Limit,
    events: Sequence[Event],
    calendar: WorkingCalendar,
    as_of: Moment,
    uncounted: Sequence[Span] = (),
) -> Elapsed:
    """Return the time passed from the start through `as_of` or the stop, three ways (see Elapsed)."""
    history = read_history(limit, events, calendar, as_of)
    history.gaps.extend(uncounted)
    start, end = day_of(history.start).toordinal(), day_of(history.now).toordinal()
    if limit.term is not None and limit.term.unit in HOURLY:
        working = limit.term.unit is Unit.WORKING_HOURS
        since, now = _start_moment(history.start), _end_moment(history.now)
        gaps = _moment_gaps(history, now)
        counted = running_time(calendar, since, now, [], working=working)
        run = running_time(calendar, since, now, gaps, working=working)
        return Elapsed(end - start, _minutes(counted), _minutes(run), Measure.MINUTES)
    ruler = _ruler(limit.term, calendar)
    counted_days, net_days = ruler.ordinal_between(start, end), net(ruler, start, end, _gaps(history, end))
    return Elapsed(end - start, counted_days, net_days, _measure(ruler))


# -- days, months, years -----------------------------------------------------------------------------------------


def _reckon_days(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    start, now = day_of(history.start).toordinal(), day_of(history.now).toordinal()
    if limit.on and not history.pieces:
        history.pieces = [next_anchor(limit.on, day_of(history.start))]
    stages, total = _stages(history, calendar)
    end = stages[-1].end
    due = _rolled(end, stages[-1].gaps, calendar) if limit.rolls and end is not None else end
    if due is not None and due != end and history.open_from and history.open_from.toordinal() <= due:
        due = None
    used = _used(stages, now)
    overdue = due is not None and now > due
    remaining = -net(stages[-1].ruler, due, now, stages[-1].gaps) if overdue and due is not None else total - used
    return Reckoning(
        due_on=dt.date.fromordinal(due) if due is not None else None,
        due_at=None,
        opens_on=_opens_on(limit, stages, due),
        provisional=history.provisional or _is_provisional(stages, due, now, calendar),
        state=_state(history, due),
        used=total if overdue else min(used, total),
        total=total,
        remaining=remaining,
        measure=_measure(stages[-1].ruler),
        calendar_version=calendar.version,
        cite=limit.cite,
        account=_account(stages, due, max(now, start), calendar),
    )


def _stages(history: History, calendar: WorkingCalendar) -> tuple[list[_Stage], int]:
    """Return the stages up to the one a standing suspension interrupts, and the counted days of all pieces."""
    gaps = merge(history.gaps)
    cursor = day_of(history.start).toordinal()
    open_from = history.open_from.toordinal() if history.open_from else None
    stages: list[_Stage] = []
    total, blocked = 0, False
    for piece in history.pieces:
        if isinstance(piece, dt.date):
            stage = _Stage(EveryDay(calendar), cursor, piece.toordinal() - cursor, piece.toordinal(), ())
            stage.ruler.ordinal_after(cursor, stage.need)
        else:
            ruler = _ruler(piece, calendar)
            need = _need(piece, cursor)
            end: int | None = advance(ruler, cursor, need, gaps)
            blocked = open_from is not None and end is not None and open_from <= end
            standing = gaps if not blocked or open_from is None else _clip(gaps, open_from, calendar)
            stage = _Stage(ruler, cursor, need, None if blocked else end, standing)
        total += stage.need
        if stages and stages[-1].end is None:
            continue
        stages.append(stage)
        cursor = stage.end if stage.end is not None else cursor
    return stages, total


def _clip(gaps: Gaps, open_from: int, calendar: WorkingCalendar) -> Gaps:
    """Return the gaps with the standing suspension, which reaches as far as anyone can see."""
    before = ((first, min(last, open_from - 1)) for first, last in gaps if first < open_from)
    return (*before, (open_from, calendar.last.toordinal()))


def _need(term: Term, start: int) -> int:
    if term.unit in (Unit.MONTHS, Unit.YEARS):
        return add_months(dt.date.fromordinal(start), in_months(term)).toordinal() - start
    return term.amount


def _ruler(term: Term | None, calendar: WorkingCalendar) -> Ruler:
    if term is not None and term.unit in HOURLY:
        raise ClockError("bad_event", "以日计算的期限不能以小时延长。")
    return calendar if term is not None and term.unit is Unit.WORKING_DAYS else EveryDay(calendar)


def _measure(ruler: Ruler) -> Measure:
    return Measure.WORKING_DAYS if isinstance(ruler, WorkingCalendar) else Measure.CALENDAR_DAYS


def _rolled(end: int, gaps: Gaps, calendar: WorkingCalendar) -> int:
    due = calendar.next_working_day(dt.date.fromordinal(end))
    for first, last in gaps:
        if first <= due.toordinal() <= last:
            due = calendar.next_working_day(dt.date.fromordinal(last) + _ONE)
    return due.toordinal()


def _used(stages: Sequence[_Stage], now: int) -> int:
    used = 0
    for stage in stages:
        until = now if stage.end is None else min(now, stage.end)
        if until > stage.start:
            used += net(stage.ruler, stage.start, until, stage.gaps)
    return used


def _opens_on(limit: Limit, stages: Sequence[_Stage], due: int | None) -> dt.date | None:
    if limit.shape is Shape.MIN:
        return dt.date.fromordinal(due) + _ONE if due is not None else None
    if limit.shape is not Shape.WINDOW or limit.term is None:
        return None
    head = stages[0]
    if not limit.opens_after:
        return dt.date.fromordinal(head.start) + _ONE
    need = _need(Term(limit.opens_after, limit.term.unit), head.start)
    return dt.date.fromordinal(advance(head.ruler, head.start, need, head.gaps)) + _ONE


def _is_provisional(stages: Sequence[_Stage], due: int | None, now: int, calendar: WorkingCalendar) -> bool:
    """Working days rest on every day passed, calendar days only on the days the end rolled over."""
    for stage in stages:
        last = stage.end if stage.end is not None else max(now, stage.start)
        if isinstance(stage.ruler, WorkingCalendar) and last > stage.start:
            if calendar.is_provisional_between(dt.date.fromordinal(stage.start + 1), dt.date.fromordinal(last)):
                return True
    end = stages[-1].end
    if due is None or end is None or due == end:
        return False
    return calendar.is_provisional_between(dt.date.fromordinal(end), dt.date.fromordinal(due))


def _state(history: History, due: int | None) -> State:
    if history.stopped is not None:
        return State.STOPPED
    waiting = due is None or (history.standing and day_of(history.now).toordinal() <= due)
    return State.SUSPENDED if waiting else State.RUNNING


def _account(stages: Sequence[_Stage], due: int | None, now: int, calendar: WorkingCalendar) -> Account:
    stretches = []
    for stage in stages:
        last = stage.end if stage.end is not None else now
        if stage is stages[-1] and due is not None:
            last = due
        stretches.append(Stretch(stage.start + 1, last, stage.ruler, stage.gaps))
    end = stages[-1].end
    return Account(calendar, tuple(stretches), end if due is not None and due != end else None)


# -- counted back from an event ----------------------------------------------------------------------------------


def _reckon_backwards(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    """The event is the start; suspensions and extensions have no meaning for a gap before an event."""
    if history.gaps or history.open_from or history.pieces != [limit.term] or limit.term is None:
        raise ClockError("bad_event", "倒算的期限不能中止、延长或者缩短。")
    event = day_of(history.start)
    first = _counted_back(limit.term, event, calendar)
    if limit.shape is Shape.WINDOW:
        due = _window_end(limit, limit.term.unit, event, calendar)
    else:
        due = first - _ONE if limit.clear else first
    latest = calendar.previous_working_day(due) if limit.rolls else due
    ruler = _ruler(limit.term, calendar)
    now = day_of(history.now)
    left = _signed(ruler, now, latest) if now != event else limit.term.amount
    provisional = isinstance(ruler, WorkingCalendar) and calendar.is_provisional_between(first, event - _ONE)
    return Reckoning(
        due_on=latest,
        due_at=None,
        opens_on=first if limit.shape is Shape.WINDOW else None,
        provisional=provisional or (latest != due and calendar.is_provisional_between(latest, due)),
        state=State.STOPPED if history.stopped is not None else State.RUNNING,
        used=0,
        total=limit.term.amount,
        remaining=left,
        measure=_measure(ruler),
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


# -- recurring -----------------------------------------------------------------------------------------------------


def _reckon_turn(
    limit: Limit, events: Sequence[Event], calendar: WorkingCalendar, as_of: Moment | None
) -> Reckoning:
    history = read_history(limit, events, calendar, as_of)
    if history.gaps or history.open_from or (limit.term is not None and history.pieces != [limit.term]):
        raise ClockError("bad_event", "定期期限不能中止、延长或者缩短。")
    now = day_of(history.now)
    turns = recurrences(limit, day_of(history.start), calendar)
    found = next(turn for turn in turns if turn.due_on is not None and turn.due_on >= now)
    return replace(found, state=State.STOPPED if history.stopped is not None else State.RUNNING)


# -- hours ---------------------------------------------------------------------------------------------------------


def _reckon_hours(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    assert limit.term is not None
    working = limit.term.unit is Unit.WORKING_HOURS
    hours = _hours(history, limit.term.unit)
    start = _start_moment(history.start)
    now = max(_end_moment(history.now) if history.now != history.start else start, start)
    length = dt.timedelta(hours=hours)
    due_at: dt.datetime | None = due_moment(calendar, start, length, _moment_gaps(history, None), working=working)
    if history.open_at is not None and due_at is not None and history.open_at < due_at:
        due_at = None
    used = running_time(calendar, start, now, _moment_gaps(history, now), working=working)
    due = _day_ending(due_at) if due_at is not None else None
    last = due if due is not None else day_of(now)
    first = start.date()
    ruler: Ruler = calendar if working else EveryDay(calendar)
    return Reckoning(
        due_on=due,
        due_at=due_at,
        opens_on=None,
        provisional=history.provisional or (working and calendar.is_provisional_between(first, max(first, last))),
        state=_state(history, due.toordinal() if due is not None else None),
        used=_minutes(used),
        total=hours * 60,
        remaining=hours * 60 - _minutes(used),
        measure=Measure.MINUTES,
        calendar_version=calendar.version,
        cite=limit.cite,
        account=_account_of_hours(ruler, first, last, history, calendar),
    )


def _account_of_hours(
    ruler: Ruler, first: dt.date, last: dt.date, history: History, calendar: WorkingCalendar
) -> Account:
    gaps = _gaps(history, last.toordinal())
    return Account(calendar, (Stretch(first.toordinal(), last.toordinal(), ruler, gaps),))


def _hours(history: History, unit: Unit) -> int:
    total = 0
    for piece in history.pieces:
        if isinstance(piece, dt.date) or piece.unit is not unit:
            raise ClockError("bad_event", "以小时计算的期限只能以同样的单位延长或者缩短。")
        total += piece.amount
    return total


def _gaps(history: History, end: int) -> Gaps:
    """Return the gaps in days through `end`, a standing suspension included."""
    spans = list(history.gaps)
    if history.open_from is not None and history.open_from.toordinal() <= end:
        spans.append((history.open_from, dt.date.fromordinal(end)))
    return merge(spans)


def _moment_gaps(history: History, now: dt.datetime | None) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the gaps as moments, days as whole days, a standing suspension through `now` where it is given."""
    days = [(dt.date.fromordinal(first), dt.date.fromordinal(last)) for first, last in merge(history.gaps)]
    gaps = history.moments + [(instant(first), instant(last + _ONE)) for first, last in days]
    if now is not None and history.open_at is not None and history.open_at < now:
        gaps.append((history.open_at, now))
    return sorted(gaps)


def _start_moment(start: Moment) -> dt.datetime:
    """Return when hours begin to run: at the moment (第二百零一条第二款); where only the day is known, at its end."""
    return instant(start) if isinstance(start, dt.datetime) else instant(start + _ONE)


def _end_moment(now: Moment) -> dt.datetime:
    return instant(now) if isinstance(now, dt.datetime) else instant(now + _ONE)


def _day_ending(moment: dt.datetime) -> dt.date:
    """Return the day of a moment, where midnight is 24:00 of the day before."""
    return (moment - dt.timedelta(microseconds=1)).date()


def _minutes(length: dt.timedelta) -> int:
    return int(length.total_seconds() // 60)
