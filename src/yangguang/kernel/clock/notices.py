"""What a folder of calendar files says: decrees, notices, local festivals, office hours, each with its source.

A calendar folder has one sub-folder a jurisdiction: `nation`, or a GB/T 2260 prefix such as `51`, `5134` or
`513401`. Every `*.yaml` in it is read and joined. See the README for the keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from .vocabulary import ClockError, Why

#: the calendars shipped with the clock
CONTENT = Path(__file__).parent / "content"
NATION = "nation"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a day's status is written. `confidence` is `recalled` where the text itself has not been read."""

    title: str
    number: str | None = None
    article: str | None = None
    confidence: str = "cross_checked"
    url: str | None = None

    def __str__(self) -> str:
        """Return the citation as printed: title（number）article."""
        return f"{self.title}{f'（{self.number}）' if self.number else ''}{self.article or ''}"


@dataclass(frozen=True, slots=True)
class Festival:
    """What one notice orders for one festival: days off, and weekend days to be worked instead."""

    name: str
    off: tuple[dt.date, ...]
    work: tuple[dt.date, ...]
    why: Why | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `covers` is the year whose arrangement it settles; None for one that only changes days.

    `published` None means that the day is not on record: the notice is then taken as always known.
    """

    source: Source
    published: dt.date | None
    covers: int | None
    festivals: tuple[Festival, ...]


@dataclass(frozen=True, slots=True)
class Feast:
    """A recurring day of a decree or local rule: fixed in the solar year, or offsets from a day of the almanac."""

    name: str
    source: Source
    solar: tuple[str, ...]
    feast: str | None
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decree:
    """One revision of the decree on days off, in force from a day on."""

    source: Source
    in_force: dt.date
    in_lieu: str
    feasts: tuple[Feast, ...]


@dataclass(frozen=True, slots=True)
class LocalFestival:
    """A festival of a nationality: its first days (listed or the same every year) and its length in days."""

    name: str
    source: Source
    length: int
    since: int
    until: int | None
    solar: str | None
    dates: Mapping[int, dt.date]


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half day of leave for some people. It closes no counter and stops no clock (放假办法 第三条)."""

    name: str
    month_day: str
    who: str
    source: Source


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The sessions of an office day as minutes after midnight."""

    sessions: tuple[tuple[int, int], ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Gazette:
    """All that is written about the days of one jurisdiction."""

    jurisdiction: str
    notices: tuple[Notice, ...] = ()
    decrees: tuple[Decree, ...] = ()
    local_festivals: tuple[LocalFestival, ...] = ()
    half_days: tuple[HalfDay, ...] = ()
    almanac: Mapping[int, Mapping[str, str]] | None = None
    weekly_rest: tuple[frozenset[int], Source] | None = None
    office_hours: OfficeHours | None = None


@lru_cache(maxsize=256)
def read_gazette(folder: Path) -> Gazette:
    """Read and join the files of one jurisdiction's folder.

    Raises ClockError `bad_calendar_file` naming the file where one is not as the README says.
    """
    joined: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            _join(joined, yaml.load(path.read_bytes(), Loader=_LOADER) or {})
        except (yaml.YAMLError, TypeError, AttributeError) as error:
            raise _bad_file(path, error) from error
    try:
        return _gazette(folder.name, joined)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad_file(folder, error) from error


def _bad_file(path: Path, error: Exception) -> ClockError:
    return ClockError("bad_calendar_file", "日历文件 {path} 无法读取：{error}", path=path, error=error)


def _join(joined: dict[str, Any], page: dict[str, Any]) -> None:
    for key, value in page.items():
        if isinstance(value, list):
            joined.setdefault(key, []).extend(value)
        elif isinstance(value, dict):
            joined.setdefault(key, {}).update(value)
        else:
            raise TypeError(key)


def _gazette(jurisdiction: str, page: dict[str, Any]) -> Gazette:
    decrees = tuple(_decree(row) for row in page.get("decrees", ()))
    rest = page.get("weekly_rest")
    hours = page.get("office_hours")
    return Gazette(
        jurisdiction=jurisdiction,
        notices=tuple(_notice(row) for row in page.get("notices", ())),
        decrees=decrees,
        local_festivals=tuple(_local(row) for row in page.get("local_festivals", ())),
        half_days=tuple(_half_day(row, decrees[-1].source) for row in page.get("half_days", ())),
        almanac=page.get("almanac"),
        weekly_rest=(frozenset(rest["days"]), _source(rest["law"])) if rest else None,
        office_hours=_office_hours(hours) if hours else None,
    )


def _source(law: Mapping[str, Any], article: str | None = None) -> Source:
    return Source(
        title=law["title"],
        number=law.get("number"),
        article=article or law.get("article"),
        confidence=law.get("confidence", "cross_checked"),
        url=law.get("url"),
    )


def pack_notice(notice: Notice) -> dict[str, Any]:
    """Return a notice as one row of the key `notices` of a calendar file, in values that JSON can carry."""
    return {
        "title": notice.source.title,
        "number": notice.source.number,
        "published": notice.published.isoformat() if notice.published else None,
        "covers": notice.covers,
        "url": notice.source.url,
        "festivals": {festival.name: _pack_days(festival) for festival in notice.festivals},
    }


def unpack_notice(row: Mapping[str, Any]) -> Notice:
    """Return the notice that `pack_notice` wrote."""
    published = row.get("published")
    return _notice({**row, "published": dt.date.fromisoformat(published) if published else None})


def _pack_days(festival: Festival) -> dict[str, Any]:
    packed: dict[str, Any] = {"rest": list(_spans(festival.off)), "work": list(_spans(festival.work))}
    return packed | ({"why": festival.why.value} if festival.why else {})


def _spans(days: Sequence[dt.date]) -> Iterator[str]:
    """Yield days as `first..last`, days on end in one span."""
    for _, run in groupby(enumerate(days), lambda pair: pair[1].toordinal() - pair[0]):
        span = [day for _, day in run]
        yield f"{span[0]}..{span[-1]}"


def _notice(row: Mapping[str, Any]) -> Notice:
    for name, days in row["festivals"].items():
        if not days.keys() <= {"rest", "work", "why"}:
            raise ValueError(name)
    return Notice(
        source=_source(row),
        published=row.get("published"),
        covers=row.get("covers"),
        festivals=tuple(
            Festival(
                name=name,
                off=tuple(_days(days.get("rest", ()))),
                work=tuple(_days(days.get("work", ()))),
                why=Why(days["why"]) if "why" in days else None,
            )
            for name, days in row["festivals"].items()
        ),
    )


def _days(entries: list[dt.date | str]) -> Iterator[dt.date]:
    for entry in entries:
        if isinstance(entry, dt.date):
            yield entry
            continue
        first, last = (dt.date.fromisoformat(end) for end in entry.split(".."))
        yield from (first + dt.timedelta(n) for n in range((last - first).days + 1))


def _decree(row: Mapping[str, Any]) -> Decree:
    return Decree(
        source=_source(row["law"]),
        in_force=row["in_force"],
        in_lieu=row["in_lieu"],
        feasts=tuple(
            Feast(
                name=name,
                source=_source(row["law"], rule["article"]),
                solar=tuple(rule.get("solar", ())),
                feast=rule.get("feast"),
                offsets=tuple(rule.get("offsets", ())),
            )
            for name, rule in row["festivals"].items()
        ),
    )


def _local(row: Mapping[str, Any]) -> LocalFestival:
    return LocalFestival(
        name=row["name"],
        source=_source(row["law"]),
        length=row["length"],
        since=row["since"],
        until=row.get("until"),
        solar=row.get("solar"),
        dates={first.year: first for first in row.get("dates", ())},
    )


def _half_day(row: Mapping[str, Any], decree: Source) -> HalfDay:
    source = Source(decree.title, decree.number, row["article"], decree.confidence, decree.url)
    return HalfDay(row["name"], row["solar"], row["who"], source)


def _office_hours(row: Mapping[str, Any]) -> OfficeHours:
    sessions = tuple(
        (_minutes(opens), _minutes(closes)) for opens, closes in (session.split("-") for session in row["sessions"])
    )
    if any(opens >= closes for opens, closes in sessions) or list(sessions) != sorted(sessions):
        raise ValueError(row["sessions"])
    return OfficeHours(sessions, _source(row["basis"]))


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
