"""Tables of limits and events. Weekdays and holidays of 2026 stand in the comments."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.reckoning import Reckoning, elapsed, reckon, recurrences
from yangguang.kernel.clock.suspensions import uncounted_days
from yangguang.kernel.clock.terms import Term, parse_term
from yangguang.kernel.clock.vocabulary import ClockError, EventKind, Measure, Shape, State, SuspensionRule, Unit

CALENDAR = calendar_for()
START, RESTART, SUSPEND, RESUME, EXTEND, SHORTEN, STOP = EventKind


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def events(*told: tuple[EventKind, str] | tuple[EventKind, str, str]) -> list[Event]:
    """Events as (kind, day) or (kind, day, term)."""
    return [Event(kind, day(on), parse_term(rest[0]) if rest else None) for kind, on, *rest in told]


def due(term: str, start: str, **limit: Any) -> Reckoning:
    return reckon(Limit(parse_term(term), **limit), events((START, start)), CALENDAR)


@pytest.mark.parametrize(
    ("start", "term", "expected"),
    [
        ("2026-02-13", "5 working days", "2026-02-27"),  # Friday; Saturday 14 is worked, 15-23 are off
        ("2026-02-13", "20 working days", "2026-03-19"),  # Saturday 28 is worked too
        ("2026-04-30", "5 working days", "2026-05-11"),  # 1-5 May off, Saturday 9 is worked
        ("2026-09-30", "5 working days", "2026-10-13"),  # 1-7 October off, Saturday 10 is worked
        ("2026-09-18", "20 working days", "2026-10-22"),
        ("2025-12-31", "3 working days", "2026-01-06"),  # 1-3 January off, Sunday 4 is worked
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2026-03-31", "3 months", "2026-06-30"),
        ("2026-02-28", "1 month", "2026-03-28"),
        ("2026-02-13", "10 calendar days", "2026-02-23"),
    ],
)
def test_due_days(start: str, term: str, expected: str) -> None:
    assert due(term, start).due_on == day(expected)


@pytest.mark.parametrize(
    ("start", "term", "plain", "rolled"),
    [
        ("02-05", "10日", "02-15", "02-24"),  # into the spring festival, out after it
        ("02-04", "10日", "02-14", "02-14"),  # a Saturday worked by notice is no rest day
        ("02-02", "3日", "02-05", "02-05"),
        ("04-30", "1 month", "05-30", "06-01"),  # Saturday to Monday
    ],
)
def test_the_last_day_rolls_only_where_the_limit_says_so(start: str, term: str, plain: str, rolled: str) -> None:
    assert due(term, start).due_on == day(plain)
    answer = due(term, start, rolls=True)
    assert answer.due_on == day(rolled)
    assert answer.counted[-1] == answer.due_on


def test_the_account_of_a_rolled_day() -> None:
    answer = due("10日", "02-05", rolls=True)
    assert len(answer.counted) == 10
    assert [entry.day.day for entry in answer.skipped] == list(range(15, 24))


def test_a_suspension_and_its_resumption() -> None:
    told = events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-10"))
    answer = reckon(Limit(Term(5, Unit.WORKING_DAYS)), told, CALENDAR)
    # 3 and 4 March count, 5-10 do not, 11-13 count
    assert [counted.day for counted in answer.counted] == [3, 4, 11, 12, 13]
    assert answer.state is State.RUNNING


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        (SuspensionRule.AFTER_START_THROUGH_END, "03-05", "03-10"),
        (SuspensionRule.FROM_START_BEFORE_END, "03-04", "03-09"),
        (SuspensionRule.FROM_START_THROUGH_END, "03-04", "03-10"),
        (SuspensionRule.BETWEEN, "03-05", "03-09"),
    ],
)
def test_the_limits_own_law_says_which_days_a_suspension_covers(
    rule: SuspensionRule, first: str, last: str
) -> None:
    assert uncounted_days(day("03-04"), day("03-10"), rule) == (day(first), day(last))
    told = events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-10"))
    limit = Limit(Term(20, Unit.CALENDAR_DAYS), suspension=rule)
    paused = [entry.day for entry in reckon(limit, told, CALENDAR).skipped]
    assert (paused[0], paused[-1]) == (day(first), day(last))


def test_a_suspension_within_one_day_may_cover_nothing() -> None:
    assert uncounted_days(day("03-04"), day("03-04"), SuspensionRule.AFTER_START_THROUGH_END) is None
    assert uncounted_days(day("03-04"), day("03-05"), SuspensionRule.BETWEEN) is None
    told = events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-04"))
    assert reckon(Limit(Term(5, Unit.CALENDAR_DAYS)), told, CALENDAR).due_on == day("03-07")


def test_overlapping_grounds_count_once_and_end_by_ground() -> None:
    told = [
        Event(START, day("03-02")),
        Event(SUSPEND, day("03-04"), ground="expert review"),
        Event(SUSPEND, day("03-06"), ground="hearing"),
        Event(RESUME, day("03-10"), ground="expert review"),
        Event(RESUME, day("03-12"), ground="hearing"),
    ]
    answer = reckon(Limit(Term(10, Unit.CALENDAR_DAYS)), told, CALENDAR)
    assert [entry.day.day for entry in answer.skipped] == list(range(5, 13))
    assert answer.due_on == day("03-20")


def test_an_open_suspension_has_no_due_day() -> None:
    limit = Limit(Term(5, Unit.WORKING_DAYS))
    answer = reckon(limit, events((START, "03-02"), (SUSPEND, "03-04")), CALENDAR, day("03-20"))
    assert (answer.due_on, answer.state, answer.used, answer.remaining) == (None, State.SUSPENDED, 2, 3)
    assert [counted.day for counted in answer.counted] == [3, 4]
    assert len(answer.skipped) == 16


def test_a_suspension_after_the_last_day_changes_nothing() -> None:
    answer = reckon(Limit(Term(5, Unit.CALENDAR_DAYS)), events((START, "03-02"), (SUSPEND, "03-09")), CALENDAR)
    assert (answer.due_on, answer.state, answer.remaining) == (day("03-07"), State.RUNNING, -2)


def test_a_suspension_of_a_named_length_ends_by_itself() -> None:
    limit = Limit(Term(10, Unit.CALENDAR_DAYS))
    told = events((START, "03-02"), (SUSPEND, "03-04", "5 calendar days"))
    during, after = reckon(limit, told, CALENDAR, day("03-06")), reckon(limit, told, CALENDAR, day("03-10"))
    assert (during.state, during.due_on) == (State.SUSPENDED, day("03-17"))
    assert (after.state, after.due_on) == (State.RUNNING, day("03-17"))
    early = [*told, Event(RESUME, day("03-06"))]
    assert reckon(limit, early, CALENDAR).due_on == day("03-14")
    late = [*told, Event(RESUME, day("03-12"))]
    assert reckon(limit, late, CALENDAR).due_on == day("03-17")


@pytest.mark.parametrize(
    ("term", "last"), [("3 working days", "03-09"), ("1 month", "04-04"), ("7 calendar days", "03-11")]
)
def test_the_length_of_a_suspension_has_its_own_unit(term: str, last: str) -> None:
    told = events((START, "03-02"), (SUSPEND, "03-04", term))
    answer = reckon(Limit(Term(60, Unit.CALENDAR_DAYS)), told, CALENDAR)
    assert answer.skipped[-1].day == day(last)


@pytest.mark.parametrize(
    ("limit", "change", "expected"),
    [
        ("20 working days", (EXTEND, "03-10", "10 working days"), "04-14"),  # 30 from 2 March, 4-6 April off
        ("2 months", (EXTEND, "03-10", "1 month"), "06-02"),
        ("60日", (EXTEND, "03-10", "30日"), "05-31"),
        ("60日", (EXTEND, "03-10", "1 month"), "06-01"),  # from 1 May
        ("20 working days", (EXTEND, "03-10", "15日"), "04-14"),  # from 30 March
        ("20 working days", (SHORTEN, "03-10", "5 working days"), "03-23"),
    ],
)
def test_extensions(limit: str, change: tuple[EventKind, str, str], expected: str) -> None:
    answer = reckon(Limit(parse_term(limit)), events((START, "03-02"), change), CALENDAR)
    assert answer.due_on == day(expected)
    assert len(answer.counted) == answer.total


def test_an_extension_to_a_day() -> None:
    told = [Event(START, day("03-02")), Event(EXTEND, day("03-10"), until=day("06-30"))]
    assert reckon(Limit(Term(20, Unit.WORKING_DAYS)), told, CALENDAR).due_on == day("06-30")


def test_a_restart_begins_anew() -> None:
    told = events(
        (START, "03-02"), (SUSPEND, "03-04"), (EXTEND, "03-05", "5 working days"), (RESTART, "03-16")
    )
    answer = reckon(Limit(Term(5, Unit.WORKING_DAYS)), told, CALENDAR)
    assert (answer.due_on, answer.skipped[0].day) == (day("03-23"), day("03-21"))


def test_a_stopped_clock_keeps_its_due_day_and_what_was_used() -> None:
    told = events((START, "03-02"), (STOP, "03-05"))
    answer = reckon(Limit(Term(5, Unit.WORKING_DAYS)), told, CALENDAR, day("06-01"))
    assert (answer.state, answer.due_on, answer.used, answer.remaining) == (State.STOPPED, day("03-09"), 3, 2)


def test_a_clock_stopped_while_suspended() -> None:
    told = events((START, "03-02"), (SUSPEND, "03-04"), (STOP, "03-10"))
    answer = reckon(Limit(Term(5, Unit.WORKING_DAYS)), told, CALENDAR)
    assert (answer.state, answer.used) == (State.STOPPED, 2)


def test_used_and_remaining_day_by_day() -> None:
    told = events((START, "02-13"))
    limit = Limit(Term(5, Unit.WORKING_DAYS))
    dates = ("02-13", "02-14", "02-20", "02-27", "02-28", "03-01", "03-02")
    seen = [reckon(limit, told, CALENDAR, day(on)) for on in dates]
    assert [answer.used for answer in seen] == [0, 1, 1, 5, 5, 5, 5]
    assert [answer.remaining for answer in seen] == [5, 4, 4, 0, -1, -1, -2]
    assert {answer.measure for answer in seen} == {Measure.WORKING_DAYS}


def test_a_rolled_limit_is_not_overdue_before_its_rolled_day() -> None:
    limit, told = Limit(Term(10, Unit.CALENDAR_DAYS), rolls=True), events((START, "02-05"))
    assert reckon(limit, told, CALENDAR, day("02-20")).remaining == 0
    assert reckon(limit, told, CALENDAR, day("02-25")).remaining == -1


def test_events_that_have_not_happened_yet_are_left_out() -> None:
    told = events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-10"), (STOP, "03-12"))
    limit = Limit(Term(5, Unit.WORKING_DAYS))
    states = [reckon(limit, told, CALENDAR, day(on)).state for on in ("03-03", "03-05", "03-11", "03-12")]
    assert states == [State.RUNNING, State.SUSPENDED, State.RUNNING, State.STOPPED]


def test_a_minimum_runs_in_full_before_the_next_act_opens() -> None:
    answer = due("20日", "03-02", shape=Shape.MIN)
    assert (answer.due_on, answer.opens_on) == (day("03-22"), day("03-23"))


def test_a_window() -> None:
    limit = Limit(Term(30, Unit.CALENDAR_DAYS), shape=Shape.WINDOW, opens_after=10)
    answer = reckon(limit, events((START, "03-02")), CALENDAR)
    assert (answer.opens_on, answer.due_on) == (day("03-13"), day("04-01"))
    at_once = due("30日", "03-02", shape=Shape.WINDOW)
    assert at_once.opens_on == day("03-03")


@pytest.mark.parametrize(
    ("term", "limit", "expected"),
    [
        ("7日", {}, "06-14"),  # hearing on Monday 22 June: 15-21 lie between
        ("7日", {"rolls": True}, "06-12"),  # Sunday 14: earlier, never later
        ("7日", {"clear": False}, "06-15"),
        ("5 working days", {}, "06-11"),  # 12, 15-18 lie between, 19-21 are off
        ("1 month", {"clear": False}, "05-22"),
    ],
)
def test_limits_counted_back_never_roll_forward(term: str, limit: dict[str, bool], expected: str) -> None:
    assert due(term, "06-22", backwards=True, **limit).due_on == day(expected)


def test_the_account_of_a_limit_counted_back() -> None:
    answer = due("5 working days", "06-22", backwards=True)
    assert [counted.day for counted in answer.counted] == [12, 15, 16, 17, 18]
    assert [entry.day.day for entry in answer.skipped] == [13, 14, 19, 20, 21]
    later = reckon(Limit(Term(5, Unit.WORKING_DAYS), backwards=True), events((START, "06-22")), CALENDAR)
    assert later.remaining == 5


def test_a_window_counted_back() -> None:
    limit = Limit(Term(30, Unit.CALENDAR_DAYS), shape=Shape.WINDOW, backwards=True)
    answer = reckon(limit, events((START, "06-30")), CALENDAR)
    assert (answer.opens_on, answer.due_on) == (day("05-31"), day("06-29"))
    nearer = Limit(Term(30, Unit.CALENDAR_DAYS), shape=Shape.WINDOW, backwards=True, opens_after=10)
    assert reckon(nearer, events((START, "06-30")), CALENDAR).due_on == day("06-19")


@pytest.mark.parametrize(
    ("on", "start", "expected"),
    [
        (("2026-12-31",), "03-02", "2026-12-31"),
        (("12-31",), "2026-12-31", "2027-12-31"),
        (("03-31", "06-30", "09-30", "12-31"), "03-31", "2026-06-30"),
        (("05",), "03-02", "2026-03-05"),
        (("05",), "03-05", "2026-04-05"),
        (("31",), "04-01", "2026-04-30"),
    ],
)
def test_fixed_days(on: tuple[str, ...], start: str, expected: str) -> None:
    answer = reckon(Limit(shape=Shape.FIXED, on=on), events((START, start)), CALENDAR)
    assert answer.due_on == day(expected)


@pytest.mark.parametrize(("on", "remaining"), [("2026-03-02", 0), ("2026-02-27", -3)])
def test_a_fixed_day_that_is_past_at_the_start_stands(on: str, remaining: int) -> None:
    answer = reckon(Limit(shape=Shape.FIXED, on=(on,)), events((START, "03-02")), CALENDAR)
    assert (answer.due_on, answer.total, answer.remaining) == (day(on), 0, remaining)
    assert answer.counted == answer.skipped == ()


def test_a_fixed_day_is_not_moved_by_a_suspension_but_by_an_extension() -> None:
    limit = Limit(shape=Shape.FIXED, on=("06-30",))
    told = [*events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-10"))]
    assert reckon(limit, told, CALENDAR).due_on == day("06-30")
    told.append(Event(EXTEND, day("03-12"), until=day("09-30")))
    assert reckon(limit, told, CALENDAR).due_on == day("09-30")


def test_turns_of_a_recurring_limit() -> None:
    monthly = Limit(Term(1, Unit.MONTHS), shape=Shape.RECURRING)
    turns = [turn.due_on for turn in islice(recurrences(monthly, day("01-31"), CALENDAR), 3)]
    assert turns == [day("02-28"), day("03-31"), day("04-30")]
    fifth = Limit(shape=Shape.RECURRING, on=("05",), rolls=True)
    turns = [turn.due_on for turn in islice(recurrences(fifth, day("03-20"), CALENDAR), 3)]
    assert turns == [day("04-07"), day("05-06"), day("06-05")]
    assert reckon(monthly, events((START, "01-31")), CALENDAR, day("03-15")).due_on == day("03-31")


def test_provisional_only_where_the_answer_rests_on_unsettled_days() -> None:
    assert due("20 working days", "12-11").provisional
    assert not due("5 working days", "12-11").provisional
    assert not due("60日", "12-11").provisional
    assert due("1 month", "2027-01-09", rolls=True).provisional
    # the last day is worked as far as is known; a notice may close it
    assert due("30日", "12-15", rolls=True).provisional
    assert not due("30日", "12-15").provisional
    assert due("5 working days", "2027-01-05", backwards=True).provisional


def test_elapsed_three_ways() -> None:
    told = events((START, "03-02"), (SUSPEND, "03-04"), (RESUME, "03-10"), (STOP, "03-16"))
    answer = elapsed(Limit(Term(20, Unit.WORKING_DAYS)), told, CALENDAR, day("12-01"))
    assert (answer.gross, answer.counted, answer.net) == (14, 10, 6)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "no_start"),
        ([(SUSPEND, "03-02")], "bad_event"),
        ([(START, "03-02"), (START, "03-03")], "bad_event"),
        ([(START, "03-02"), (RESUME, "03-03")], "bad_event"),
        ([(START, "03-02"), (STOP, "03-03"), (SUSPEND, "03-04")], "bad_event"),
        ([(START, "03-02"), (SHORTEN, "03-03", "5 working days")], "bad_event"),
        ([(START, "03-02"), (SHORTEN, "03-03", "1 month")], "bad_event"),
        ([(START, "03-02"), (EXTEND, "03-03", "5 hours")], "bad_event"),
        ([(START, "03-02"), (SUSPEND, "03-03", "5 hours")], "bad_event"),
        ([(START, "2003-12-01")], "before_calendar"),
        ([(START, "2050-12-31")], "beyond_calendar"),
    ],
)
def test_what_cannot_happen_is_refused(told: list[tuple[EventKind, str]], code: str) -> None:
    with pytest.raises(ClockError) as caught:
        reckon(Limit(Term(5, Unit.WORKING_DAYS)), events(*told), CALENDAR)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "limit",
    [
        {},
        {"term": Term(5, Unit.WORKING_DAYS), "on": ("05",), "shape": Shape.RECURRING},
        {"on": ("05",)},
        {"term": Term(5, Unit.WORKING_DAYS), "shape": Shape.FIXED},
        {"term": Term(20, Unit.CALENDAR_DAYS), "shape": Shape.MIN, "rolls": True},
        {"term": Term(24, Unit.HOURS), "rolls": True},
        {"term": Term(24, Unit.HOURS), "backwards": True},
        {"term": Term(5, Unit.WORKING_DAYS), "opens_after": 2},
        {"term": Term(5, Unit.WORKING_DAYS), "opens_after": 5, "shape": Shape.WINDOW},
        {"shape": Shape.FIXED, "on": ("soon",)},
    ],
)
def test_a_limit_that_contradicts_itself_is_refused(limit: dict[str, Any]) -> None:
    with pytest.raises(ClockError) as caught:
        Limit(**limit)
    assert caught.value.code == "bad_limit"


def test_a_limit_counted_back_cannot_be_suspended() -> None:
    told = events((START, "06-22"), (SUSPEND, "06-23"))
    with pytest.raises(ClockError, match="倒算"):
        reckon(Limit(Term(5, Unit.WORKING_DAYS), backwards=True), told, CALENDAR)
