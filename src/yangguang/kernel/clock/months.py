"""Months and named days on the civil calendar (民法典 第二百零二条)."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from .vocabulary import ClockError


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day of the same number some months later (or earlier), the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise ClockError("beyond_calendar", "工作日历至 {last} 止，更晚的日期无法计算。", last=dt.date.max)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_anchor(anchors: tuple[str, ...], after: dt.date) -> dt.date:
    """Return the first named day after a day: `2026-12-31`, yearly `12-31`, monthly `05`; 31 means month's end.

    Raises ClockError `bad_limit` where every named day lies in the past.
    """
    found = [day for anchor in anchors for day in _candidates(anchor, after) if day > after]
    if not found:
        raise ClockError("bad_limit", "期限日 {anchors} 均已过去。", anchors="、".join(anchors))
    return min(found)


def fixed_day(anchors: tuple[str, ...], start: dt.date) -> dt.date:
    """Return the day by which to act: the first named day after the start, or the last of them if all are past.

    A day with its year stands even where it lies before the start: the clock is then overdue from the beginning.
    """
    past = [day for anchor in anchors if anchor.count("-") == 2 for day in _candidates(anchor, start)]
    if len(past) == len(anchors) and max(past) <= start:
        return max(past)
    return next_anchor(anchors, start)


def _candidates(anchor: str, after: dt.date) -> list[dt.date]:
    parts = [int(part) for part in anchor.split("-")]
    if len(parts) == 3:
        return [_clamped(parts[0], parts[1], parts[2])]
    if len(parts) == 2:
        return [_clamped(year, parts[0], parts[1]) for year in (after.year, after.year + 1)]
    following = add_months(after.replace(day=1), 1)
    return [_clamped(month.year, month.month, parts[0]) for month in (after, following)]


def _clamped(year: int, month: int, day: int) -> dt.date:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ClockError("bad_limit", "看不懂期限日“{anchor}”。", anchor=f"{month:02}-{day:02}")
    return dt.date(year, month, min(day, monthrange(year, month)[1]))
