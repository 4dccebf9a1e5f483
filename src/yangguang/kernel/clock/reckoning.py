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
from dataclasses import replace

from .answers import Elapsed, Reckoning
from .backwards import reckon_backwards
from .by_days import gaps_through, measure_of, reckon_days, ruler_of
from .by_hours import elapsed_hours, reckon_hours
from .calendar import WorkingCalendar, net
from .history import Moment, read_history
from .limits import HOURLY, Event, Limit, day_of
from .months import next_anchor
from .suspensions import Span
from .terms import Term
from .vocabulary import ClockError, EventKind, Shape, State

__all__ = ["Elapsed", "Reckoning", "elapsed", "reckon", "recurrences"]


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
        return reckon_hours(limit, history, calendar)
    if limit.backwards:
        return reckon_backwards(limit, history, calendar)
    return reckon_days(limit, history, calendar)


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
        return elapsed_hours(limit.term.unit, history, calendar)
    ruler = ruler_of(limit.term, calendar)
    counted_days, net_days = ruler.ordinal_between(start, end), net(ruler, start, end, gaps_through(history, end))
    return Elapsed(end - start, counted_days, net_days, measure_of(ruler))


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

