"""Numbers and calendar days in Chinese print."""

from __future__ import annotations

import calendar
import re
from datetime import date

DIGITS = {
    char: value
    for value, chars in enumerate(
        ["〇○零0oO", "一1壹元", "二2两贰", "三3叁", "四4肆", "五5伍", "六6陆", "七7柒", "八8捌", "九9玖"]
    )
    for char in chars
}
DIGITS |= {"正": 1}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
CHINESE = "一二三四五六七八九十百千万亿〇两廿卅"
CN = "一二三四五六七八九十"

#: A year as printed: 2011, 二〇一一, 二0一一, 2O11.
YEAR = r"(?:(?:19|20)\d{2}|[12一二][0-9〇零oO一二三四五六七八九]{3})"
#: A month or day number: 4, 04, 四, 十二, 二十, 三十一, 廿一.
SMALL = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九元正]|廿[一二三四五六七八九]?|卅一?)"
DAY = re.compile(rf"(?P<year>{YEAR})\s?年\s?(?P<month>{SMALL})\s?月\s?(?P<day>{SMALL})\s?[日号]")
NUMERIC_DAY = re.compile(r"(?P<year>(?:19|20)\d{2})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})(?!\d)")


def number(text: str) -> int | None:
    """Return the value of a whole number in Arabic or Chinese figures, or None."""
    text = text.replace(" ", "").replace(",", "")
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _composed(text)


def _composed(text: str) -> int | None:
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            section += (digit or 1) * UNITS[char]
            digit = 0
        elif char in MYRIADS:
            total += (section + digit or 1) * MYRIADS[char]
            section = digit = 0
        else:
            return None
    return total + section + digit


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    """Return the last day of a month, or None for an impossible month."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def day_of(match: re.Match[str]) -> date | None:
    """Return the date of a match with groups year, month and day."""
    year, month, day = (number(match[name]) for name in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return None
    return calendar_day(year, month, day)
