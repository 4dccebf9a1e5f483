"""O1: the n-th working day after a day, one by one, a million at once, with suspensions, and in SQL."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from itertools import accumulate
from typing import Any

import chinese_calendar
import holidays
import numpy as np
import psycopg
from measure import Rival, race

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.vector import CalendarColumns
from yangguang.platform.testkit.databases import test_server

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2026, 12, 31)
DAYS = [FIRST + dt.timedelta(offset) for offset in range((LAST - FIRST).days + 1)]
AMOUNTS = (5, 7, 10, 15, 20, 30)


def run(rounds: int, size: int) -> None:
    """Race all ways of reckoning working days, at `size` clocks for the columns."""
    calendar = calendar_for()
    draw = random.Random(7)
    sample = [(DAYS[draw.randrange(len(DAYS) - 120)], draw.choice(AMOUNTS)) for _ in range(2000)]
    answers = [calendar.after(day, amount) for day, amount in sample]
    _single(calendar, sample, answers, rounds)
    _columns(calendar, sample, answers, rounds, size)
    _database(calendar, rounds, size)


def _single(calendar: WorkingCalendar, sample: list[tuple[dt.date, int]], answers: list[dt.date], rounds: int) -> None:
    worked = [day for day in DAYS if calendar.is_work(day)]
    place = dict(zip(DAYS, accumulate(calendar.is_work(day) for day in DAYS), strict=True))
    busdays = _busdays(calendar)
    china = holidays.country_holidays("CN", years=range(2023, 2028))

    def chinese(day: dt.date, amount: int) -> dt.date:
        while amount:
            day += dt.timedelta(1)
            amount -= chinese_calendar.is_workday(day)
        return day

    def rival(name: str, role: str, after: Callable[[dt.date, int], dt.date], items: int) -> Rival:
        part = sample[:items]
        right = sum(after(*each) == answer for each, answer in zip(part, answers, strict=False)) / items
        return Rival(name, role, lambda: [after(*each) for each in part], items, right)

    ways = [
        rival("calendar.after", "ours", calendar.after, 2000),
        rival("dict and list", "floor", lambda day, amount: worked[place[day] + amount - 1], 2000),
        rival("numpy busday_offset", "peer", lambda day, n: busdays(np.datetime64(day), n).item(), 500),
        rival("holidays get_nth_working_day", "peer", china.get_nth_working_day, 200),
        rival("chinese_calendar, day by day", "peer", chinese, 10),
    ]
    race("O1 one clock", ways, rounds)


def _busdays(calendar: WorkingCalendar) -> Callable[..., Any]:
    """Return numpy's own reckoning: a week of seven working days with every day off as a holiday."""
    off = np.array([day for day in DAYS if not calendar.is_work(day)], "M8[D]")
    rules = np.busdaycalendar(weekmask="1111111", holidays=off)
    return lambda days, amounts: np.busday_offset(days + 1, np.subtract(amounts, 1), roll="forward", busdaycal=rules)


def _columns(
    calendar: WorkingCalendar, sample: list[tuple[dt.date, int]], answers: list[dt.date], rounds: int, size: int
) -> None:
    repeat = size // len(sample)
    starts = np.tile(np.array([day for day, _ in sample], "M8[D]"), repeat)
    amounts = np.tile(np.array([amount for _, amount in sample], np.int64), repeat)
    expected = np.tile(np.array(answers, "M8[D]"), repeat)
    columns, busdays = CalendarColumns(calendar), _busdays(calendar)
    first = np.datetime64(FIRST)
    is_work = np.array([calendar.is_work(day) for day in DAYS])
    number, worked = np.cumsum(is_work), np.array(DAYS, "M8[D]")[is_work]

    def floor() -> Any:
        return worked[number[(starts - first).astype(np.int64)] + amounts - 1]

    def right(found: Any) -> float:
        return float((found == expected).mean())

    ways = [
        Rival("CalendarColumns.after", "ours", lambda: columns.after(starts, amounts), size),
        Rival("numpy, one array of working-day numbers", "floor", floor, size, right(floor())),
        Rival("numpy busday_offset", "peer", lambda: busdays(starts, amounts), size, right(busdays(starts, amounts))),
    ]
    race(f"O1 {size:,} clocks at once", ways, rounds)

    ends = starts + 40
    spans = np.stack([np.stack([starts + 4, starts + 9], 1), np.stack([starts + 16, starts + 18], 1)], 1)

    def elapsed_floor() -> Any:
        at = lambda days: number[(days - first).astype(np.int64)]  # noqa: E731 - the floor is bare on purpose
        lost = at(starts + 9) - at(starts + 3) + at(starts + 18) - at(starts + 15)
        return at(ends) - at(starts) - lost

    same = float((columns.between(starts, ends, spans) == elapsed_floor()).mean())
    ways = [
        Rival("CalendarColumns.between", "ours", lambda: columns.between(starts, ends, spans), size),
        Rival("numpy, the same by hand", "floor", elapsed_floor, size, same),
    ]
    race(f"O1 {size:,} clocks with two suspensions each", ways, rounds)


def _database(calendar: WorkingCalendar, rounds: int, size: int) -> None:
    with test_server() as url, psycopg.connect(url) as connection:
        connection.execute("create temp table day (day date primary key, number int, is_work bool)")
        with connection.cursor().copy("copy day from stdin") as rows:
            for row in calendar.rows():
                rows.write_row((row.day, row.number, row.is_work))
        connection.execute("create temp table worked as select number, day from day where is_work")
        connection.execute("create unique index on worked (number)")
        connection.execute(
            "create temp table clock as select date '2024-01-01' + mod(i, 900) as opened, 5 + mod(i, 26) as term "
            "from generate_series(1, %s) as i",
            [size],
        )
        connection.execute("analyze")
        join = (
            "select count(worked.day) from clock join day on day.day = clock.opened "
            "join worked on worked.number = day.number + clock.term"
        )
        ways = [
            Rival("day table joined", "ours", lambda: connection.execute(join).fetchone(), size),
            Rival("the clocks only read", "floor", lambda: connection.execute("select sum(term) from clock"), size),
        ]
        race(f"O1 {size:,} clocks in the database", ways, rounds)
