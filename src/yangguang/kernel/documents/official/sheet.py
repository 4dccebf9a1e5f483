"""Official tables as XLSX: what people type stays text, never a formula or a link."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from yangguang.kernel.documents.official.description import (
    COLOURS,
    CellValue,
    Group,
    OfficialTable,
    Row,
    Tone,
    text_of,
    tone_of,
    writable,
    written_day,
)
from yangguang.kernel.documents.official.faces import FACES
from yangguang.kernel.documents.official.typeset import UNDATED

#: a spreadsheet cell holds no more; what is cut is said in the cell
CELL_MAX = 32767
CUT = "…（此格文字过长，全文见台账）"
#: width of a column in characters for one millimetre of the printed table
_CHARACTERS_A_MM = 0.56


def to_xlsx(table: OfficialTable) -> bytes:
    """Return the table as XLSX bytes: frozen and repeated head, A4 landscape, one page wide."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        signed = datetime.combine(table.signed_on or UNDATED, time(), tzinfo=UTC).replace(tzinfo=None)
        properties = {"title": table.title.replace("\n", ""), "author": table.signature, "created": signed}
        book.set_properties({name: writable(v) if isinstance(v, str) else v for name, v in properties.items()})
        _Writer(book, book.add_worksheet("任务表"), table).write()
    return out.getvalue()


@dataclass
class _Writer:
    """Writes one table from the top row down."""

    book: xlsxwriter.Workbook
    sheet: Worksheet
    table: OfficialTable
    row: int = 0
    formats: dict[tuple[Any, ...], Format] = field(default_factory=dict)

    def write(self) -> None:
        for index, column in enumerate(self.table.columns):
            self.sheet.set_column(index, index, max(5.0, column.width * _CHARACTERS_A_MM))
        self._crown()
        self._head()
        for group in self.table.groups:
            self._group(group)
        for note in self.table.notes:
            self._across(note, self._format("body", 10.5, align="left", border=0))
        if self.table.signature or self.table.signed_on:
            day = written_day(self.table.signed_on) if self.table.signed_on else ""
            self._across(
                f"{self.table.signature}  {day}".strip(), self._format("body", 14, align="right", border=0), 30
            )
        self._page()

    def _crown(self) -> None:
        if self.table.masthead:
            self._across(self.table.masthead, self._format("hei", 16, align="left", border=0), 24)
        lines = self.table.title.count("\n") + 1
        self._across(self.table.title, self._format("title", 22, align="center", border=0), 40 * lines)
        if self.table.number:
            self._across(self.table.number, self._format("body", 14, align="center", border=0), 24)

    def _head(self) -> None:
        style = self._format("hei", 11, align="center", bg_color="#f2f2f2")
        for index, column in enumerate(self.table.columns):
            self.sheet.write_string(self.row, index, fitted(writable(column.head)), style)
        self.sheet.repeat_rows(self.row)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def _group(self, group: Group) -> None:
        if group.heading:
            self._across(group.heading, self._format("kai", 12, align="left"), 22)
        for cells in group.rows:
            for index, value in enumerate(cells):
                self._cell(index, value)
            self.sheet.set_row(self.row, self._height(cells))
            self.row += 1

    def _cell(self, index: int, value: CellValue) -> None:
        tone = tone_of(value)
        ink, ground = COLOURS[tone]
        colours = {} if tone is Tone.PLAIN else {"font_color": ink, "bg_color": ground}
        align = "center" if self.table.columns[index].centred else "left"
        style = self._format("body", 10.5, align=align, **colours)
        if isinstance(value, int | Decimal):
            self.sheet.write_number(self.row, index, value, style)
        else:
            self.sheet.write_string(self.row, index, fitted(text_of(value)), style)

    def _height(self, cells: Row) -> float:
        """Return the height in points a row needs: few programs fit wrapped rows when they open a file."""
        pairs = zip(cells, self.table.columns, strict=True)
        lines = max(lines_in(text_of(value), column.width * _CHARACTERS_A_MM) for value, column in pairs)
        return min(409.0, 6 + 14 * lines)

    def _across(self, text: str, style: Format, height: float | None = None) -> None:
        last = len(self.table.columns) - 1
        if last:
            self.sheet.merge_range(self.row, 0, self.row, last, "", style)
        self.sheet.write_string(self.row, 0, fitted(writable(text)), style)
        if height:
            self.sheet.set_row(self.row, height)
        self.row += 1

    def _page(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.8, right=0.8, top=1.1, bottom=1.0)
        self.sheet.set_footer("&C— &P —")

    def _format(self, role: str, size: float, **more: Any) -> Format:
        key = (role, size, *sorted(more.items()))
        if key not in self.formats:
            shape = {"font_name": FACES[role].official, "font_size": size, "valign": "vcenter", "text_wrap": True}
            self.formats[key] = self.book.add_format({**shape, "border": 1, **more})
        return self.formats[key]


def lines_in(text: str, width: float) -> int:
    """Return how many lines a text fills in a column of ``width`` half characters."""
    halves = (sum(2 if ord(c) > 0xFF else 1 for c in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(n / max(width - 1, 2))) for n in halves)


def fitted(text: str) -> str:
    """Return a text that fits a cell; what had to be cut is said at its end."""
    return text if len(text) <= CELL_MAX else text[: CELL_MAX - len(CUT)] + CUT
