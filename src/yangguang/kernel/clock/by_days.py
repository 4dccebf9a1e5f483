"""Limits in days, months and years, counted forward stage by stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .account import Account, Stretch
from .answers import Reckoning
from .calendar import EveryDay, Gaps, Ruler, WorkingCalendar, advance, net
from .history import History, in_months
from .limits import HOURLY, Limit, day_of
from .months import add_months, fixed_day
from .suspensions import merge
from .terms import Term
from .vocabulary import ClockError, Measure, Shape, State, Unit

_ONE = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class _Stage:
    """`need` counted days after `start` by one ruler, reached on `end`; None where a suspension stands before it."""

    ruler: Ruler
    start: int
    need: int
    end: int | None
    gaps: Gaps


def reckon_days(limit: Limit, history: History, calendar: WorkingCalendar) -> Reckoning:
    """Return the answer for a limit in days, months or years, or by a named day."""
    start, now = day_of(history.start).toordinal(), day_of(history.now).toordinal()
    if limit.on and not history.pieces:
        history.pieces = [fixed_day(limit.on, day_of(history.start))]
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
        opens_on=_opens_on(limit, history, due, calendar),
        provisional=history.provisional or _is_provisional(stages, due, now, limit, calendar),
        state=state_of(history, due),
        used=total if overdue else min(used, total),
        total=total,
        remaining=remaining,
        measure=measure_of(stages[-1].ruler),
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
            stage = _Stage(EveryDay(calendar), cursor, max(piece.toordinal() - cursor, 0), piece.toordinal(), ())
            stage.ruler.ordinal_after(cursor, stage.need)
        else:
            ruler = ruler_of(piece, calendar)
            need = counted_days(piece, cursor)
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


def counted_days(term: Term, start: int) -> int:
    """Return how many days of its ruler a term is, begun on a day (民法典 第二百零二条 for months and years)."""
    if term.unit in (Unit.MONTHS, Unit.YEARS):
        return add_months(dt.date.fromordinal(start), in_months(term)).toordinal() - start
    return term.amount


def ruler_of(term: Term | None, calendar: WorkingCalendar) -> Ruler:
    """Return what counts the days of a term: the calendar for working days, otherwise every day."""
    if term is not None and term.unit in HOURLY:
        raise ClockError("bad_event", "以日计算的期限不能以小时延长。")
    return calendar if term is not None and term.unit is Unit.WORKING_DAYS else EveryDay(calendar)


def measure_of(ruler: Ruler) -> Measure:
    """Return the measure a ruler counts in."""
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


def _opens_on(limit: Limit, history: History, due: int | None, calendar: WorkingCalendar) -> dt.date | None:
    """Return the first day on which acting is lawful; None where a standing suspension hides it.

    A window opens by the limit's own count, also where its end was moved to a named day.
    """
    if limit.shape is Shape.MIN:
        return dt.date.fromordinal(due) + _ONE if due is not None else None
    if limit.shape is not Shape.WINDOW or limit.term is None:
        return None
    start = day_of(history.start)
    if not limit.opens_after:
        return start + _ONE
    need = counted_days(Term(limit.opens_after, limit.term.unit), start.toordinal())
    eve = advance(ruler_of(limit.term, calendar), start.toordinal(), need, merge(history.gaps))
    if history.open_from is not None and history.open_from.toordinal() <= eve:
        return None
    return dt.date.fromordinal(eve) + _ONE


def _is_provisional(
    stages: Sequence[_Stage], due: int | None, now: int, limit: Limit, calendar: WorkingCalendar
) -> bool:
    """Working days rest on every day passed; where the last day rolls, on those from the last day to the due day."""
    for stage in stages:
        last = stage.end if stage.end is not None else max(now, stage.start)
        if isinstance(stage.ruler, WorkingCalendar) and last > stage.start:
            if calendar.is_provisional_between(dt.date.fromordinal(stage.start + 1), dt.date.fromordinal(last)):
                return True
    end = stages[-1].end
    if due is None or end is None or not limit.rolls:
        return False
    return calendar.is_provisional_between(dt.date.fromordinal(end), dt.date.fromordinal(due))


def state_of(history: History, due: int | None) -> State:
    """Return how a clock stands that is due on a day (ordinal); None: a standing suspension hides the due day."""
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


def gaps_through(history: History, end: int) -> Gaps:
    """Return the gaps in days through `end`, a standing suspension included."""
    spans = list(history.gaps)
    if history.open_from is not None and history.open_from.toordinal() <= end:
        spans.append((history.open_from, dt.date.fromordinal(end)))
    return merge(spans)

