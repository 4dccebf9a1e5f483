"""The scalar, the column and the SQL form against a slow reference that shares nothing with them.

The reference walks day by day over plain dictionaries, which it makes itself from the calendar files; it reads the
events of a case in its own words.
"""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from yangguang.kernel.clock.flat import FlatClock, flatten
from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.notices import CONTENT
from yangguang.kernel.clock.reckoning import reckon
from yangguang.kernel.clock.terms import Term
from yangguang.kernel.clock.vector import CalendarColumns
from yangguang.kernel.clock.vocabulary import EventKind, Shape, SuspensionRule, Unit
from yangguang.kernel.ledger.calendar_days import due_in_sql, sync_calendar

pytestmark = pytest.mark.django_db
ONE = timedelta(1)
LAST_YEAR = 2049

# --- the reference ---------------------------------------------------------------------------------------------


@dataclass
class Plain:
    """Every day of a place: worked or not, sure or not."""

    work: dict[date, bool] = field(default_factory=dict)
    unsure: dict[date, bool] = field(default_factory=dict)


def spread(entries) -> list[date]:
    days = []
    for entry in entries:
        first, last = (entry, entry) if isinstance(entry, date) else map(date.fromisoformat, entry.split(".."))
        while first <= last:
            days.append(first)
            first += ONE
    return days


def pages(folder: Path) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            joined[key] = joined[key] + value if isinstance(value, list) and key in joined else value
    return joined


@cache
def plain(place: str) -> Plain:  # noqa: C901 - one plain walk through the files
    nation = pages(CONTENT / "nation")
    settled = {notice.get("covers") for notice in nation["notices"]}
    days, day = Plain(), date(2004, 1, 1)
    while day.year <= LAST_YEAR:
        days.work[day], days.unsure[day] = day.weekday() < 5, day.year not in settled
        day += ONE
    decree = nation["decrees"][-1]  # every year without a notice lies after the last revision
    for year in set(range(2004, LAST_YEAR + 1)) - settled:
        off = []
        for rule in decree["festivals"].values():
            off += [date.fromisoformat(f"{year}-{solar}") for solar in rule.get("solar", ())]
            if "feast" in rule:
                first = date.fromisoformat(f"{year}-{nation['almanac'][year][rule['feast']]}")
                off += [first + timedelta(n) for n in rule["offsets"]]
        for lost in sorted({day for day in off if day.weekday() > 4}):
            free = lost
            while free in off or free.weekday() > 4:
                free += ONE
            off.append(free)
        for day in off:
            days.work[day] = False
    for notice in nation["notices"]:
        for festival in notice["festivals"].values():
            days.work.update((day, False) for day in spread(festival.get("rest", ())) if day in days.work)
            days.work.update((day, True) for day in spread(festival.get("work", ())) if day in days.work)
    if place:
        for festival in pages(CONTENT / place)["local_festivals"]:
            for year in range(festival["since"], LAST_YEAR + 1):
                listed = [day for day in festival.get("dates", ()) if day.year == year]
                first = listed[0] if listed else date.fromisoformat(f"{year}-{festival['solar']}")
                for day in (first + timedelta(n) for n in range(festival["length"])):
                    if days.work[day]:
                        days.work[day], days.unsure[day] = False, True
    return days


@dataclass
class Answer:
    due: date | None
    opens: date | None
    unsure: bool


