"""Laws that hold for every start, length and suspension, and one definition in four forms."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.months import add_months
from yangguang.kernel.clock.reckoning import Reckoning, elapsed, reckon
from yangguang.kernel.clock.suspensions import Span
from yangguang.kernel.clock.terms import Term
from yangguang.kernel.clock.vector import CalendarColumns
from yangguang.kernel.clock.vocabulary import ClockError, EventKind, Unit, Why

CALENDAR = calendar_for("513401")
COLUMNS = CalendarColumns(CALENDAR)
ONE = dt.timedelta(1)

days = st.dates(dt.date(2004, 1, 1), dt.date(2027, 12, 31))
amounts = st.integers(1, 90)
day_units = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS])


@st.composite
def pauses_near(draw: Callable[..., Any], start: dt.date) -> list[Span]:
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        first = max(start + dt.timedelta(draw(st.integers(-20, 60))), CALENDAR.first)
        spans.append((first, first + dt.timedelta(draw(st.integers(0, 25)))))
    return spans


starts_and_pauses = days.flatmap(lambda start: st.tuples(st.just(start), pauses_near(start)))


def due(start: dt.date, term: Term, pauses: list[Span], *, rolls: bool = False) -> Reckoning:
    return reckon(Limit(term, rolls=rolls), [Event(EventKind.START, start)], CALENDAR, uncounted=pauses)


def slow_due(start: dt.date, term: Term, pauses: list[Span], *, rolls: bool) -> dt.date:
    """Walk day by day: the obvious way, sharing nothing with the clock but the status of single days."""
    left = term.amount
    if term.unit is Unit.MONTHS:
        left = (add_months(start, term.amount) - start).days
    day = start
    while left:
        day += ONE
        paused = any(first <= day <= last for first, last in pauses)
        if not paused and (term.unit is not Unit.WORKING_DAYS or CALENDAR.is_work(day)):
            left -= 1
    while rolls and (not CALENDAR.is_work(day) or any(first <= day <= last for first, last in pauses)):
        day += ONE
    return day


@given(starts_and_pauses, amounts, day_units, st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_clock_is_the_slow_walk(
    where: tuple[dt.date, list[Span]], amount: int, unit: Unit, rolls: bool
) -> None:
    start, pauses = where
    term = Term(min(amount, 24) if unit is Unit.MONTHS else amount, unit)
    assert due(start, term, pauses, rolls=rolls).due_on == slow_due(start, term, pauses, rolls=rolls)


@given(starts_and_pauses, amounts, day_units, st.booleans())
@settings(max_examples=200, deadline=None)
def test_counted_and_skipped_make_up_the_interval(
    where: tuple[dt.date, list[Span]], amount: int, unit: Unit, rolls: bool
) -> None:
    start, pauses = where
    term = Term(min(amount, 12) if unit is Unit.MONTHS else amount, unit)
    answer = due(start, term, pauses, rolls=rolls)
    assert answer.due_on is not None
    skipped = [entry.day for entry in answer.skipped]
    interval = [start + dt.timedelta(n) for n in range(1, (answer.due_on - start).days + 1)]
    assert sorted([*answer.counted, *skipped]) == interval
    assert len(answer.counted) == answer.total
    assert answer.counted[-1] == answer.due_on
    inside = {day for day in interval if any(first <= day <= last for first, last in pauses)}
    assert {entry.day for entry in answer.skipped if entry.why is Why.PAUSED} == inside


@given(starts_and_pauses, amounts)
@settings(max_examples=200, deadline=None)
def test_working_days_never_land_on_a_closed_day(where: tuple[dt.date, list[Span]], amount: int) -> None:
    start, pauses = where
    answer = due(start, Term(amount, Unit.WORKING_DAYS), pauses)
    assert answer.due_on is not None
    assert CALENDAR.is_work(answer.due_on)
    assert all(CALENDAR.is_work(day) for day in answer.counted)


@given(starts_and_pauses, amounts, day_units)
@settings(max_examples=200, deadline=None)
def test_rolling_never_lands_on_a_closed_day_and_never_earlier(
    where: tuple[dt.date, list[Span]], amount: int, unit: Unit
) -> None:
    start, pauses = where
    term = Term(min(amount, 12) if unit is Unit.MONTHS else amount, unit)
    plain, rolled = due(start, term, pauses).due_on, due(start, term, pauses, rolls=True).due_on
    assert plain is not None
    assert rolled is not None
    assert CALENDAR.is_work(rolled)
    assert rolled >= plain


@given(starts_and_pauses, amounts, day_units, st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_longer_term_is_never_due_earlier(
    where: tuple[dt.date, list[Span]], amount: int, unit: Unit, rolls: bool
) -> None:
    start, pauses = where
    amount = min(amount, 12) if unit is Unit.MONTHS else amount
    shorter = due(start, Term(amount, unit), pauses, rolls=rolls).due_on
    longer = due(start, Term(amount + 1, unit), pauses, rolls=rolls).due_on
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


@given(starts_and_pauses, amounts, day_units)
@settings(max_examples=200, deadline=None)
def test_a_pause_told_twice_or_in_pieces_counts_once(
    where: tuple[dt.date, list[Span]], amount: int, unit: Unit
) -> None:
    start, pauses = where
    term = Term(min(amount, 12) if unit is Unit.MONTHS else amount, unit)
    pieces = [(first + dt.timedelta(n),) * 2 for first, last in pauses for n in range((last - first).days + 1)]
    once = due(start, term, pauses).due_on
    assert due(start, term, [*pauses, *reversed(pauses)]).due_on == once
    assert due(start, term, pieces).due_on == once


@given(days.filter(lambda day: day > dt.date(2005, 1, 1)), amounts)
@settings(max_examples=200, deadline=None)
def test_backwards_undoes_forwards(day: dt.date, n: int) -> None:
    end = CALENDAR.after(day, n)
    assert CALENDAR.between(day, end) == n
    assert CALENDAR.before(end, n) == CALENDAR.previous_working_day(day)
    back = CALENDAR.before(day, n)
    assert CALENDAR.after(back, n) == CALENDAR.next_working_day(day)
    assert CALENDAR.between(end, day) == -n


@given(starts_and_pauses, st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_elapsed_is_gross_then_counted_then_net(where: tuple[dt.date, list[Span]], later: int) -> None:
    start, pauses = where
    now = start + dt.timedelta(later)
    limit = Limit(Term(10, Unit.WORKING_DAYS))
    answer = elapsed(limit, [Event(EventKind.START, start)], CALENDAR, now, uncounted=pauses)
    passed = [start + dt.timedelta(n) for n in range(1, later + 1)]
    worked = [day for day in passed if CALENDAR.is_work(day)]
    running = [day for day in worked if not any(first <= day <= last for first, last in pauses)]
    assert (answer.gross, answer.counted, answer.net) == (len(passed), len(worked), len(running))
    assert CALENDAR.between(start, now, pauses) == answer.net


@given(st.lists(st.tuples(starts_and_pauses, amounts), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_columns_answer_as_single_calls_do(rows: list[tuple[tuple[dt.date, list[Span]], int]]) -> None:
    starts = np.array([start for (start, _), _ in rows], dtype="datetime64[D]")
    wanted = np.array([n for _, n in rows])
    spans = np.full((len(rows), 4, 2), np.datetime64("NaT"), dtype="datetime64[D]")
    for row, ((_, pauses), _) in enumerate(rows):
        for column, pause in enumerate(pauses):
            spans[row, column] = pause
    expected = [CALENDAR.after(start, n, pauses) for (start, pauses), n in rows]
    ends = COLUMNS.after(starts, wanted, spans)
    assert ends.tolist() == expected
    assert COLUMNS.after(starts, wanted).tolist() == [CALENDAR.after(start, n) for (start, _), n in rows]
    between = [CALENDAR.between(start, end, pauses) for ((start, pauses), _), end in zip(rows, expected, strict=True)]
    assert COLUMNS.between(starts, ends, spans).tolist() == between == wanted.tolist()
    assert COLUMNS.number(starts).tolist() == [CALENDAR.number(start) for (start, _), _ in rows]


@pytest.mark.parametrize(
    ("start", "n", "code"),
    [("2003-12-31", 5, "before_calendar"), ("2050-12-30", 5, "beyond_calendar"), ("2026-01-01", 0, "bad_amount")],
)
def test_columns_refuse_what_single_calls_refuse(start: str, n: int, code: str) -> None:
    for ask in (
        lambda: COLUMNS.after(np.array([start], dtype="datetime64[D]"), n),
        lambda: CALENDAR.after(dt.date.fromisoformat(start), n),
    ):
        with pytest.raises(ClockError) as caught:
            ask()
        assert caught.value.code == code


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table day (day text primary key, number int, is_work int)")
        rows = ((row.day.isoformat(), row.number, row.is_work) for row in CALENDAR.rows())
        connection.executemany("insert into day values (?, ?, ?)", rows)
        yield connection


AFTER_SQL = """
select due.day from day as start join day as due on due.number = start.number + ? and due.is_work
where start.day = ?
"""


@given(start=days, n=amounts)
@settings(max_examples=100, deadline=None)
def test_the_day_table_answers_in_sql_as_single_calls_do(table: sqlite3.Connection, start: dt.date, n: int) -> None:
    rows = table.execute(AFTER_SQL, (n, start.isoformat())).fetchall()
    assert rows == [(CALENDAR.after(start, n).isoformat(),)]


def test_rows_tell_every_day_with_its_source() -> None:
    rows = {row.day: row for row in CALENDAR.rows()}
    assert len(rows) == (CALENDAR.last - CALENDAR.first).days + 1
    row = rows[dt.date(2026, 2, 14)]
    assert (row.is_work, row.why, row.provisional) == (True, "made_up_workday", False)
    assert "国办发明电〔2025〕7号" in row.source
    assert rows[dt.date(2027, 3, 1)].provisional


def test_the_version_changes_with_the_days_only() -> None:
    assert calendar_for().version == calendar_for(known_on=dt.date(2026, 1, 1)).version
    assert isinstance(calendar_for(), WorkingCalendar)
    assert calendar_for().version != CALENDAR.version
