"""What an official table or letter says, apart from how any file format writes it."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: what XML cannot carry: control characters, lone surrogates, non-characters
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Tone(enum.StrEnum):
    """The meaning a cell's colour repeats; the cell's word always says it too."""

    PLAIN = "plain"
    GO = "go"
    WARN = "warn"
    STOP = "stop"
    HOLD = "hold"
    DONE = "done"


#: tone -> (ink, ground), the lamp colours of the pages
COLOURS: dict[Tone, tuple[str, str]] = {
    Tone.PLAIN: ("#000000", ""),
    Tone.GO: ("#17633a", "#e7f3eb"),
    Tone.WARN: ("#704600", "#fff1c9"),
    Tone.STOP: ("#941b1b", "#fce8e6"),
    Tone.HOLD: ("#46525f", "#edf0f3"),
    Tone.DONE: ("#1c5a8f", "#eaf2f9"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a tone, such as a lamp (灯)."""

    text: str
    tone: Tone = Tone.PLAIN


CellValue = str | int | Decimal | date | Cell | None
Row = Sequence[CellValue]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width, and how its cells are set."""

    head: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading that spans the table; without a heading the rows stand alone."""

    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialTable:
    """An official task table (任务分解表, 台账): A4 landscape, head repeated on each page.

    ``masthead`` is what stands above the title, such as ``附件1``; ``notes`` stand
    under the table; ``signed_on`` is written with ``signature`` at the right.
    """

    title: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    masthead: str = ""
    number: str = ""
    notes: Sequence[str] = ()
    signature: str = ""
    signed_on: date | None = None

    def __post_init__(self) -> None:
        for group in self.groups:
            for row in group.rows:
                if len(row) != len(self.columns):
                    raise ValueError(f"a row of {len(row)} cells under {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a letter: level 1 is set in 黑体 (一、), level 2 in 楷体 (（一）)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLetter:
    """A red-headed letter (督查通知单, 催办通知, 黄牌通知书) or, with ``issue``, a bulletin (通报).

    ``masthead`` is the red head; ``facts`` are pairs set as a small table before
    the body's end; ``annex`` is printed on landscape pages after the letter.
    """

    masthead: str
    title: str
    to: str
    body: Sequence[str | Heading]
    signature: str
    signed_on: date
    number: str = ""
    issue: str = ""
    facts: Sequence[tuple[str, str]] = ()
    attachments: Sequence[str] = ()
    copies_to: str = ""
    disclosure: str = ""
    annex: OfficialTable | None = None


#: the columns of an official task table; widths in millimetres of the 225 mm text block
TASK_COLUMNS: tuple[Column, ...] = (
    Column("序号", 12, centred=True),
    Column("主要任务", 70),
    Column("牵头部门", 29),
    Column("协办部门", 35),
    Column("完成时限", 31, centred=True),
    Column("进展", 32),
    Column("灯", 16, centred=True),
)


def written_day(day: date) -> str:
    """Return a day as official documents write it (2026年6月5日)."""
    return f"{day.year}年{day.month}月{day.day}日"


def text_of(value: CellValue) -> str:
    """Return what a cell reads, without the characters no office file can carry."""
    if value is None:
        return ""
    if isinstance(value, Cell):
        value = value.text
    if isinstance(value, date):
        return written_day(value)
    return writable(str(value))


def tone_of(value: CellValue) -> Tone:
    """Return the tone of a cell."""
    return value.tone if isinstance(value, Cell) else Tone.PLAIN


def writable(text: str) -> str:
    """Return a text without control characters; line ends become a plain newline."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


def masthead_size(text: str) -> float:
    """Return the size in points at which a red head fills, and never wraps in, the 156 mm line.

    GB/T 9704-2012, 7.2.4: striking and no larger than the head of the superior organ; 小标宋.
    """
    em = 156 / 25.4 * 72 / max(len(text), 1)
    return round(min(46.0, em * 0.94), 1)
