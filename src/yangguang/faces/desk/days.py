"""The working calendar as a page shows it: twelve months, festivals with their notices, counts."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.faces.design.days import FESTIVALS, WHY
from yangguang.kernel.clock.calendar import DayFact, WorkingCalendar
from yangguang.kernel.clock.notices import Source
from yangguang.kernel.clock.vocabulary import ClockError, Why
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.organisation.models import Division


@dataclass(frozen=True, slots=True)
class Span:
    """Days on end, first and last included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """Days in it."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Festival:
    """What one source orders for one festival of a year."""

    name: str
    off: tuple[Span, ...]
    work: tuple[DayFact, ...]
    source: Source
    provisional: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's table."""

    fact: DayFact
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month: weeks of seven places from Monday, None outside the month, and its working days."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    worked: int


def calendar_of_place(place: Division | None) -> WorkingCalendar:
    """Return the calendar of a division, the national one without; also where the division has none of its own."""
    try:
        return calendar_in(place.code if place else "")
    except ClockError:
        return calendar_in("")


def places() -> list[Division]:
    """Return the provinces and prefectures to choose from."""
    return list(Division.objects.filter(level__in=("province", "prefecture")).order_by("code"))


def year_asked(used: WorkingCalendar, given: str, day: date) -> int:
    """Return the year asked for where the calendar covers it, else that of the day."""
    if given.isdecimal() and len(given) == 4 and used.first.year <= int(given) <= used.last.year:
        return int(given)
    return day.year


def months(used: WorkingCalendar, year: int) -> list[Month]:
    """Return the twelve months."""
    return [_month(used, year, month) for month in range(1, 13)]


def _month(used: WorkingCalendar, year: int, month: int) -> Month:
    weeks = tuple(
        tuple(_day(used.fact(day)) if day.month == month else None for day in week)
        for week in Calendar().monthdatescalendar(year, month)
    )
    days = [day for week in weeks for day in week if day]
    return Month(date(year, month, 1), weeks, sum(day.fact.is_work for day in days))


def _day(fact: DayFact) -> Day:
    """Return a day with the kind that draws it: work, made (worked weekend), rest (weekend), off (holiday)."""
    if fact.is_work:
        kind = "made" if fact.why is Why.MADE_UP_WORKDAY else "work"
    else:
        kind = "off" if fact.name else "rest"
    words = "" if kind in {"work", "rest"} else f"{festival_name(fact.name)} {WHY[fact.why]}".strip()
    return Day(fact, kind, words)


def festival_name(name: str) -> str:
    """Return a festival's name in the reader's language."""
    return str(FESTIVALS.get(name, name))


def festivals(used: WorkingCalendar, year: int) -> list[Festival]:
    """Return the year's special days by festival and source, in the order of their days off."""
    grouped: dict[tuple[str, Source], list[DayFact]] = {}
    for fact in used.special_days(year):
        grouped.setdefault((fact.name, fact.source), []).append(fact)
    listed = [_festival(name, source, facts) for (name, source), facts in grouped.items()]
    return sorted(listed, key=lambda festival: festival.off[0].first if festival.off else festival.work[0].day)


def _festival(name: str, source: Source, facts: list[DayFact]) -> Festival:
    return Festival(
        name=festival_name(name),
        off=tuple(_spans(fact.day for fact in facts if not fact.is_work)),
        work=tuple(fact for fact in facts if fact.is_work),
        source=source,
        provisional=any(fact.provisional for fact in facts),
    )


def _spans(days: Iterable[date]) -> Iterable[Span]:
    first = last = None
    for day in days:
        if last is not None and first is not None and day - last > timedelta(days=1):
            yield Span(first, last)
            first = None
        first, last = first or day, day
    if first is not None and last is not None:
        yield Span(first, last)


def worked_days(used: WorkingCalendar, year: int) -> int:
    """Return the working days of a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return used.between(first, last) + used.is_work(first)
