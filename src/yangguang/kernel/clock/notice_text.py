"""The words of a holiday notice read into the form of the calendar files: days off, days worked, when it was said.

    一、元旦：1月1日（周五）至3日（周日）放假，共3天。
    二、春节：2月6日至12日放假调休，共7天。2月5日（周六）、2月14日（周日）上班。

A notice moves the last days of thousands, so nothing is guessed: what does not hold together (a weekday that is not
that day's, a count that is not the days', a made-up day that is no day of rest, a day both off and worked, words with
a date that are not understood) is refused with a sentence. Sentences without effect on any day are listed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from .notices import NATION, Festival, Notice, Source
from .terms import whole_number
from .vocabulary import ClockError, Why

_NUMBERING = r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、])"
_DATE = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}(?:日|(?=[-至到]))(?:\([^()]*\))?"
_HEAD = re.compile(
    rf"(?:(?:^|(?<=[。;\n])){_NUMBERING}?|{_NUMBERING})"
    rf"((?:[\u4e00-\u9fff]|\d(?!月))[\u4e00-\u9fff\d]{{0,19}}(?:、[\u4e00-\u9fff]{{1,12}})*):\n?(?=[自从]?{_DATE})"
)
_ONE_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})(?:日|(?=[-至到]))(?:\(([^()]*)\))?")
_SPAN = rf"{_DATE}(?:[-至到]{_DATE})?"
_OFF_OR_WORK = re.compile(
    rf"(?:其中|即|自|从|将)?({_SPAN}(?:[、和及与]{_SPAN})*)"
    r"(?:(?P<off>(?:放假|补休|补假|调休|休息|公休)(?:调休|公休)?)(?:(?P<n>[\d一二三四五六七八九十]{1,3})天)?"
    r"|(?P<work>(?:照常|正常|调休)?(?:上班|工作)))"
)
_TOTAL = re.compile(r"(?:一?共|共计|合计)(?:放假)?([\d一二三四五六七八九十]{1,3})天")
#: words that name days without ordering anything: which of them are the decree's, which weekends were moved
_TELLS = re.compile(r"法定(?:节)?假日|公休日|起(?:正常|照常)?上班$|^(?:鼓励|倡导|建议|提倡)")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,24}关于[^。:]{2,60}?(?:通知|公告|决定)")
_YEAR = re.compile(r"(\d{4})年")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[【(]\d{4}[〕\]】)]第?\d{1,4}号")
_SIGNED = re.compile(
    r"(?:(?<=[。\n])|^)[\u4e00-\u9fff\n]{0,40}?(\d{4})年(\d{1,2})月(\d{1,2})日(?:(?!放假|上班|休)[^日]){0,80}$"
)
_SIGNED_IN_WORDS = re.compile(
    r"([二〇零一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_LABELLED = re.compile(r"(?:成文|发布|发文|印发)(?:日期|时间):(\d{4})[年-](\d{1,2})[月-](\d{1,2})")
_WHOLE_YEAR = re.compile(r"\d{4}年(?:部分|全年)?(?:法定)?节?假日(?:的)?(?:放假)?(?:时间)?安排")
_WEEKDAYS = "一二三四五六日"
_ONE = dt.timedelta(1)
#: characters within which a notice has named itself
_OPENING = 4000
#: the longest a festival has been off, with room: more is a slip of the pen
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """What a text says: the notice as dated data, and its sentences that order nothing."""

    notice: Notice
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a notice for a whole year has to arrange: festivals by name, and the days that are off by law itself."""

    festivals: frozenset[str]
    days: Mapping[dt.date, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Item:
    """One festival while it is read."""

    name: str
    year: int
    off: list[dt.date] = field(default_factory=list)
    work: list[dt.date] = field(default_factory=list)


def year_of_text(text: str) -> int | None:
    """Return the year a notice is about, as its title or first words say; None where they do not."""
    plain = _plain(text)
    titled = _YEAR.search(_title(plain) or "") or re.search(r"将(\d{4})年", plain)
    return int(titled[1]) if titled else None


def read_notice(
    text: str,
    *,
    jurisdiction: str = NATION,
    expected: Expected | None = None,
    year: int | None = None,
    number: str = "",
    published: dt.date | None = None,
    rest: Collection[int] = frozenset({6, 7}),
) -> ReadNotice:
    """Return what the words of a notice order.

    `year`, `number` and `published` are taken from the text where they are not given. The notice covers its year
    where it arranges every festival of `expected`; otherwise it only changes days.

    Raises ClockError, each with its sentence: `notice_empty`, `notice_title`, `notice_year`, `notice_published`,
    `notice_date`, `notice_weekday`, `notice_count`, `notice_made_up`, `notice_conflict`, `notice_unread`,
    `notice_incomplete`, `notice_statutory`.
    """
    plain = _plain(text)
    title = _title(plain)
    if not title:
        raise ClockError("notice_title", "没有读到通知的标题。", remedy="请连同标题一起粘贴。")
    about = year or year_of_text(text)
    if about is None:
        raise ClockError("notice_year", "没有读到通知安排的是哪一年。", remedy="请写明年份。")
    published = published or _published(plain)
    if published is None:
        raise ClockError("notice_published", "没有读到成文日期。", remedy="请连同落款一起粘贴，或者另行填写。")
    items, unread = _items(plain, about)
    if not items:
        raise ClockError(
            "notice_empty", "没有读到任何节日的安排。", remedy="每个节日应如：元旦：1月1日至3日放假，共3天。"
        )
    _check(items, about, rest)
    numbered = _NUMBER.search(plain.replace(title, "\n"))
    source = Source(title, number or (numbered[0] if numbered else None))
    why = None if jurisdiction == NATION else Why.LOCAL_FESTIVAL
    festivals = tuple(Festival(item.name, tuple(sorted(item.off)), tuple(sorted(item.work)), why) for item in items)
    covers = about if expected and _covers(title, items, expected, rest) else None
    return ReadNotice(Notice(source, published, covers, festivals), tuple(unread))


def _plain(text: str) -> str:
    """Return the text with one form of each sign, without spaces; lines stay lines."""
    text = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").replace("\r", "\n").replace("○", "〇")
    text = re.sub(r"[—–―~～﹣−]+", "-", text)
    text = re.sub(r"[^\S\n]+", "", text)
    return re.sub(r"\n+", "\n", text).strip()


def _title(plain: str) -> str | None:
    """Return the title, also where it stands on two lines."""
    lines = plain[:_OPENING].split("\n")
    for place, line in enumerate(lines):
        for words in (line, "".join(lines[place : place + 2])):
            found = _TITLE.search(words)
            if found and "关于" in line:
                return found[0]
    return None


def _published(plain: str) -> dt.date | None:
    found = _SIGNED.search(plain) or _LABELLED.search(plain)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    in_words = list(_SIGNED_IN_WORDS.finditer(plain))
    if in_words:
        year, month, day = (whole_number(part) for part in in_words[-1].groups())
        return _day(year, month, day)
    return None


def _items(plain: str, year: int) -> tuple[list[_Item], list[str]]:
    signed = _SIGNED.search(plain)
    body = plain[: signed.start()] if signed else plain
    in_words = list(_SIGNED_IN_WORDS.finditer(body))
    body = body[: in_words[-1].start()] if in_words else body
    heads = list(_HEAD.finditer(body))
    items: list[_Item] = []
    unread: list[str] = []
    ends = [*(head.start() for head in heads), len(body)][1:]
    for head, end in zip(heads, ends, strict=True):
        item = _Item(head[1], year)
        for sentence in re.split(r"[。;]", body[head.end() : end].replace("\n", "")):
            if sentence and not _read_sentence(item, sentence):
                unread.append(sentence)
        if not item.off and not item.work:
            raise _unread(item, body[head.start() : end])
        items.append(item)
    return items, unread


def _read_sentence(item: _Item, sentence: str) -> bool:
    """Take what a sentence orders; return whether it ordered anything."""
    if _TELLS.match(sentence):
        return False
    totals, ordered = [], False
    sentence = re.sub(r"\([^()]*\)", lambda part: part[0].replace(",", "、"), sentence)
    for clause in filter(None, sentence.split(",")):
        total = _TOTAL.search(clause)
        if total:
            totals.append(whole_number(total[1]))
            ordered = True
        else:
            ordered |= _read_clause(item, clause)
    for told in totals:
        if told not in (len(set(item.off)), _with_weekends(item)):
            raise ClockError(
                "notice_count", "{name}：通知说共{told}天，读到的放假日是{found}天。",
                name=item.name, told=told, found=len(set(item.off)),
            )
    return ordered


def _read_clause(item: _Item, clause: str) -> bool:
    found = _OFF_OR_WORK.fullmatch(clause)
    if found:
        days = list(_days(item, found[1]))
        told = whole_number(found["n"]) if found["n"] else len(days)
        if told != len(days):
            raise ClockError(
                "notice_count", "{name}：通知说共{told}天，读到的放假日是{found}天。",
                name=item.name, told=told, found=len(days),
            )
        target = item.work if found["work"] else item.off
        target += [day for day in days if day not in target]
        return True
    if re.search(r"\d日", clause) and not _TELLS.search(clause):
        raise _unread(item, clause)
    return False


def _days(item: _Item, text: str) -> Iterator[dt.date]:
    """Yield the days of a list of dates and spans; a month not repeated is the one before."""
    month, last = 0, None
    for span in re.finditer(_SPAN, text):
        ends: list[dt.date] = []
        for found in _ONE_DATE.finditer(span[0]):
            month = int(found[2]) if found[2] else month
            given = int(found[1]) if found[1] else (last.year if last and not found[2] else None)
            last = _place(item, given, month, int(found[3]), ends[0] if ends else None)
            _check_weekday(item, last, found[4] or "")
            ends.append(last)
        first, last = ends[0], ends[-1]
        if last < first or (last - first).days >= _LONGEST:
            raise ClockError(
                "notice_date", "{name}：“{text}”起止日期不合情理。", name=item.name, text=span[0]
            )
        yield from (first + dt.timedelta(n) for n in range((last - first).days + 1))


def _place(item: _Item, year: int | None, month: int, day: int, after: dt.date | None) -> dt.date:
    """Return a printed date in its year: as printed, after the first day of its span, near the days off, else its own.

    New Year's days off may begin in the December before.
    """
    if year is not None:
        return _day(year, month, day, item.name)
    if after is not None:
        this = _day(after.year, month, day, item.name)
        return this if this >= after else _day(after.year + 1, month, day, item.name)
    if item.off:
        near = [_day(y, month, day, item.name) for y in range(item.year - 1, item.year + 2)]
        return min(near, key=lambda one: abs((one - item.off[0]).days))
    return _day(item.year - (month == 12 and "元旦" in item.name), month, day, item.name)


def _day(year: int, month: int, day: int, name: str = "") -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ClockError(
            "notice_date", "{name}没有“{year}年{month}月{day}日”这一天。",
            name=f"{name}：" if name else "", year=year, month=month, day=day,
        ) from error


def _check_weekday(item: _Item, day: dt.date, beside: str) -> None:
    told = _WEEKDAY.search(beside)
    if told and told[1].replace("天", "日") != _WEEKDAYS[day.weekday()]:
        raise ClockError(
            "notice_weekday", "{name}：通知说{day}是星期{told}，实际是星期{real}。",
            name=item.name, day=day, told=told[1], real=_WEEKDAYS[day.weekday()],
        )


def _with_weekends(item: _Item) -> int:
    """Return how many days on end are off with the weekends that the days off meet."""
    off = set(item.off)
    if not off:
        return 0
    for step in (-_ONE, _ONE):
        edge = min(item.off) if step < dt.timedelta(0) else max(item.off)
        while (edge := edge + step).isoweekday() > 5 and edge not in item.work:
            off.add(edge)
    return len(off)


def _check(items: list[_Item], year: int, rest: Collection[int]) -> None:
    off = {day: item.name for item in items for day in item.off}
    for item in items:
        for day in item.work:
            if day.isoweekday() not in rest:
                raise ClockError(
                    "notice_made_up", "{name}：调休上班的{day}是星期{weekday}，本来就上班。",
                    name=item.name, day=day, weekday=_WEEKDAYS[day.weekday()],
                )
            if day in off:
                raise ClockError(
                    "notice_conflict", "{day}既放假（{off}）又上班（{work}）。", day=day, off=off[day], work=item.name
                )
        for day in (*item.off, *item.work):
            if not dt.date(year - 1, 12, 1) <= day <= dt.date(year + 1, 1, 31):
                raise ClockError("notice_date", "{name}：{day}不在{year}年。", name=item.name, day=day, year=year)


def _covers(title: str, items: list[_Item], expected: Expected, rest: Collection[int]) -> bool:
    """Whether the notice arranges the whole year; what calls itself so and does not is refused."""
    named = {name for item in items for name in item.name.split("、")}
    missing = expected.festivals - named
    if missing and _WHOLE_YEAR.search(title):
        raise ClockError(
            "notice_incomplete", "通知安排全年，却没有读到：{missing}。",
            remedy="请核对粘贴的文字是否完整。", missing="、".join(sorted(missing)),
        )
    if missing:
        return False
    off, work = ({day for item in items for day in getattr(item, kind)} for kind in ("off", "work"))
    for day, name in expected.days.items():
        if day not in off and (day.isoweekday() not in rest or day in work):
            raise ClockError(
                "notice_statutory", "{day}是法定节假日（{name}），通知却没有安排放假。", day=day, name=name
            )
    return True


def _unread(item: _Item, words: str) -> ClockError:
    return ClockError("notice_unread", "{name}：看不懂“{words}”。", name=item.name, words=words.strip()[:60])
