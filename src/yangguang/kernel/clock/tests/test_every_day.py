"""Every day of 2004-2026 against two independent packages; the notices decide where these differ."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import chinese_calendar  # type: ignore[import-untyped]
import holidays
import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for
from yangguang.kernel.clock.notices import CONTENT, read_gazette
from yangguang.kernel.clock.statutory import decree_of, statutory_days
from yangguang.kernel.clock.vocabulary import Why

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)

#: Days on which a package differs from the notice: day -> (package, the notice that decides).
DIFFERENCES = {
    dt.date(2005, 12, 31): (
        "chinese_calendar",
        # The rest of this Saturday was moved to Tuesday 3 January 2006. The notice's number is not on record.
        "国务院办公厅关于2006年部分节假日安排的通知",
    ),
}


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(n) for n in range((last - first).days + 1))


@pytest.mark.parametrize("package", ["chinese_calendar", "holidays"])
def test_every_day_agrees_with_the_package(package: str) -> None:
    calendar = calendar_for()
    nation = holidays.country_holidays("CN", years=range(FIRST.year - 1, LAST.year + 2))
    asked = {"chinese_calendar": chinese_calendar.is_workday, "holidays": nation.is_working_day}[package]
    differing = {day for day in _days(FIRST, LAST) if bool(asked(day)) != calendar.is_work(day)}
    assert differing == {day for day, (name, _) in DIFFERENCES.items() if name == package}


@pytest.mark.parametrize("day", DIFFERENCES)
def test_the_notice_decides_where_a_package_differs(day: dt.date) -> None:
    fact = calendar_for().fact(day)
    assert fact.source.title == DIFFERENCES[day][1]
    assert fact.why is Why.MADE_UP_WORKDAY


def test_every_year_has_a_notice_and_each_day_of_it_is_final() -> None:
    calendar = calendar_for()
    covered = Counter(notice.covers for notice in read_gazette(CONTENT / "nation").notices if notice.covers)
    assert covered == Counter(range(FIRST.year, LAST.year + 1))
    assert not calendar.is_provisional_between(FIRST, LAST)


def test_days_off_by_decree_are_never_worked_and_carry_their_festival() -> None:
    gazette = read_gazette(CONTENT / "nation")
    calendar = calendar_for()
    assert gazette.almanac is not None
    for year in range(FIRST.year, LAST.year + 1):
        for day, (name, _) in statutory_days(decree_of(gazette.decrees, year), gazette.almanac, year).items():
            fact = calendar.fact(day)
            assert (fact.is_work, fact.why) == (False, Why.STATUTORY_HOLIDAY), day
            assert fact.name == name, day


def test_notices_make_up_only_weekend_days() -> None:
    for notice in read_gazette(CONTENT / "nation").notices:
        for festival in notice.festivals:
            assert all(day.weekday() >= 5 for day in festival.work), notice.source


def test_almanac_agrees_with_the_package_beyond_the_notices() -> None:
    """The feasts of 2008-2050; before 2008 only the spring festival was a day off."""
    almanac = read_gazette(CONTENT / "nation").almanac
    assert almanac is not None
    names = {"春节": "春节", "清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
    for year in range(2008, 2051):
        days = holidays.country_holidays("CN", years=year, observed=False, language="zh_CN")
        for feast, name in names.items():
            assert name in days.get(f"{year}-{almanac[year][feast]}", ""), (year, feast)


def test_2027_is_provisional_with_statutory_days_and_days_in_lieu() -> None:
    calendar = calendar_for()
    expected = holidays.country_holidays("CN", years=2027)
    for day in _days(dt.date(2027, 1, 1), dt.date(2027, 12, 31)):
        assert calendar.is_provisional(day), day
        assert calendar.is_work(day) == expected.is_working_day(day), day
    assert calendar.fact(dt.date(2027, 5, 3)).why is Why.IN_LIEU
    assert calendar.fact(dt.date(2027, 5, 3)).source.article == "第六条"


def test_2026_has_248_working_days() -> None:
    assert calendar_for().between(dt.date(2025, 12, 31), dt.date(2026, 12, 31)) == 248


def test_the_spring_festival_of_2020_was_lengthened_while_it_ran() -> None:
    before, after = calendar_for(known_on=dt.date(2020, 1, 20)), calendar_for(known_on=dt.date(2020, 1, 28))
    saturday = dt.date(2020, 2, 1)
    assert before.is_work(saturday)
    assert before.fact(saturday).source.number == "国办发明电〔2019〕16号"
    assert not after.is_work(saturday)
    assert after.fact(dt.date(2020, 1, 31)).why is Why.EXTENDED_HOLIDAY
    assert after.fact(saturday).source.number == "国办发明电〔2020〕1号"
    assert before.version != after.version
    start = dt.date(2020, 1, 17)
    assert (before.after(start, 8), after.after(start, 8)) == (dt.date(2020, 2, 3), dt.date(2020, 2, 5))


def test_the_victory_day_of_2015() -> None:
    calendar = calendar_for()
    reasons = [calendar.fact(dt.date(2015, 9, day)).why for day in range(3, 7)]
    assert reasons == [Why.SPECIAL_HOLIDAY, Why.HOLIDAY_SWAP, Why.WEEKEND, Why.MADE_UP_WORKDAY]


def test_a_year_is_provisional_until_its_notice_is_out() -> None:
    early = calendar_for(known_on=dt.date(2025, 11, 1))
    assert early.is_provisional(dt.date(2026, 2, 14))
    assert not early.is_work(dt.date(2026, 2, 14))
    assert not calendar_for(known_on=dt.date(2025, 11, 4)).is_provisional(dt.date(2026, 2, 14))


def test_half_days_are_told_and_stop_nothing() -> None:
    calendar = calendar_for()
    women = next(half for half in calendar.half_days if half.name == "妇女节")
    assert (women.month_day, women.source.article) == ("03-08", "第三条第一项")
    assert calendar.is_work(dt.date(2027, 3, 8))
