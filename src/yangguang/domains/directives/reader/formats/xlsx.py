"""Excel files (.xlsx): each sheet a table, rows of one cell above it as lines."""

from __future__ import annotations

import importlib
import re
import warnings
from datetime import date, datetime
from io import BytesIO
from typing import Any

from yangguang.domains.directives.reader.formats.page import Page, PageBuilder
from yangguang.domains.directives.reader.formats.tables import Content, duty_table, laid_out
from yangguang.domains.directives.reader.formats.unzip import BROKEN, opened
from yangguang.domains.directives.reader.records import Settings, Unreadable

MOST_ROWS = 20_000
MOST_COLUMNS = 60


def decode(data: bytes, settings: Settings) -> Page:
    """Decode a workbook.  Raises `Unreadable`."""
    package = opened(data, settings)
    if sum(info.file_size for info in package.infolist()) > settings.most_bytes:
        raise Unreadable("zip_bomb", "文件解压后过大，已拒绝。", "请只保留任务表所在的工作表。")
    openpyxl: Any = importlib.import_module("openpyxl")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError):
        raise Unreadable(*BROKEN) from None
    page = PageBuilder()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            _sheet(sheet, page)
    return page.page("xlsx")


def _sheet(sheet: Any, page: PageBuilder) -> None:
    rows = _rows(sheet)
    if duty_table(rows, 0):
        laid_out(page, rows)
        return
    for row in rows:
        page.line("  ".join(content for content in row if isinstance(content, str) and content))


def _rows(sheet: Any) -> list[list[Content]]:
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        for line in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MOST_COLUMNS) + 1):
                merged[line, column] = (area.min_row, area.min_col)
    height = min(sheet.max_row or 0, MOST_ROWS)
    width = min(sheet.max_column or 0, MOST_COLUMNS)
    kept: dict[int, int] = {}
    rows: list[list[Content]] = []
    for cells in sheet.iter_rows(min_row=1, max_row=height, max_col=width):
        number = cells[0].row if cells else 0
        kept[number] = len(rows)
        row = [_content(cell, merged.get((number, cell.column)), kept) for cell in cells]
        if any(row):
            rows.append(row)
        else:
            del kept[number]
    return _without_blank_columns(rows)


def _content(cell: Any, origin: tuple[int, int] | None, kept: dict[int, int]) -> Content:
    if origin is None or origin == (cell.row, cell.column):
        return _printed(cell.value)
    return (kept[origin[0]], origin[1] - 1) if origin[0] in kept else None


def _without_blank_columns(rows: list[list[Content]]) -> list[list[Content]]:
    width = max((len(row) for row in rows), default=0)
    while width and not any(row[width - 1] for row in rows if len(row) >= width):
        width -= 1
    return [row[:width] + [None] * (width - len(row)) for row in rows]


def _printed(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return re.sub(r"\r\n?", "\n", str(value)).strip()
