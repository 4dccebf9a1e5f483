"""The calendar of a division: the nation's days, then the province's, the prefecture's and the county's own.

Divisions are named by their GB/T 2260 code; each inherits by the prefixes of the code (51, 5134, 513401).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from .calendar import DayFact, WorkingCalendar
from .layers import join_gazettes
from .notice_text import Expected
from .notices import CONTENT, NATION, Festival, Gazette, LocalFestival, Source, read_gazette
from .statutory import decree_of, in_lieu_days, statutory_days
from .vocabulary import ClockError, Why

#: GB/T 2260 province codes where the calendar of the mainland holds.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
)
_PREFIXES = (2, 4, 6, 9, 12)


def code_chain(code: str) -> tuple[str, ...]:
    """Return the prefixes of a GB/T 2260 code from province down: `513401` -> `51`, `5134`, `513401`.

    Raises ClockError `bad_jurisdiction` for what is not such a code (2, 4, 6, 9 or 12 digits).
    """
    if not (code.isascii() and code.isdigit() and len(code) in _PREFIXES):
        raise ClockError("bad_jurisdiction", "“{code}”不是行政区划代码（2、4、6、9或12位数字）。", code=code)
    chain = [code[:length] for length in _PREFIXES if length <= len(code)]
    return tuple(prefix for n, prefix in enumerate(chain) if n == 0 or prefix[len(chain[n - 1]) :].strip("0"))


def calendar_for(
    code: str | None = None,
    *,
    extra: Sequence[Path] = (),
    adopted: Sequence[Gazette] = (),
    known_on: dt.date | None = None,
) -> WorkingCalendar:
    """Return the working calendar of a division; None or `nation` for the national one.

    `extra` are further calendar folders (an instance's own, the demo province's), read after the shipped one;
    `adopted` are gazettes that an instance keeps elsewhere than in a folder, laid last. All that is written of one
    jurisdiction counts as one gazette, wherever it lies.
    `known_on` leaves out notices published later: the calendar as it stood on that day. Divisions without days
    of their own share one calendar object with the division above.

    Raises ClockError `bad_jurisdiction`, `no_calendar` (no such province here) or `bad_calendar_file`.
    """
    return _resolved(code, tuple(extra), tuple(adopted), known_on)


def forget_calendars() -> None:
    """Let the next question read the calendar files anew: a notice has come."""
    for cache in (_resolved, _composed, read_gazette):
        cache.cache_clear()


@lru_cache(maxsize=8192)
def _resolved(
    code: str | None, extra: tuple[Path, ...], adopted: tuple[Gazette, ...], known_on: dt.date | None
) -> WorkingCalendar:
    roots = (CONTENT, *extra)
    chain = () if code is None or code == NATION else code_chain(code)
    kept = {gazette.jurisdiction for gazette in adopted}
    layers = tuple(
        name for name in (NATION, *chain) if name in kept or any((root / name).is_dir() for root in roots)
    )
    if chain and chain[0] not in PROVINCES and not _is_extra_province(chain[0], roots):
        raise ClockError(
            "no_calendar",
            "没有 {code} 的日历。",
            remedy="请检查行政区划代码，或指明含有该地日历的文件夹。",
            code=code,
        )
    return _composed(layers, roots, tuple(g for g in adopted if g.jurisdiction in layers), known_on)


def _is_extra_province(prefix: str, roots: tuple[Path, ...]) -> bool:
    return any(folder.is_dir() for root in roots[1:] for folder in root.glob(f"{prefix}*"))


@lru_cache(maxsize=512)
def _composed(
    layers: tuple[str, ...], roots: tuple[Path, ...], adopted: tuple[Gazette, ...], known_on: dt.date | None
) -> WorkingCalendar:
    gazettes: list[Gazette] = []
    for name in layers:
        gazettes += [read_gazette(root / name) for root in roots if (root / name).is_dir()]
        gazettes += [gazette for gazette in adopted if gazette.jurisdiction == name]
    return compose(gazettes, known_on)


def compose(gazettes: Sequence[Gazette], known_on: dt.date | None = None) -> WorkingCalendar:
    """Return the calendar of the gazettes laid over each other, the nation's first, the smallest division's last.

    Gazettes of one jurisdiction are one layer, whatever folder or table each comes from.
    """
    gazettes = [join_gazettes(list(layer), known_on) for _, layer in groupby(gazettes, lambda g: g.jurisdiction)]
    nation = gazettes[0]
    if not (nation.almanac and nation.weekly_rest):
        raise ClockError("bad_calendar_file", "日历文件 {path} 无法读取：{error}", path=NATION, error="almanac")
    years = range(min(nation.almanac), max(nation.almanac) + 1)
    composer = _Composer(nation)
    for gazette in gazettes:
        composer.add(gazette, years)
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    hours = [gazette.office_hours for gazette in gazettes if gazette.office_hours]
    if not hours:
        raise ClockError("bad_calendar_file", "日历文件 {path} 无法读取：{error}", path=NATION, error="office_hours")
    return WorkingCalendar(
        gazettes[-1].jurisdiction,
        first,
        last,
        weekly_rest=nation.weekly_rest,
        facts={day: fact for day, fact in composer.facts.items() if first <= day <= last},
        provisional_years=composer.provisional_years,
        office_hours=hours[-1],
        half_days=tuple(half for gazette in gazettes for half in gazette.half_days),
        settled_by=_settled_by(gazettes),
    )


def _settled_by(gazettes: Sequence[Gazette]) -> dict[int, Source]:
    """Return for each year the notice that settled it, of several layers the one published last."""
    settling = [notice for gazette in gazettes for notice in gazette.notices if notice.covers is not None]
    settling.sort(key=lambda notice: notice.published or dt.date.min)
    return {notice.covers: notice.source for notice in settling if notice.covers is not None}


class _Composer:
    """Lays the facts of the gazettes over each other."""

    def __init__(self, nation: Gazette) -> None:
        assert nation.almanac is not None
        assert nation.weekly_rest is not None
        self.facts: dict[dt.date, DayFact] = {}
        self.provisional_years: set[int] = set()
        self._rest = nation.weekly_rest[0]
        self._statutory: dict[dt.date, tuple[str, Source]] = {}
        for year in nation.almanac:
            self._statutory |= statutory_days(decree_of(nation.decrees, year), nation.almanac, year)

    def add(self, gazette: Gazette, years: range) -> None:
        """Lay all that is written of one jurisdiction over what is already there."""
        covered = {notice.covers for notice in gazette.notices}
        if gazette.decrees:
            for year in years:
                if year not in covered:
                    self._compute_year(gazette, year)
        for festival in gazette.local_festivals:
            for year in years:
                if year not in covered:
                    self._add_local(festival, year)
        for notice in gazette.notices:
            for ordered in notice.festivals:
                self._add_notice(notice.source, ordered)

    def _compute_year(self, gazette: Gazette, year: int) -> None:
        self.provisional_years.add(year)
        days = {day: entry for day, entry in self._statutory.items() if day.year == year}
        for day, (name, source) in days.items():
            self._put(day, False, Why.STATUTORY_HOLIDAY, name, source, provisional=True)
        for day, (name, source) in in_lieu_days(decree_of(gazette.decrees, year), days, self._rest).items():
            self._put(day, False, Why.IN_LIEU, name, source, provisional=True)

    def _add_local(self, festival: LocalFestival, year: int) -> None:
        """Lay the days of a recurring local festival; it takes only days that would have been worked."""
        if year < festival.since or (festival.until is not None and year > festival.until):
            return
        first = dt.date.fromisoformat(f"{year}-{festival.solar}") if festival.solar else festival.dates[year]
        for day in (first + dt.timedelta(n) for n in range(festival.length)):
            standing = self.facts.get(day)
            if standing.is_work if standing else day.isoweekday() not in self._rest:
                unsure = festival.source.confidence == "recalled" or year in self.provisional_years
                self._put(day, False, Why.LOCAL_FESTIVAL, festival.name, festival.source, provisional=unsure)

    def _add_notice(self, source: Source, festival: Festival) -> None:
        for day in festival.off:
            why = festival.why or self._why_off(day)
            self._put(day, False, why, self._name(day, festival.name), source, provisional=False)
        for day in festival.work:
            self._put(day, True, Why.MADE_UP_WORKDAY, festival.name, source, provisional=False)

    def _why_off(self, day: dt.date) -> Why:
        if day in self._statutory:
            return Why.STATUTORY_HOLIDAY
        return Why.WEEKEND if day.isoweekday() in self._rest else Why.HOLIDAY_SWAP

    def _name(self, day: dt.date, name: str) -> str:
        return self._statutory[day][0] if day in self._statutory else name

    def _put(self, day: dt.date, is_work: bool, why: Why, name: str, source: Source, *, provisional: bool) -> None:
        self.facts[day] = DayFact(day, is_work, why, name, source, provisional)


def expected_of(jurisdiction: str, year: int, *, extra: Sequence[Path] = ()) -> Expected | None:
    """Return what a notice for a whole year of a jurisdiction has to arrange; None where it has no days of its own."""
    gazettes = [read_gazette(root / jurisdiction) for root in (CONTENT, *extra) if (root / jurisdiction).is_dir()]
    if not gazettes:
        return None
    gazette = join_gazettes(gazettes)
    if gazette.decrees and gazette.almanac and year in gazette.almanac:
        decree = decree_of(gazette.decrees, year)
        days = {day: name for day, (name, _) in statutory_days(decree, gazette.almanac, year).items()}
        return Expected(frozenset(feast.name for feast in decree.feasts), days)
    local = [f for f in gazette.local_festivals if f.since <= year and (f.until is None or year <= f.until)]
    return Expected(frozenset(festival.name for festival in local)) if local else None


def shipped_jurisdictions(extra: Sequence[Path] = ()) -> Iterator[str]:
    """Yield the jurisdictions that have days of their own, `nation` first."""
    names = {folder.name for root in (CONTENT, *extra) for folder in root.iterdir() if folder.is_dir()}
    yield NATION
    yield from sorted(names - {NATION})
