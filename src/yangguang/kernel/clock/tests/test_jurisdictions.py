"""Calendars by division: inheritance by code, local festivals, overlays, refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for, code_chain, forget_calendars, shipped_jurisdictions
from yangguang.kernel.clock.notices import read_gazette
from yangguang.kernel.clock.vocabulary import ClockError, Why

FESTIVAL = """\
local_festivals:
  - name: 石月节
    law: {title: 石月自治州自治条例, number: null, article: 第五十条, confidence: invented}
    length: 2
    since: 2024
    until: null
    solar: 06-10
"""
OFFICE_HOURS = """\
office_hours:
  sessions: ["10:00-14:00", "16:00-20:00"]
  basis: {title: 石月自治州作息时间通知, number: null, article: null}
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    prefecture = tmp_path / "9931"
    prefecture.mkdir()
    (prefecture / "festivals.yaml").write_text(FESTIVAL, encoding="utf-8")
    (prefecture / "office_hours.yaml").write_text(OFFICE_HOURS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("51", ("51",)),
        ("510000", ("51",)),
        ("513400", ("51", "5134")),
        ("513401", ("51", "5134", "513401")),
        ("513401001", ("51", "5134", "513401", "513401001")),
        ("513401001201", ("51", "5134", "513401", "513401001", "513401001201")),
    ],
)
def test_a_code_inherits_by_its_prefixes(code: str, chain: tuple[str, ...]) -> None:
    assert code_chain(code) == chain


