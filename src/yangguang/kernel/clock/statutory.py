"""The days off that follow from the decree alone: the answer for a year whose notice does not exist yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from .notices import Decree, Feast, Source

Almanac = Mapping[int, Mapping[str, str]]


def decree_of(decrees: tuple[Decree, ...], year: int) -> Decree:
    """Return the revision in force on 1 January of a year (every revision so far began on, or before, one)."""
    return max((d for d in decrees if d.in_force <= dt.date(year, 1, 1)), key=lambda d: d.in_force)


def statutory_days(decree: Decree, almanac: Almanac, year: int) -> dict[dt.date, tuple[str, Source]]:
    """Return the days off of a year by the decree (第二条): day -> (festival, article)."""
    days: dict[dt.date, tuple[str, Source]] = {}
    for feast in decree.feasts:
        for day in _feast_days(feast, almanac, year):
            days.setdefault(day, (feast.name, feast.source))
    return days


def in_lieu_days(
    decree: Decree, statutory: Mapping[dt.date, tuple[str, Source]], rest: frozenset[int]
) -> dict[dt.date, tuple[str, Source]]:
    """Return the days off in lieu of statutory days that fall on a weekend (第六条): the next free working day.

    Two festivals meeting on one day earn one day in lieu only: what a notice will grant more is not known.
    """
    taken = set(statutory)
    lieu: dict[dt.date, tuple[str, Source]] = {}
    law = Source(decree.source.title, decree.source.number, decree.in_lieu)
    for day in sorted(statutory):
        if day.isoweekday() not in rest:
            continue
        free = day + dt.timedelta(1)
        while free.isoweekday() in rest or free in taken:
            free += dt.timedelta(1)
        taken.add(free)
        lieu[free] = (statutory[day][0], law)
    return lieu


def _feast_days(feast: Feast, almanac: Almanac, year: int) -> Iterator[dt.date]:
    for solar in feast.solar:
        yield dt.date.fromisoformat(f"{year}-{solar}")
    if feast.feast:
        first = dt.date.fromisoformat(f"{year}-{almanac[year][feast.feast]}")
        yield from (first + dt.timedelta(offset) for offset in feast.offsets)
