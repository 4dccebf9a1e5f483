"""All that is written of one jurisdiction as one gazette: notices in order, a corrected one in place of the old.

Where a notice lies (the shipped folder, an instance's own, a table) says nothing about what it decides. Notices are
taken in the order in which they were published; of two published on one day the one read later decides. A notice
that covers a year takes the place of an earlier one that covered it, and whoever arranges a festival anew voids what
was ordered for it before: nothing of the old arrangement lingers. A day off with a name of its own, such as one of
commemoration, stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from .notices import Festival, Gazette, Notice


def join_gazettes(gazettes: Sequence[Gazette], known_on: dt.date | None = None) -> Gazette:
    """Return the gazettes of one jurisdiction as one, without the notices that were published after `known_on`."""
    almanacs = [gazette.almanac for gazette in gazettes if gazette.almanac]
    return replace(
        gazettes[0],
        notices=notices_in_force([gazette.notices for gazette in gazettes], known_on),
        decrees=tuple(chain.from_iterable(gazette.decrees for gazette in gazettes)),
        local_festivals=tuple(chain.from_iterable(gazette.local_festivals for gazette in gazettes)),
        half_days=tuple(chain.from_iterable(gazette.half_days for gazette in gazettes)),
        almanac={year: days for almanac in almanacs for year, days in almanac.items()} if almanacs else None,
        weekly_rest=next((g.weekly_rest for g in reversed(gazettes) if g.weekly_rest), None),
        office_hours=next((g.office_hours for g in reversed(gazettes) if g.office_hours), None),
    )


def notices_in_force(sources: Sequence[Sequence[Notice]], known_on: dt.date | None = None) -> tuple[Notice, ...]:
    """Return the notices of several sources in the order in which they decide, without what was replaced."""
    dated = [pair for notices in sources for pair in _dated(notices)]
    dated.sort(key=lambda pair: pair[0])
    known = [n for _, n in dated if known_on is None or n.published is None or n.published <= known_on]
    return tuple(_standing(notice, known[place + 1 :]) for place, notice in enumerate(known))


def _dated(notices: Sequence[Notice]) -> Iterator[tuple[dt.date, Notice]]:
    """Yield each notice with its day; one without a day on record stands right after the one before it."""
    day = dt.date.min
    for notice in notices:
        day = notice.published or day
        yield day, notice


def _standing(notice: Notice, later: Sequence[Notice]) -> Notice:
    """Return a notice with the festivals that no later one has arranged anew."""
    if notice.covers is not None and any(other.covers == notice.covers for other in later):
        return replace(notice, festivals=())
    standing = tuple(festival for festival in notice.festivals if not _is_void(notice, festival, later))
    return notice if len(standing) == len(notice.festivals) else replace(notice, festivals=standing)


def _is_void(notice: Notice, festival: Festival, later: Sequence[Notice]) -> bool:
    names, year = _names(festival), year_of(notice, festival)
    return any(
        names <= {name for other in another.festivals if year_of(another, other) == year for name in _names(other)}
        for another in later
    )


def _names(festival: Festival) -> set[str]:
    return set(festival.name.split("、"))


def year_of(notice: Notice, festival: Festival) -> int:
    """Return the year whose festival a notice arranges: New Year's days off may begin in the December before."""
    return notice.covers if notice.covers is not None else max((*festival.off, *festival.work)).year