@pytest.mark.parametrize("code", ["", "5", "abc", "51340", "５１", "51 ", "-51340"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ClockError) as caught:
        calendar_for(code)
    assert caught.value.code == "bad_jurisdiction"


@pytest.mark.parametrize("code", ["77", "990000", "81", "710000"])
def test_a_place_without_a_calendar_is_refused_and_not_given_the_nations(code: str) -> None:
    with pytest.raises(ClockError) as caught:
        calendar_for(code)
    assert caught.value.code == "no_calendar"


def test_places_without_days_of_their_own_share_the_nations_calendar() -> None:
    assert calendar_for("110101") is calendar_for()
    assert calendar_for("510000") is calendar_for("nation")


def test_an_autonomous_prefecture_has_its_festivals_down_to_the_county() -> None:
    county, nation = calendar_for("513401"), calendar_for()
    torch, new_year = dt.date(2026, 8, 6), dt.date(2026, 11, 20)
    for day, name in ((torch, "火把节"), (new_year, "彝历年")):
        fact = county.fact(day)
        assert (fact.is_work, fact.why, fact.name) == (False, Why.LOCAL_FESTIVAL, name)
        assert nation.is_work(day)
    assert county.version != nation.version
    assert county.jurisdiction == "5134"


def test_a_festival_whose_article_has_not_been_read_is_provisional() -> None:
    county = calendar_for("513401")
    assert county.fact(dt.date(2026, 8, 6)).source.confidence == "recalled"
    assert county.is_provisional(dt.date(2026, 8, 6))
    assert not county.is_provisional(dt.date(2026, 8, 10))


def test_a_festival_never_takes_the_name_of_a_weekend() -> None:
    assert calendar_for("5134").fact(dt.date(2026, 8, 8)).why is Why.WEEKEND


def test_an_invented_province_comes_by_overlay(overlay: Path) -> None:
    prefecture = calendar_for("993100", extra=[overlay])
    fact = prefecture.fact(dt.date(2026, 6, 10))
    assert (fact.is_work, fact.name, str(fact.source)) == (False, "石月节", "石月自治州自治条例第五十条")
    assert not fact.provisional
    assert prefecture.after(dt.date(2026, 6, 9), 1) == dt.date(2026, 6, 12)
    assert prefecture.office_hours.sessions[0] == (600, 840)
    assert calendar_for("990000", extra=[overlay]).is_work(dt.date(2026, 6, 10))
    assert calendar_for("110000", extra=[overlay]).office_hours.sessions[0] == (510, 720)
    assert list(shipped_jurisdictions([overlay])) == ["nation", "5134", "9931"]


def test_a_local_notice_settles_its_year(overlay: Path) -> None:
    notice = """\
notices:
  - title: 石月自治州人民政府关于2026年石月节放假的通知
    number: 石政发〔2026〕5号
    published: 2026-04-01
    covers: 2026
    festivals:
      石月节: {rest: [2026-06-11..2026-06-12], work: [2026-06-14], why: local_festival}
"""
    before = calendar_for("9931", extra=[overlay])
    (overlay / "9931" / "2026.yaml").write_text(notice, encoding="utf-8")
    forget_calendars()
    after = calendar_for("9931", extra=[overlay])
    assert [after.is_work(dt.date(2026, 6, day)) for day in (10, 11, 12, 14)] == [True, False, False, True]
    assert not after.is_work(dt.date(2025, 6, 10))
    assert after.version != before.version


@pytest.mark.parametrize(
    "page",
    ["notices: [", "notices: 5", "notices:\n  - {title: x, festivals: {元旦: {off: [2026-01-01]}}}", "- 1"],
)
def test_a_broken_file_is_named(tmp_path: Path, page: str) -> None:
    (tmp_path / "9931").mkdir()
    (tmp_path / "9931" / "2026.yaml").write_text(page, encoding="utf-8")
    with pytest.raises(ClockError, match="9931") as caught:
        calendar_for("9931", extra=[tmp_path])
    assert caught.value.code == "bad_calendar_file"


YEAR = """\
notices:
  - title: 关于2027年部分节假日安排的通知
    number: {number}
    published: {published}
    covers: 2027
    festivals:
      元旦: {{rest: [2027-01-01..2027-01-03]}}
      春节: {{rest: [{spring}], work: [{made_up}]}}
      国庆节: {{rest: [2027-10-01..2027-10-07]}}
"""
FIRST = YEAR.format(number="甲号", published="2026-11-05", spring="2027-02-05..2027-02-11", made_up="2027-02-14")
SECOND = YEAR.format(number="乙号", published="2026-12-20", spring="2027-02-06..2027-02-12", made_up="2027-02-20")
CHANGE = """\
notices:
  - title: 关于调整2027年春节假期的通知
    number: 丙号
    published: 2026-12-01
    festivals:
      春节: {rest: [2027-02-04..2027-02-11], work: [2027-02-13]}
      百年纪念日: {rest: [2027-09-06], why: special_holiday}
"""
# each day of the table: Thursday 4, Friday 5, Friday 12, and the Saturdays and Sundays that may be made up
WATCHED = (4, 5, 12, 13, 14, 20)


@pytest.mark.parametrize(
    ("files", "closed", "number"),
    [
        pytest.param({"a": FIRST}, (0, 1, 0, 1, 0, 1), "甲号", id="one notice settles the year"),
        pytest.param({"a": FIRST, "b": SECOND}, (0, 0, 1, 1, 1, 0), "乙号", id="the corrected one takes its place"),
        pytest.param({"a": SECOND, "b": FIRST}, (0, 0, 1, 1, 1, 0), "乙号", id="by day of publication, not by file"),
        pytest.param({"a": FIRST, "b": CHANGE}, (1, 1, 0, 0, 1, 1), "甲号", id="a change arranges one festival anew"),
        pytest.param(
            {"a": FIRST, "b": CHANGE, "c": SECOND}, (0, 0, 1, 1, 1, 0), "乙号", id="the correction ends the change too"
        ),
    ],
)
@pytest.mark.parametrize("apart", [False, True], ids=["one folder", "folders of their own"])
def test_a_years_notice_settles_it_wherever_it_lies(
    tmp_path: Path, files: dict[str, str], closed: tuple[int, ...], number: str, apart: bool
) -> None:
    folders = []
    for name, page in files.items():
        folder = tmp_path / (name if apart else "own") / "nation"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(page, encoding="utf-8")
        folders.append(folder.parent)
    calendar = calendar_for(extra=list(dict.fromkeys(folders)))
    assert 2027 not in calendar.provisional_years
    assert 2028 in calendar.provisional_years
    assert calendar.settled_by[2027].number == number
    assert tuple(int(not calendar.is_work(dt.date(2027, 2, day))) for day in WATCHED) == closed
    assert not any(fact.provisional for fact in calendar.special_days(2027))
    # computed days of the provisional year are gone: the decree's 5 April in lieu is no day off by these notices
    assert calendar.is_work(dt.date(2027, 4, 5))
    assert calendar.is_work(dt.date(2027, 9, 6)) is (files.get("b") != CHANGE)


def test_a_notice_known_later_leaves_the_year_provisional_before(tmp_path: Path) -> None:
    (tmp_path / "nation").mkdir()
    (tmp_path / "nation" / "2027.yaml").write_text(FIRST, encoding="utf-8")
    assert 2027 in calendar_for(extra=[tmp_path], known_on=dt.date(2026, 11, 4)).provisional_years
    assert 2027 not in calendar_for(extra=[tmp_path], known_on=dt.date(2026, 11, 5)).provisional_years


def test_an_adopted_gazette_counts_like_a_folder(tmp_path: Path) -> None:
    (tmp_path / "nation").mkdir()
    (tmp_path / "nation" / "2027.yaml").write_text(FIRST, encoding="utf-8")
    gazette = read_gazette(tmp_path / "nation")
    adopted = calendar_for("5134", adopted=[gazette])
    assert adopted.version == calendar_for("5134", extra=[tmp_path]).version
    assert calendar_for("110000", adopted=[replace(gazette, jurisdiction="53")]).version == calendar_for().version
