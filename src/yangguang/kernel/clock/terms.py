"""Lengths of time as people write them: `5 working days`, `15个工作日`, `三个月内`, `24小时`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .vocabulary import ClockError, Unit


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: an amount of at least 1, in a unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ClockError("bad_amount", "期限数必须是正整数，不能是 {amount}。", amount=self.amount)


#: Chinese units. 日 and 天 are calendar days: only 工作日 is a working day unless an act says otherwise.
_CHINESE = {
    "工作日": Unit.WORKING_DAYS,
    "日历日": Unit.CALENDAR_DAYS,
    "自然日": Unit.CALENDAR_DAYS,
    "日": Unit.CALENDAR_DAYS,
    "天": Unit.CALENDAR_DAYS,
    "月": Unit.MONTHS,
    "年": Unit.YEARS,
    "工作小时": Unit.WORKING_HOURS,
    "小时": Unit.HOURS,
}
_ENGLISH = {
    "working day": Unit.WORKING_DAYS,
    "business day": Unit.WORKING_DAYS,
    "calendar day": Unit.CALENDAR_DAYS,
    "day": Unit.CALENDAR_DAYS,
    "month": Unit.MONTHS,
    "year": Unit.YEARS,
    "working hour": Unit.WORKING_HOURS,
    "hour": Unit.HOURS,
}
_CHINESE_TERM = re.compile(
    rf"([0-9]{{1,6}}|[零〇一二两三四五六七八九十百千]{{1,9}})个?({'|'.join(_CHINESE)})(?:以内|之内|内)?"
)
_ENGLISH_TERM = re.compile(rf"([0-9]{{1,6}}) ?({'|'.join(_ENGLISH)})s?")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}


@lru_cache(maxsize=4096)
def parse_term(text: str) -> Term:
    """Return the term a text names. Raises ClockError `bad_term` where it names none, `bad_amount` for 0."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    chinese = _CHINESE_TERM.fullmatch(re.sub(r"\s+", "", plain))
    if chinese:
        return Term(whole_number(chinese[1]), _CHINESE[chinese[2]])
    english = _ENGLISH_TERM.fullmatch(re.sub(r"[\s_-]+", " ", plain) if not plain.startswith("-") else "")
    if english:
        return Term(int(english[1]), _ENGLISH[english[2]])
    raise ClockError(
        "bad_term",
        "看不懂期限“{term}”。",
        remedy="可写作：5 working days、30 calendar days、3 months、24 hours、5个工作日、30日、3个月、24小时。",
        term=text[:80],
    )


def whole_number(text: str) -> int:
    """Return a number in Arabic or Chinese figures: 15, 十五, 一百二十, 二〇."""
    if text.isdecimal():
        return int(text)
    if not any(place in text for place in _PLACES):
        return int("".join(str(_DIGITS[figure]) for figure in text))
    total, digit = 0, 0
    for figure in text:
        if figure in _PLACES:
            total += (digit or 1) * _PLACES[figure]
            digit = 0
        else:
            digit = _DIGITS[figure]
    return total + digit