def slow(limit: Limit, events: list[Event], days: Plain) -> Answer:  # noqa: C901 - one plain walk through the days
    """Walk the case day by day."""
    head, tail = {
        SuspensionRule.AFTER_START_THROUGH_END: (1, 0),
        SuspensionRule.FROM_START_BEFORE_END: (0, -1),
        SuspensionRule.FROM_START_THROUGH_END: (0, 0),
        SuspensionRule.BETWEEN: (1, -1),
    }[limit.suspension]
    start, amount, named = events[0].on, 0, None
    paused: set[date] = set()
    standing: list[tuple[date, date | None, str]] = []
    unsure = False

    def pause(first: date, last: date) -> None:
        while first <= last:
            paused.add(first)
            first += ONE

    def planned(first: date, last: date) -> bool:
        pause(first, last)
        return any(days.unsure[first + timedelta(n)] for n in range((last - first).days + 1))

    for event in events:
        on = event.on
        if event.kind in (EventKind.START, EventKind.RESTART):
            start, amount, named, unsure = on, limit.term.amount if limit.term else 0, None, False
            paused, standing = set(), []
        elif event.kind is EventKind.SUSPEND:
            end = None
            if event.term:
                end, left = on + timedelta(head) - ONE, event.term.amount
                while left:
                    end += ONE
                    left -= event.term.unit is Unit.CALENDAR_DAYS or days.work[end]
            standing.append((on + timedelta(head), end, event.ground))
        elif event.kind is EventKind.RESUME:
            for first, end, ground in [s for s in standing if event.ground in ("", s[2])]:
                standing.remove((first, end, ground))
                last = on + timedelta(tail)
                if end is None:
                    pause(first, last)
                elif first <= last and first <= min(last, end):
                    unsure |= planned(first, min(last, end))
        elif event.until:
            named = event.until
        elif event.kind is EventKind.EXTEND:
            amount += event.term.amount
        elif event.kind is EventKind.SHORTEN:
            amount -= event.term.amount
        elif event.kind is EventKind.STOP:
            for first, end, _ in standing:
                last = on if end is None else min(on, end)
                if first <= last:
                    unsure |= planned(first, last) and end is not None
            standing = []
    never = date.max
    for first, end, _ in standing:
        if end is None:
            never = min(never, first)
        else:
            unsure |= planned(first, end)

    def nth(wanted: int, *, stop: date = never) -> date | None:
        day = start
        while wanted:
            day += ONE
            if day >= stop:
                return None
            wanted -= day not in paused and (days.work[day] or limit.term.unit is not Unit.WORKING_DAYS)
        return day

    end = named if named else nth(need(start, limit, amount))
    if limit.term and limit.term.unit is Unit.WORKING_DAYS and not named:
        last = end or max(events[-1].on, start)
        unsure |= any(days.unsure[start + timedelta(n)] for n in range(1, (last - start).days + 1))
    due = end
    if limit.rolls and end:
        closed = paused if not named else set()
        while not days.work[due] or due in closed:
            due += ONE
        due = None if due != end and due >= never else due
        unsure |= due is not None and any(days.unsure[end + timedelta(n)] for n in range((due - end).days + 1))
    opens = None
    if limit.shape is Shape.MIN:
        opens = due + ONE if due else None
    elif limit.shape is Shape.WINDOW:
        first = nth(need(start, limit, limit.opens_after)) if limit.opens_after else start
        opens = first + ONE if first else None
    return Answer(due, opens, unsure)


def need(start: date, limit: Limit, amount: int) -> int:
    """Days to be counted: months are the day of the same number, clamped to the month's end."""
    months = {Unit.MONTHS: amount, Unit.YEARS: amount * 12}.get(limit.term.unit)
    if months is None:
        return amount
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return (date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])) - start).days


# --- random cases ------------------------------------------------------------------------------------------------

PLACES = ("", "5134")
KINDS = ("suspend", "suspend", "planned", "resume", "resume", "extend", "shorten", "restart", "until")
AMOUNTS = {Unit.WORKING_DAYS: 60, Unit.CALENDAR_DAYS: 90, Unit.MONTHS: 9, Unit.YEARS: 1}


def a_case(draw: random.Random) -> tuple[str, Limit, list[Event]]:
    unit = draw.choice(list(AMOUNTS))
    amount = draw.randint(1, AMOUNTS[unit])
    shape = draw.choice([Shape.MAX, Shape.MAX, Shape.MAX, Shape.MIN, Shape.WINDOW])
    limit = Limit(
        Term(amount, unit), shape, rolls=shape is not Shape.MIN and draw.random() < 0.5,
        opens_after=draw.randrange(amount) if shape is Shape.WINDOW else 0,
        suspension=draw.choice(list(SuspensionRule)),
    )  # fmt: skip
    day = date(2005, 1, 1) + timedelta(draw.randrange(365 * 24))
    events, open_grounds, spare, named = [Event(EventKind.START, day)], [], amount, False
    for _ in range(draw.choice([0, 0, 1, 2, 3, 4, 6])):
        day += timedelta(draw.choice([0, 1, 2, 5, 9, 20]))
        kind = draw.choice(KINDS)
        if kind == "suspend":
            open_grounds.append(draw.choice(["甲", "乙"]))
            events.append(Event(EventKind.SUSPEND, day, ground=open_grounds[-1]))
        elif kind == "planned":
            term = Term(draw.randint(1, 15), draw.choice([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]))
            open_grounds.append(draw.choice(["甲", "乙"]))
            events.append(Event(EventKind.SUSPEND, day, term=term, ground=open_grounds[-1]))
        elif kind == "resume" and open_grounds:
            ground = draw.choice(["", open_grounds[-1]])
            open_grounds = [one for one in open_grounds if ground not in ("", one)]
            events.append(Event(EventKind.RESUME, day, ground=ground))
        elif kind == "extend" and not named:
            events.append(Event(EventKind.EXTEND, day, term=Term(draw.randint(1, 5), unit)))
            spare += events[-1].term.amount
        elif kind == "shorten" and not named and spare > 1:
            events.append(Event(EventKind.SHORTEN, day, term=Term(draw.randint(1, spare - 1), unit)))
            spare -= events[-1].term.amount
        elif kind == "restart":
            day += ONE  # of a day, a start comes before all else
            events.append(Event(EventKind.RESTART, day))
            open_grounds, spare, named = [], amount, False
        elif kind == "until" and draw.random() < 0.2:
            events.append(Event(EventKind.EXTEND, day, until=day + timedelta(draw.randint(1, 40))))
            named = True
    if draw.random() < 0.1:
        events.append(Event(EventKind.STOP, day + ONE))
    return draw.choice(PLACES), limit, events


