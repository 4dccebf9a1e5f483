"""Cells of decision tables: the S-FEEL-like unary tests, read into ranges that can be tried and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from yangguang.kernel.processes.vocabulary import Malformed


@dataclass(frozen=True, slots=True)
class Range:
    """One alternative of a cell: values between two bounds, each in or out; None is unbounded."""

    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True

    def holds(self, value: Any) -> bool:
        """True where the value lies within; a value of another kind never does."""
        if self.low is not None and self.low == self.high:
            return type(value) is type(self.low) and bool(value == self.low)
        if type(value) is not type(self.low if self.low is not None else self.high):
            return False
        above = self.low is None or value > self.low or (self.with_low and value == self.low)
        below = self.high is None or value < self.high or (self.with_high and value == self.high)
        return above and below


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: any of its ranges, or none of them where it is negated; without ranges everything passes."""

    ranges: tuple[Range, ...] = ()
    negated: bool = False
    #: as the author wrote it, for the page
    text: str = field(default="-", compare=False)

    def holds(self, value: Any) -> bool:
        """True where the value passes the cell."""
        return not self.ranges or any(one.holds(value) for one in self.ranges) is not self.negated


_PARTS = re.compile(r'\s*((?:"[^"]*"|date\("[^"]*"\)|[\[\](][^"\[\](),]*?\.\.[^"\[\](),]*?[\])\[]|[^",()])+)\s*(?:,|$)')
_DATE_PARTS = re.compile(r'date\("(\d{4}-\d{2}-\d{2})"\)')
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
MAX_LENGTH = 500
"""Characters a cell may have."""
_INTERVAL = re.compile(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")


def parse_cell(text: str) -> Cell:
    """A cell from its text; Malformed where it is none of the forms named above."""
    if len(text) > MAX_LENGTH:
        raise Malformed(f"决策表单元格超过 {MAX_LENGTH} 字", cite=text[:40], remedy="请拆成几条规则。")
    shown = text.strip()
    text = _DATE_PARTS.sub(r"@\1", shown)
    if text in {"", "-"}:
        return Cell()
    if text.startswith("not(") and text.endswith(")"):
        return Cell(tuple(_ranges(text[4:-1])), negated=True, text=shown)
    return Cell(tuple(_ranges(text)), text=shown)


def _ranges(text: str) -> Iterator[Range]:
    at = 0
    while at < len(text):
        part = _PARTS.match(text, at)
        if part is None:
            raise Malformed("决策表单元格写法有误", cite=text)
        yield _range(part.group(1).strip())
        at = part.end()


def _range(text: str) -> Range:
    interval = _INTERVAL.fullmatch(text)
    if interval:
        low, high = _literal(interval.group(2)), _literal(interval.group(3))
        if type(low) is not type(high) or low > high or (low == high and not text.startswith("[")):
            raise Malformed("区间两端不相容", cite=text)
        return Range(low, high, interval.group(1) == "[", interval.group(4) == "]")
    for sign in ("<=", ">=", "<", ">"):
        if text.startswith(sign):
            bound = _literal(text.removeprefix(sign).strip())
            closed = sign.endswith("=")
            return Range(high=bound, with_high=closed) if sign[0] == "<" else Range(low=bound, with_low=closed)
    value = _literal(text)
    return Range(value, value)


def _literal(text: str) -> Any:
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        return text[1:-1]
    if text in {"true", "false"}:
        return text == "true"
    try:
        if text.startswith("@"):
            return date.fromisoformat(text[1:])
    except ValueError as fault:
        raise Malformed("决策表单元格中的日期不存在", cite=text[1:]) from fault
    if not _NUMBER.fullmatch(text):
        raise Malformed("决策表单元格写法有误", cite=text, remedy='文字请加引号，例如 "一般"。')
    return Decimal(text)
