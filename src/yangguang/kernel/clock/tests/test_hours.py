"""Limits in hours: continuous (民法典 第二百零一条第二款), and in office hours (08:30-12:00, 14:00-18:00)."""

from __future__ import annotations

import datetime as dt

import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.reckoning import Reckoning, elapsed, reckon
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.clock.vocabulary import BEIJING, ClockError, EventKind, State

CALENDAR = calendar_for()


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def due(term: str, start: dt.date, *more: Event, as_of: dt.datetime | None = None) -> Reckoning:
    return reckon(Limit(parse_term(term)), [Event(EventKind.START, start), *more], CALENDAR, as_of)


@pytest.mark.parametrize(
    ("term", "start", "expected"),
    [
        ("24 hours", "02-13T15:00", "02-14T15:00"),
        ("24 hours", "02-16T15:00", "02-17T15:00"),  # straight through the spring festival
        ("8 working hours", "03-02T09:00", "03-03T09:30"),  # 3 h + 4 h on Monday, 1 h on Tuesday
        ("2 working hours", "03-02T11:00", "03-02T15:00"),  # over the noon break
        ("1 working hour", "03-02T12:30", "03-02T15:00"),
        ("1 working hour", "02-14T17:30", "02-24T09:00"),  # worked Saturday, then the festival
        ("7 working hours", "03-02T20:00", "03-03T17:30"),
    ],
)
def test_due_moments(term: str, start: str, expected: str) -> None:
    answer = due(term, at(start))
    assert answer.due_at == at(expected)
    assert answer.due_on == at(expected).date()


def test_where_only_the_day_is_known_hours_run_from_its_end() -> None:
    answer = due("24 hours", dt.date(2026, 2, 13))
    assert (answer.due_at, answer.due_on) == (at("02-15T00:00"), dt.date(2026, 2, 14))
    assert answer.counted == (dt.date(2026, 2, 14),)


def test_other_time_zones_are_told_in_beijing_time() -> None:
    answer = due("1 hour", dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC))
    assert answer.due_at == at("03-03T08:30")
    assert answer.due_at is not None
    assert answer.due_at.utcoffset() == dt.timedelta(hours=8)


def test_a_suspension_by_the_hour() -> None:
    pause = [Event(EventKind.SUSPEND, at("03-02T10:00")), Event(EventKind.RESUME, at("03-02T16:00"))]
    assert due("24 hours", at("03-02T09:00"), *pause).due_at == at("03-03T15:00")


def test_a_suspension_by_the_day_takes_whole_days() -> None:
    pause = [Event(EventKind.SUSPEND, dt.date(2026, 3, 2)), Event(EventKind.RESUME, dt.date(2026, 3, 4))]
    answer = due("24 hours", at("03-02T09:00"), *pause)
    assert answer.due_at == at("03-05T09:00")
    assert [entry.day.day for entry in answer.skipped] == [3, 4]


def test_a_standing_suspension_by_the_hour() -> None:
    answer = due("24 hours", at("03-02T09:00"), Event(EventKind.SUSPEND, at("03-02T10:00")), as_of=at("03-09T10:00"))
    assert (answer.state, answer.due_at, answer.used) == (State.SUSPENDED, None, 60)


def test_used_and_remaining_in_minutes() -> None:
    answer = due("24 hours", at("03-02T09:00"), as_of=at("03-03T10:30"))
    assert (answer.used, answer.total, answer.remaining) == (1440 + 90, 1440, -90)


def test_an_extension_in_hours() -> None:
    more = Event(EventKind.EXTEND, at("03-02T10:00"), parse_term("24 hours"))
    assert due("24 hours", at("03-02T09:00"), more).due_at == at("03-04T09:00")
    wrong = Event(EventKind.EXTEND, at("03-02T10:00"), parse_term("2 days"))
    with pytest.raises(ClockError) as caught:
        due("24 hours", at("03-02T09:00"), wrong)
    assert caught.value.code == "bad_event"


def test_elapsed_in_minutes() -> None:
    told = [Event(EventKind.START, at("03-02T09:00"))]
    answer = elapsed(Limit(parse_term("8 working hours")), told, CALENDAR, at("03-03T09:30"))
    assert (answer.gross, answer.counted, answer.net) == (1, 480, 480)


def test_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(ClockError) as caught:
        due("999999 working hours", at("03-02T09:00"))
    assert caught.value.code == "beyond_calendar"