def check(draw: random.Random, size: int) -> dict[str, int]:
    """Hold a chunk of random cases against the reference in all three forms; return what was met."""
    calendars = {place: calendar_for(place or None) for place in PLACES}
    flats: list[tuple[str, FlatClock]] = []
    expected: list[date | None] = []
    met = {"cases": size, "flat": 0, "suspended": 0, "provisional": 0, "restarted": 0, "windows": 0, "local": 0}
    for _ in range(size):
        place, limit, events = a_case(draw)
        said, told = reckon(limit, events, calendars[place]), slow(limit, events, plain(place))
        assert (said.due_on, said.opens_on, said.provisional) == (told.due, told.opens, told.unsure), (
            place, limit, events,
        )  # fmt: skip
        flat = flatten(limit, events, calendars[place])
        if flat is not None:
            flats.append((place, flat))
            expected.append(told.due)
        met["flat"] += flat is not None
        met["suspended"] += told.due is None
        met["provisional"] += told.unsure
        met["restarted"] += any(event.kind is EventKind.RESTART for event in events)
        met["windows"] += limit.shape is Shape.WINDOW
        met["local"] += bool(place)
    assert in_columns(flats) == expected
    assert due_in_sql([(calendars[place].version, flat) for place, flat in flats]) == expected
    return met


def in_columns(flats: list[tuple[str, FlatClock]]) -> list[date | None]:
    answers: list[date | None] = [None] * len(flats)
    groups: dict[tuple[str, Unit], list[int]] = {}
    for row, (place, flat) in enumerate(flats):
        groups.setdefault((place, flat.term.unit), []).append(row)
    for (place, unit), rows in groups.items():
        clocks = [flats[row][1] for row in rows]
        spans = np.full((len(rows), max(1, *(len(c.spans) for c in clocks), 1), 2), np.datetime64("NaT"), "M8[D]")
        for row, clock in enumerate(clocks):
            for column, span in enumerate(clock.spans):
                spans[row, column] = span
        ends = COLUMNS[place].due(
            np.array([c.start for c in clocks], "M8[D]"), unit, np.array([c.term.amount for c in clocks]), spans,
            np.array([c.rolls for c in clocks]),
        )  # fmt: skip
        for row, clock, end in zip(rows, clocks, ends.tolist(), strict=True):
            answers[row] = None if clock.open_from and clock.open_from <= end else end
    return answers


COLUMNS = {place: CalendarColumns(calendar_for(place or None)) for place in PLACES}


def agree(seed: int, total: int, chunk: int) -> dict[str, int]:
    for place in PLACES:
        sync_calendar(calendar_for(place or None))
    draw, met = random.Random(seed), dict.fromkeys(
        ("cases", "flat", "suspended", "provisional", "restarted", "windows", "local"), 0
    )  # fmt: skip
    for _ in range(total // chunk):
        for name, count in check(draw, chunk).items():
            met[name] += count
    return met


def test_the_plain_calendar_is_made_apart_from_the_clock():
    for place in PLACES:
        calendar, days = calendar_for(place or None), plain(place)
        assert [d for d in days.work if days.work[d] != calendar.is_work(d)] == []
        assert [d for d in days.work if days.unsure[d] != calendar.is_provisional(d)] == []


def test_three_forms_and_the_slow_walk_agree():
    met = agree(seed=2026, total=3000, chunk=1500)
    assert all(count > met["cases"] / 20 for count in met.values()), met


@pytest.mark.full
def test_three_forms_and_the_slow_walk_agree_on_a_million_cases():
    met = agree(seed=1949, total=1_000_000, chunk=20_000)
    assert met["cases"] == 1_000_000
