"""Which days a suspension covers, and spans of days that overlap joined into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from .vocabulary import ClockError, SuspensionRule

#: first and last day, both included
Span = tuple[dt.date, dt.date]

#: days added to the day served, and to the day ended, to reach the first and last uncounted day
_ENDS: dict[SuspensionRule, tuple[int, int]] = {
    SuspensionRule.AFTER_START_THROUGH_END: (1, 0),
    SuspensionRule.FROM_START_BEFORE_END: (0, -1),
    SuspensionRule.FROM_START_THROUGH_END: (0, 0),
    SuspensionRule.BETWEEN: (1, -1),
}


def first_uncounted(served: dt.date, rule: SuspensionRule) -> dt.date:
    """Return the first day that does not count after a suspension was served on a day."""
    return served + dt.timedelta(_ENDS[rule][0])


def uncounted_days(served: dt.date, ended: dt.date, rule: SuspensionRule) -> Span | None:
    """Return the days that do not count of a suspension served on one day and ended on another, None for none.

    This is the one place where the events of a suspension become days; the rule belongs to the limit's own law.
    Raises ClockError `resume_before_suspend` where it ended before it was served.
    """
    if ended < served:
        raise ClockError(
            "resume_before_suspend",
            "恢复日 {ended} 早于中止日 {served}。",
            ended=ended,
            served=served,
        )
    head, tail = _ENDS[rule]
    first, last = served + dt.timedelta(head), ended + dt.timedelta(tail)
    return (first, last) if first <= last else None


def merge(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """Return the spans as sorted, disjoint pairs of day ordinals: a day in several spans stands in one.

    Raises ClockError `bad_pause` where a span ends before it begins.
    """
    joined: list[tuple[int, int]] = []
    for first, last in sorted((first.toordinal(), last.toordinal()) for first, last in spans):
        if last < first:
            begin, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
            raise ClockError("bad_pause", "中止期间 {begin}..{end} 的终日早于始日。", begin=begin, end=end)
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
