"""Holiday notices read from their words: real layouts in words of our own, round trips, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from yangguang.kernel.clock.jurisdictions import calendar_for, expected_of
from yangguang.kernel.clock.notice_text import ReadNotice, read_notice, year_of_text
from yangguang.kernel.clock.notices import CONTENT, Gazette, Notice, pack_notice, read_gazette, unpack_notice
from yangguang.kernel.clock.vocabulary import ClockError

HEAD = "某办公厅关于{year}年部分节假日安排的通知\n某办发电〔{before}〕9号\n\n各市县人民政府，各部门、各直属机构：\n"
TAIL = "\n节日期间，要安排好值班和安全保卫。\n某办公厅\n{before}年11月5日\n"


def notice(*items: str, year: int = 2027, head: str = HEAD, tail: str = TAIL) -> str:
    body = "".join(f"{'一二三四五六七八九'[n]}、{item}\n" for n, item in enumerate(items))
    return head.format(year=year, before=year - 1) + body + tail.format(before=year - 1)


def spelled(days: tuple[dt.date, ...]) -> str:
    """Days as `1.1-1.3 2.14`: short enough for a table."""
    out: list[list[dt.date]] = []
    for day in days:
        if out and day - out[-1][-1] == dt.timedelta(1):
            out[-1].append(day)
        else:
            out.append([day])
    ends = ((run[0], run[-1]) for run in out)
    one = lambda day: f"{day.year % 100}.{day.month}.{day.day}"  # noqa: E731
    return " ".join(one(a) if a == b else f"{one(a)}-{one(b)}" for a, b in ends)


@pytest.mark.parametrize(
    ("item", "off", "work"),
    [
        ("元旦：1月1日（周五）至3日（周日）放假，共3天。", "27.1.1-27.1.3", ""),
        ("元旦：1月1日放假，与周末连休。", "27.1.1", ""),
        ("元旦：1月1日放假，与周末连休，共3天。", "27.1.1", ""),
        ("元旦：1月1日（星期五）放假1天，不调休。", "27.1.1", ""),
        ("元旦：2026年12月31日至2027年1月2日放假调休，共3天。", "26.12.31-27.1.2", ""),
        ("元旦：12月31日至1月2日放假调休，共3天。12月27日（周日）上班。", "26.12.31-27.1.2", "26.12.27"),
        ("元旦：2026年12月31日-2027年1月2日放假，共三天。其中，1月1日（星期五）为法定节假日，1月2日（星期六）为公休日，"
         "12月27日（星期日）公休日调至12月31日（星期四），12月27日（星期日）上班。", "26.12.31-27.1.2", "26.12.27"),
        ("春节：2月5日（农历腊月二十九、周五）至11日（农历正月初六，周四）放假调休，共7天。2月13日（周六）、14日（周日）上班。",
         "27.2.5-27.2.11", "27.2.13-27.2.14"),
        ("春节：2月5日－11日放假调休,共7天。1月31日(星期日)、2月14日(星期天)照常上班。", "27.2.5-27.2.11",
         "27.1.31 27.2.14"),
        ("清明节：4月5日放假，4月6日（星期二）补休。", "27.4.5-27.4.6", ""),
        ("劳动节：自5月1日至5月5日放假调休，共5天；4月25日、5月8日上班。", "27.5.1-27.5.5", "27.4.25 27.5.8"),
        ("劳动节：5月1至5日放假调休，共5天。鼓励安排职工在5月6日休息。", "27.5.1-27.5.5", ""),
        ("国庆节、中秋节：10月1日（周五）至8日（周五）放假调休，共8天。10月9日（周六）起正常上班。",
         "27.10.1-27.10.8", ""),
        ("抗战胜利80周年纪念日：9月3日（周五）放假1天。", "27.9.3", ""),
    ],
)  # fmt: skip
def test_items_are_read(item: str, off: str, work: str) -> None:
    (festival,) = read_notice(notice(item)).notice.festivals
    assert (spelled(festival.off), spelled(festival.work)) == (off, work)
    assert festival.name == item.split("：")[0]


FORMS: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: text.replace("\n", ""),
    lambda text: text.replace("\n", "\r\n").replace("，", "，  "),
    lambda text: text.replace("一、", "").replace("二、", "").replace("三、", ""),
    lambda text: text.replace("（", "(").replace("）", ")").replace("：", ":"),
    lambda text: text.replace("部分节假日", "\n部分节假日"),
]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_words_in_another_form_say_the_same(form: Callable[[str], str]) -> None:
    text = notice(
        "元旦：1月1日（周五）至3日（周日）放假，共3天。",
        "春节：2月5日至11日放假调休，共7天。2月14日（周日）上班。",
        "清明节：4月5日（周一）放假。",
    )
    if "\n" not in form(text):
        text = text.replace("各直属机构：", "各直属机构：根据安排。")
    assert read_notice(form(text)).notice == read_notice(text).notice


def test_title_number_day_and_what_orders_nothing_are_read() -> None:
    read = read_notice(notice("元旦：1月1日放假。鼓励错峰出行。"))
    source = read.notice.source
    assert (source.title, source.number) == ("某办公厅关于2027年部分节假日安排的通知", "某办发电〔2026〕9号")
    assert read.notice.published == dt.date(2026, 11, 5)
    assert read.unread == ("鼓励错峰出行", "节日期间,要安排好值班和安全保卫")
    assert year_of_text(notice("元旦：1月1日放假。")) == 2027


@pytest.mark.parametrize(
    "tail", ["\n二〇二六年十一月五日", "\n某办公厅 2026年11月5日（此件公开发布）", "\n某办公厅\n2026 年 11 月 5 日"]
)
def test_the_day_is_read_in_its_forms(tail: str) -> None:
    assert read_notice(notice("元旦：1月1日放假。", tail=tail)).notice.published == dt.date(2026, 11, 5)


def rendered(given: Notice, *, weekdays: bool) -> str:
    """A notice of the calendar files in the words of a layout."""
    assert given.covers is not None
    published = given.published or dt.date(given.covers - 1, 12, 9)  # some days of publication are not on record

    def day(one: dt.date, *, full: bool) -> str:
        word = f"（周{'一二三四五六日'[one.weekday()]}）" if weekdays else ""
        return f"{f'{one.year}年' if full else ''}{one.month}月{one.day}日{word}"

    items = []
    for festival in given.festivals:
        crosses = festival.off[0].year != festival.off[-1].year
        first, last = festival.off[0], festival.off[-1]
        spans = f"{day(first, full=crosses)}至{day(last, full=crosses)}" if last > first else day(first, full=False)
        item = f"{festival.name}：{spans}放假{'调休' if festival.work else ''}，共{len(festival.off)}天。"
        item += f"{'、'.join(day(one, full=False) for one in festival.work)}上班。" if festival.work else ""
        items.append(item)
    text = notice(*items, year=given.covers, tail="\n某办公厅\n")
    return f"{text}{published.year}年{published.month}月{published.day}日"


SHIPPED = [one for one in read_gazette(CONTENT / "nation").notices if one.covers and one.covers >= 2008]


@pytest.mark.parametrize("weekdays", [True, False], ids=["with weekdays", "without"])
@pytest.mark.parametrize("given", SHIPPED, ids=lambda one: str(one.covers))
def test_every_year_since_2008_is_read_back_from_words(given: Notice, weekdays: bool) -> None:
    assert given.covers is not None
    read = read_notice(rendered(given, weekdays=weekdays), expected=expected_of("nation", given.covers)).notice
    assert read.covers == given.covers
    assert read.published == (given.published or dt.date(given.covers - 1, 12, 9))
    days = [(f.name, sorted(f.off), sorted(f.work)) for f in given.festivals]
    assert [(f.name, list(f.off), list(f.work)) for f in read.festivals] == days
    row = pack_notice(read)
    assert unpack_notice(row) == read


def test_what_was_read_settles_the_year_as_the_calendar_files_do() -> None:
    given = next(one for one in SHIPPED if one.covers == 2026)
    read = read_notice(rendered(given, weekdays=True), expected=expected_of("nation", 2026), number="丁号")
    before = calendar_for(known_on=dt.date(2025, 11, 3))
    after = calendar_for(known_on=dt.date(2025, 11, 3), adopted=[Gazette("nation", (read.notice,))])
    assert 2026 in before.provisional_years
    assert 2026 not in calendar_for(adopted=[Gazette("nation", (read.notice,))]).provisional_years
    assert after.version == before.version
    days = [dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(365)]
    adopted = calendar_for(adopted=[Gazette("nation", (read.notice,))])
    assert [adopted.is_work(day) for day in days] == [calendar_for().is_work(day) for day in days]


WHOLE = (
    "元旦：1月1日至3日放假。", "春节：2月5日至11日放假。", "清明节：4月5日放假。", "劳动节：5月1日至5日放假。",
    "端午节：6月9日放假。", "中秋节：9月15日放假。", "国庆节：10月1日至7日放假。",
)  # fmt: skip


def read_whole(*items: str) -> ReadNotice:
    return read_notice(notice(*items), expected=expected_of("nation", 2027))


def test_a_whole_year_is_settled_and_a_change_is_not() -> None:
    assert read_whole(*WHOLE).notice.covers == 2027
    head = HEAD.replace("部分节假日安排", "劳动节假期调整")
    changed = read_notice(notice("劳动节：5月1日至4日放假。", head=head), expected=expected_of("nation", 2027))
    assert changed.notice.covers is None


@pytest.mark.parametrize(
    ("items", "code", "words"),
    [
        (["元旦：1月1日（周四）放假。"], "notice_weekday", "星期五"),
        (["元旦：1月1日至3日放假，共4天。"], "notice_count", "共4天"),
        (["元旦：1月1日放假2天。"], "notice_count", "1天"),
        (["元旦：1月1日放假。1月4日上班。"], "notice_made_up", "星期一"),
        (["元旦：1月1日至3日放假。1月3日上班。"], "notice_conflict", "2027-01-03"),
        (["清明节：2月30日放假。"], "notice_date", "2月30日"),
        (["劳动节：5月5日至1日放假。"], "notice_date", "不合情理"),
        (["劳动节：5月1日至3日逢双放假。"], "notice_unread", "逢双"),
        (["劳动节：5月1日另行通知。"], "notice_unread", "另行通知"),
        (["劳动节：2029年5月1日放假。"], "notice_date", "2027"),
        (["劳动节安排另行通知。"], "notice_empty", "节日"),
        (WHOLE[:6], "notice_incomplete", "国庆节"),
        ([*WHOLE[:6], "国庆节：10月2日至8日放假。"], "notice_statutory", "2027-10-01"),
    ],
)
def test_what_does_not_hold_together_is_refused_with_a_sentence(items: list[str], code: str, words: str) -> None:
    with pytest.raises(ClockError, match=words) as caught:
        read_notice(notice(*items), expected=expected_of("nation", 2027) if len(items) > 2 else None)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "notice_title"),
        ("元旦：1月1日放假。", "notice_title"),
        ("某办关于部分节假日安排的通知\n元旦：1月1日放假。\n2026年11月5日", "notice_year"),
        ("某办关于2027年节假日安排的通知\n元旦：1月1日放假。", "notice_published"),
        ("某办关于2027年节假日安排的通知" * 4000, "notice_published"),
        ("关于" * 50000 + "1月1日" * 50000, "notice_title"),
    ],
)
def test_what_is_no_notice_is_refused(text: str, code: str) -> None:
    with pytest.raises(ClockError) as caught:
        read_notice(text)
    assert caught.value.code == code


def test_a_local_notice_is_a_festival_of_its_own() -> None:
    head = HEAD.replace("部分节假日", "火把节放假")
    read = read_notice(
        notice("火把节：8月6日（周四）至8日（周六）放假，共3天。", year=2026, head=head),
        jurisdiction="5134", expected=expected_of("5134", 2026),
    )  # fmt: skip
    assert read.notice.covers is None  # the prefecture's other festival stays as it was
    calendar = calendar_for("5134", adopted=[Gazette("5134", (read.notice,))])
    fact = calendar.fact(dt.date(2026, 8, 6))
    assert (fact.why, fact.provisional, str(fact.source.number)) == ("local_festival", False, "某办发电〔2025〕9号")
    assert calendar.fact(dt.date(2026, 11, 20)).provisional
