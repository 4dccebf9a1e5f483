"""The working calendar: every day of a jurisdiction, worked or not, why, and the arithmetic on it.

One definition carries all three forms. `number[i]` is the count of working days from the first day of the
calendar through day i. Then

- "n working days after d" is the day whose number is `number[d] + n`,
- "working days in (a, b]" is `number[b] - number[a]`,

in Python by two list look-ups, in numpy by two takes (`vector`), in SQL by a join on the table of `rows()`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress

from .notices import HalfDay, OfficeHours, Source
from .suspensions import Span, merge
from .vocabulary import ClockError, Why


@dataclass(frozen=True, slots=True)
class DayFact:
    """One day: worked or not, why, by which festival (`name`, may be empty) and source, final or provisional."""

    day: dt.date
    is_work: bool
    why: Why
    name: str
    source: Source
    provisional: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of the day table in SQL. `number` is the cumulative working-day number, through this day."""

    day: dt.date
    number: int
    is_work: bool
    why: str
    name: str
    source: str
    provisional: bool


class WorkingCalendar:
    """The days of one jurisdiction, from `first` to `last`, under one `version`.

    Days of years without a notice are computed from the decree and *provisional*: answers that rest on them
    say so and change when the notice comes. Days outside `first`..`last` are refused (ClockError
    `before_calendar`, `beyond_calendar`): what is not known is not guessed. Immutable after construction.
    """

    def __init__(
        self,
        jurisdiction: str,
        first: dt.date,
        last: dt.date,
        *,
        weekly_rest: tuple[frozenset[int], Source],
        facts: Mapping[dt.date, DayFact],
        provisional_years: Iterable[int] = (),
        office_hours: OfficeHours,
        half_days: tuple[HalfDay, ...] = (),
        settled_by: Mapping[int, Source] | None = None,
    ) -> None:
        self.jurisdiction = jurisdiction
        self.first = first
        self.last = last
        self.office_hours = office_hours
        self.half_days = half_days
        #: year -> the notice that settled it
        self.settled_by = dict(settled_by or {})
        self.provisional_years = frozenset(provisional_years)
        self._rest, self._rest_source = weekly_rest
        self._facts = {day.toordinal(): fact for day, fact in facts.items()}
        self._base = first.toordinal()
        self._end = last.toordinal()
        work, provisional = self._flags()
        self._work = bytes(work)
        self._number = array("l", accumulate(work))
        self._nth = array("l", compress(range(self._base, self._end + 1), work))
        self._unsettled = bytes(provisional)
        self._provisional = array("l", accumulate(provisional))
        self._all = [self._facts.get(ordinal) for ordinal in range(self._base, self._end + 1)]
        self.version = self._hash()

    # -- single days ---------------------------------------------------------------------------------------

    def is_work(self, day: dt.date) -> bool:
        """Return whether offices work on the day."""
        return bool(self._work[self._index(day.toordinal())])

    def is_provisional(self, day: dt.date) -> bool:
        """Return whether the day's status may still change because no notice settles it yet."""
        index = self._index(day.toordinal())
        return self._provisional[index] > (self._provisional[index - 1] if index else 0)

    def fact(self, day: dt.date) -> DayFact:
        """Return the day with its reason and source."""
        return self._all[self._index(day.toordinal())] or self._learn(day)

    def facts(self, first: int, last: int) -> list[DayFact]:
        """Return the days of two ordinals, both included, in order; none where last < first."""
        if last < first:
            return []
        head = self._index(first)
        known = self._all[head : self._index(last) + 1]
        return [fact or self._learn(dt.date.fromordinal(first + n)) for n, fact in enumerate(known)]

    def _learn(self, day: dt.date) -> DayFact:
        """Work out a day that no source names, and keep it."""
        fact = self._ordinary(day)
        self._all[day.toordinal() - self._base] = fact
        return fact

    def _ordinary(self, day: dt.date) -> DayFact:
        rests = day.isoweekday() in self._rest
        why = Why.WEEKEND if rests else Why.WORKDAY
        return DayFact(day, not rests, why, "", self._rest_source, day.year in self.provisional_years)

    def number(self, day: dt.date) -> int:
        """Return the cumulative working-day number through the day (unit: working days since `first`)."""
        return self._number[self._index(day.toordinal())]

    def special_days(self, year: int) -> list[DayFact]:
        """Return the days of a year that are not what their weekday says, or that a source names, in order."""
        return [fact for _, fact in sorted(self._facts.items()) if fact.day.year == year]

    # -- arithmetic ------------------------------------------------------------------------------------------

    def after(self, day: dt.date, n: int, uncounted: Sequence[Span] = ()) -> dt.date:
        """Return the n-th working day after a day (n >= 1); the day itself is not counted (民法典 第二百零一条).

        Days inside the `uncounted` spans (both ends included, overlaps once) are passed over.
        """
        if not uncounted:
            return dt.date.fromordinal(self.ordinal_after(day.toordinal(), _positive(n)))
        return dt.date.fromordinal(advance(self, day.toordinal(), _positive(n), merge(uncounted)))

    def before(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day before a day (n >= 1), the day itself not counted."""
        start = self._index(day.toordinal())
        k = (self._number[start - 1] if start else 0) - _positive(n)
        if k < 0:
            raise self._too_early()
        return dt.date.fromordinal(self._nth[k])

    def between(self, first: dt.date, last: dt.date, uncounted: Sequence[Span] = ()) -> int:
        """Return the working days in (first, last], less those in `uncounted`; negative where last < first."""
        if last < first:
            return -self.between(last, first, uncounted)
        return net(self, first.toordinal(), last.toordinal(), merge(uncounted))

    def next_working_day(self, day: dt.date) -> dt.date:
        """Return the day itself where it is worked, otherwise the first working day after it."""
        return day if self.is_work(day) else dt.date.fromordinal(self.ordinal_after(day.toordinal(), 1))

    def previous_working_day(self, day: dt.date) -> dt.date:
        """Return the day itself where it is worked, otherwise the last working day before it."""
        return day if self.is_work(day) else self.before(day, 1)

    def is_provisional_between(self, first: dt.date, last: dt.date) -> bool:
        """Return whether any day of first..last, both included, is provisional."""
        head = self._index(first.toordinal())
        return self._provisional[self._index(last.toordinal())] > (self._provisional[head - 1] if head else 0)

    # -- the same on day ordinals, for the loops of the clock ------------------------------------------------

    def ordinal_after(self, ordinal: int, n: int) -> int:
        """Return the ordinal of the n-th working day after an ordinal."""
        k = self._number[self._index(ordinal)] + n - 1
        if k >= len(self._nth):
            raise self._too_late()
        return self._nth[k]

    def ordinal_between(self, first: int, last: int) -> int:
        """Return the working days in (first, last] of two ordinals, first <= last."""
        return self._number[self._index(last)] - self._number[self._index(first)]

    def changes_to(self, other: WorkingCalendar) -> list[dt.date]:
        """Return the days that another calendar of the same range works, or holds for final, otherwise, in order."""
        pairs = zip(self.flags(), self.unsettled(), other.flags(), other.unsettled(), strict=True)
        return [
            dt.date.fromordinal(self._base + n)
            for n, (work, unsure, others_work, others_unsure) in enumerate(pairs)
            if work != others_work or unsure != others_unsure
        ]

    # -- other forms -------------------------------------------------------------------------------------------

    def rows(self) -> Iterator[DayRow]:
        """Yield one row a day for a table in a database; see the README for the SQL on it."""
        for offset, number in enumerate(self._number):
            fact = self.fact(dt.date.fromordinal(self._base + offset))
            yield DayRow(fact.day, number, fact.is_work, fact.why, fact.name, str(fact.source), fact.provisional)

    def flags(self) -> bytes:
        """Return one byte a day from `first` on, 1 where the day is worked."""
        return self._work

    def unsettled(self) -> bytes:
        """Return one byte a day from `first` on, 1 where the day is provisional."""
        return self._unsettled

    # -- inside ------------------------------------------------------------------------------------------------

    def _flags(self) -> tuple[bytearray, bytearray]:
        length = self._end - self._base + 1
        week = bytes(day not in self._rest for day in _weekdays_from(self.first))
        work = bytearray((week * (length // 7 + 1))[:length])
        provisional = bytearray(length)
        for year in self.provisional_years:
            head = max(dt.date(year, 1, 1).toordinal() - self._base, 0)
            tail = min(dt.date(year, 12, 31).toordinal() - self._base + 1, length)
            provisional[head:tail] = b"\1" * (tail - head)
        for ordinal, fact in self._facts.items():
            work[ordinal - self._base] = fact.is_work
            provisional[ordinal - self._base] = fact.provisional
        return work, provisional

    def _index(self, ordinal: int) -> int:
        if ordinal < self._base:
            raise self._too_early()
        if ordinal > self._end:
            raise self._too_late()
        return ordinal - self._base

    def _too_early(self) -> ClockError:
        return ClockError("before_calendar", "工作日历自 {first} 起，更早的日期无法计算。", first=self.first)

    def _too_late(self) -> ClockError:
        return ClockError("beyond_calendar", "工作日历至 {last} 止，更晚的日期无法计算。", last=self.last)

    def _hash(self) -> str:
        digest = hashlib.sha256(f"{self.first}{self.last}{sorted(self._rest)}{self.office_hours}".encode())
        for ordinal, fact in sorted(self._facts.items()):
            line = f"{ordinal} {fact.is_work:d} {fact.why} {fact.name} {fact.source} {fact.provisional:d}\n"
            digest.update(line.encode())
        digest.update(repr(sorted(self.provisional_years)).encode())
        return digest.hexdigest()[:16]


class EveryDay:
    """The ruler of calendar days: every day counts. It asks the calendar only whether the day is in its range."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._first, self._last = calendar.first.toordinal(), calendar.last.toordinal()
        self._calendar = calendar

    def ordinal_after(self, ordinal: int, n: int) -> int:
        """Return ordinal + n."""
        if ordinal < self._first or ordinal + n > self._last:
            self._calendar.ordinal_between(ordinal, min(ordinal + n, self._last + 1))
        return ordinal + n

    def ordinal_between(self, first: int, last: int) -> int:
        """Return last - first."""
        return last - first


#: What counts days: a working calendar, or every day of it.
Ruler = WorkingCalendar | EveryDay
#: Sorted, disjoint spans of day ordinals, both ends included.
Gaps = Sequence[tuple[int, int]]


def advance(ruler: Ruler, start: int, n: int, gaps: Gaps) -> int:
    """Return the ordinal of the n-th counted day after `start`, days inside the gaps not counted."""
    end = ruler.ordinal_after(start, n)
    for first, last in gaps:
        if first > end:
            break
        if last > start:
            n += ruler.ordinal_between(max(first - 1, start), last)
            end = ruler.ordinal_after(start, n)
    return end


def net(ruler: Ruler, start: int, end: int, gaps: Gaps) -> int:
    """Return the counted days in (start, end], days inside the gaps not counted."""
    total = ruler.ordinal_between(start, end)
    for first, last in gaps:
        head, tail = max(first - 1, start), min(last, end)
        if head < tail:
            total -= ruler.ordinal_between(head, tail)
    return total


def _positive(n: int) -> int:
    if n < 1:
        raise ClockError("bad_amount", "期限数必须是正整数，不能是 {amount}。", amount=n)
    return n


def _weekdays_from(day: dt.date) -> list[int]:
    return [(day.isoweekday() - 1 + n) % 7 + 1 for n in range(7)]
