"""Words of the rulebook: units, confidence marks, citations, values and what is refused.

Plain records only; reading files is the business of `reading`, `sources` and `loading`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

#: What a value may hold: a number, a word, a yes/no, or a table of numbers by word.
Held = int | float | str | bool | dict[str, int]


class Unit(StrEnum):
    """In what a value is measured; a value without unit is refused."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    PERCENT = "percent"
    TIMES = "times"
    DAY_OF_NEXT_MONTH = "day_of_next_month"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CAPABILITY = "capability"

    @property
    def is_term(self) -> bool:
        """Whether the clock can count it."""
        return self in _TERMS

    @property
    def zh(self) -> str:
        """The Chinese word printed after the number."""
        return _ZH[self]


_TERMS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.HOURS, Unit.WORKING_HOURS})
_ZH = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.CALENDAR_DAYS: "日",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
    Unit.HOURS: "小时",
    Unit.WORKING_HOURS: "个工作小时",
    Unit.PERCENT: "%",
    Unit.TIMES: "次",
    Unit.DAY_OF_NEXT_MONTH: "日（次月）",
    Unit.YES_NO: "",
    Unit.CHOICE: "",
    Unit.CAPABILITY: "",
}


class Confidence(StrEnum):
    """How well the source of a value was checked; shown beside every value that is not `text`."""

    TEXT = "text"
    LOCAL = "local"
    SECOND_HAND = "second_hand"
    KNOWLEDGE = "knowledge"
    DESIGN = "design"

    @property
    def zh(self) -> str:
        """The Chinese label of the mark."""
        return {
            "text": "已核原文",
            "local": "地方规定",
            "second_hand": "转引未核",
            "knowledge": "待核实",
            "design": "平台默认",
        }[self.value]


class Kind(StrEnum):
    """Which way a limit binds."""

    MAX = "max"
    MIN = "min"
    WINDOW = "window"
    RECURRING = "recurring"
    FIXED = "fixed"


class Rolls(StrEnum):
    """Whether a last day that is no working day moves to the next one, and on what ground."""

    INHERENT = "inherent"
    BY_REFERENCE = "by_reference"
    LAW_SILENT = "law_silent"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a value stands: the source's id in the register, the article and the source's title."""

    law: str
    article: str
    title: str
    confidence: Confidence

    def __str__(self) -> str:
        """Print as jurists do: 《title》article."""
        return f"《{self.title}》{self.article}"


@dataclass(frozen=True, slots=True)
class Value:
    """One value in force from a day (and, if it ended, to a day), with its unit and its source.

    `overlay` is the code of the division that set it, empty for the whole country.
    `file` and `line` say where it is written; they are no part of its meaning.
    """

    key: str
    value: Held
    unit: Unit
    cite: Cite
    from_: date
    to: date | None = None
    overlay: str = ""
    zh: str = ""
    en: str = ""
    kind: Kind | None = None
    rolls: Rolls | None = None
    starts: str = ""
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def term(self) -> str:
        """The value as the clock's term, such as `3 working days`; ValueError where it is none."""
        if not self.unit.is_term:
            raise ValueError(f"{self.key} is measured in {self.unit}, which no clock counts")
        return f"{self.value} {self.unit.value.replace('_', ' ')}"

    @property
    def number(self) -> int:
        """The value as a whole number; TypeError where it is none."""
        return self._as(int)

    @property
    def word(self) -> str:
        """The value as a word (a choice, a capability)."""
        return self._as(str)

    @property
    def yes(self) -> bool:
        """The value as yes or no."""
        return self._as(bool)

    @property
    def table(self) -> dict[str, int]:
        """The value as a table of numbers by word."""
        held: dict[str, int] = self._as(dict)
        return held

    def _as(self, wanted: type[T]) -> T:
        if type(self.value) is not wanted:
            raise TypeError(f"{self.key} holds {self.value!r}, no {wanted.__name__}")
        return self.value

    def holds_on(self, day: date) -> bool:
        """Whether the value was in force on that day; both ends count."""
        return self.from_ <= day and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file of values or sources."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump to the place."""
        return f"{self.file}:{self.line}: {self.says}"


class RulebookRefused(Exception):
    """The declared values cannot be used; `faults` lists every one with its file and line."""

    remedy = "Correct the named lines; every value needs from, unit and a cite that resolves in laws/."

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (str(fault.file), fault.line, fault.says)))
        super().__init__("\n".join(map(str, self.faults)))


class NothingHeld(LookupError):
    """No value of that key was in force on that day (or the key is unknown to the book)."""

    def __init__(self, key: str, on: date, *, known: bool) -> None:
        self.key, self.on, self.known = key, on, known
        super().__init__(
            f"no value of {key} was in force on {on.isoformat()}" if known else f"the rulebook has no key {key}"
        )
