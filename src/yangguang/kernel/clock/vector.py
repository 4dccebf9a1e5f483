"""The arithmetic of a working calendar on whole columns, for millions of clocks at once. Needs numpy.

The same definition as `WorkingCalendar`: a cumulative working-day number for every day, taken by index.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .calendar import WorkingCalendar
from .vocabulary import ClockError, Unit

#: days as datetime64[D]
Days = npt.NDArray[np.datetime64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: uncounted spans, one row a clock: shape (clocks, spans, 2), first and last day, both included; NaT pairs are empty
Spans = npt.NDArray[np.datetime64]
_Ordinals = npt.NDArray[np.int64]


class CalendarColumns:
    """A working calendar as arrays. Build it once for each calendar version and keep it."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        work = np.frombuffer(calendar.flags(), dtype=np.uint8)
        self.version = calendar.version
        self._first = np.datetime64(calendar.first, "D")
        #: a zero in front, so that `number[i]` is the count before day i and `number[i + 1]` through day i
        self._number = np.concatenate(([0], np.cumsum(work, dtype=np.int64)))
        self._nth = np.flatnonzero(work)
        self._length = len(work)

    def after(self, days: Days, n: Counts | int, uncounted: Spans | None = None) -> Days:
        """Return the n-th working day after each day, days inside the spans passed over, each once.

        Raises ClockError `bad_amount`, `before_calendar`, `beyond_calendar` where any row is impossible.
        """
        start = self._index(days)
        want = np.broadcast_to(np.asarray(n, dtype=np.int64), start.shape)
        if (want < 1).any():
            raise ClockError("bad_amount", "期限数必须是正整数，不能是 {amount}。", amount=int(want.min()))
        target = self._number[start + 1] + want
        end = self._take(target)
        if uncounted is not None:
            for first, last in self._disjoint(uncounted):
                head = np.maximum(first, start + 1)
                lost = np.where((first <= end) & (head <= last), self._worked(head, last), 0)
                target = target + lost
                end = self._take(target)
        return self._days(end)

    def due(
        self, days: Days, unit: Unit, n: Counts | int, uncounted: Spans | None = None, rolls: Flags | bool = False
    ) -> Days:
        """Return the last day of n units after each day: working days, calendar days, months or years.

        The first day on which acting is lawful, for a window, is the day after the `due` of its opening part.
        Raises ClockError as `after` does, `bad_limit` for hours.
        """
        if unit is Unit.WORKING_DAYS:
            end = self.after(days, n, uncounted)
        elif unit in (Unit.HOURS, Unit.WORKING_HOURS):
            raise ClockError("bad_limit", "以小时计算的期限连续计算，不顺延。")
        else:
            end = self._days(self._every_day(self._index(days), self._counted(days, unit, n), uncounted))
        return np.where(rolls, self._rolled(end, uncounted), end)

    def _counted(self, days: Days, unit: Unit, n: Counts | int) -> Counts:
        """Return how many calendar days a term is, begun on each day."""
        if unit is Unit.CALENDAR_DAYS:
            return np.broadcast_to(np.asarray(n, dtype=np.int64), days.shape)
        months = days.astype("datetime64[M]")
        target = months + (np.asarray(n, dtype=np.int64) * (12 if unit is Unit.YEARS else 1)).astype("timedelta64[M]")
        first, following = target.astype("datetime64[D]"), (target + np.timedelta64(1, "M")).astype("datetime64[D]")
        number = (days - months.astype("datetime64[D]")).astype(np.int64)
        last = (following - first).astype(np.int64) - 1
        counted: Counts = (first + np.minimum(number, last).astype("timedelta64[D]") - days).astype(np.int64)
        return counted

    def _every_day(self, start: _Ordinals, want: Counts, uncounted: Spans | None) -> _Ordinals:
        if want.size and int(want.min()) < 1:
            raise ClockError("bad_amount", "期限数必须是正整数，不能是 {amount}。", amount=int(want.min()))
        end = start + want
        if uncounted is not None:
            for first, last in self._disjoint(uncounted):
                head = np.maximum(first, start + 1)
                end = end + np.where((first <= end) & (head <= last), last - head + 1, 0)
        if end.size and int(end.max()) >= self._length:
            raise ClockError("beyond_calendar", "工作日历至 {last} 止，更晚的日期无法计算。", last=self._last_day())
        return end

    def _rolled(self, days: Days, uncounted: Spans | None) -> Days:
        end = self._next_working(self._index(days))
        if uncounted is not None:
            for first, last in self._disjoint(uncounted):
                inside = (first <= end) & (end <= last)
                end = np.where(inside, self._next_working(np.where(inside, last + 1, end)), end)
        return self._days(end)

    def _next_working(self, index: _Ordinals) -> _Ordinals:
        """Return each day itself where it is worked, otherwise the next that is."""
        return self._take(self._number[index] + 1)

    def between(self, first: Days, last: Days, uncounted: Spans | None = None) -> Counts:
        """Return the working days in (first, last] of each row, first <= last, less those in the spans."""
        start, end = self._index(first), self._index(last)
        total = self._number[end + 1] - self._number[start + 1]
        if uncounted is not None:
            for gap_first, gap_last in self._disjoint(uncounted):
                head, tail = np.maximum(gap_first, start + 1), np.minimum(gap_last, end)
                total = total - np.where(head <= tail, self._worked(head, tail), 0)
        return total

    def number(self, days: Days) -> Counts:
        """Return the cumulative working-day number through each day."""
        return self._number[self._index(days) + 1]

    def _worked(self, head: _Ordinals, tail: _Ordinals) -> Counts:
        """Return the working days of head..tail, both included; only meaningful where head <= tail."""
        inside = (np.clip(head, 0, self._length), np.clip(tail + 1, 0, self._length))
        return self._number[inside[1]] - self._number[inside[0]]

    def _disjoint(self, spans: Spans) -> list[tuple[_Ordinals, _Ordinals]]:
        """Return the spans of every row in order of their first day, a day in several spans kept in the first."""
        raw = (spans.astype("datetime64[D]") - self._first).astype(np.int64)
        empty = np.isnat(spans).any(axis=2)
        first = np.where(empty, np.iinfo(np.int64).max // 2, raw[:, :, 0])
        last = np.where(empty, -1, raw[:, :, 1])
        if (~empty & (last < first)).any():
            raise ClockError("bad_pause", "中止期间的终日早于始日。")
        order = np.argsort(first, axis=1, kind="stable")
        first, last = np.take_along_axis(first, order, axis=1), np.take_along_axis(last, order, axis=1)
        reached = np.full(first.shape[0], -1, dtype=np.int64)
        columns = []
        for column in range(first.shape[1]):
            columns.append((np.maximum(first[:, column], reached + 1), last[:, column]))
            reached = np.maximum(reached, last[:, column])
        return columns

    def _take(self, target: Counts) -> _Ordinals:
        if target.size and int(target.max()) > len(self._nth):
            raise ClockError("beyond_calendar", "工作日历至 {last} 止，更晚的日期无法计算。", last=self._last_day())
        return self._nth[target - 1]

    def _index(self, days: Days) -> _Ordinals:
        index = (days.astype("datetime64[D]") - self._first).astype(np.int64)
        if index.size and int(index.min()) < 0:
            raise ClockError("before_calendar", "工作日历自 {first} 起，更早的日期无法计算。", first=self._first)
        if index.size and int(index.max()) >= self._length:
            raise ClockError("beyond_calendar", "工作日历至 {last} 止，更晚的日期无法计算。", last=self._last_day())
        return index

    def _days(self, index: _Ordinals) -> Days:
        return self._first + index.astype("timedelta64[D]")

    def _last_day(self) -> np.datetime64:
        return self._first + np.timedelta64(self._length - 1, "D")
