"""Readings as a table: for the terminal, Excel and Word, in the columns of an official task list."""

from __future__ import annotations

import importlib
import io
from typing import Any

from yangguang.domains.directives.reader.records import Duty, Reading

COLUMNS = ("序号", "事项", "工作任务", "牵头单位", "协办单位", "责任单位", "责任人", "完成时限", "存疑")
WIDTHS = (6, 24, 60, 20, 28, 28, 12, 18, 18)


def rows_of(reading: Reading) -> list[list[str]]:
    """Return one row of text a duty, in the order of COLUMNS."""
    return [_row(place, duty) for place, duty in enumerate(reading.duties, 1)]


def _row(place: int, duty: Duty) -> list[str]:
    names = [
        [unit.packed().raw for unit in units] for units in (duty.lead, duty.support, duty.responsible, duty.persons)
    ]
    deadlines = [
        deadline.date.isoformat() if deadline.date else deadline.expr.packed().raw for deadline in duty.deadlines
    ]
    doubts = dict.fromkeys(warning.code for warning in duty.warnings)
    return [
        str(place),
        " / ".join(duty.path),
        duty.text.packed().raw,
        *("、".join(units) for units in names),
        "；".join(dict.fromkeys(deadlines)),
        " ".join(doubts),
    ]


def as_table(reading: Reading) -> str:
    """Return a reading as tab-separated text with a heading."""
    head = [f"# {reading.title or reading.source.get('name', '')}"]
    head += [f"# {label}：{value}" for label, value in _envelope(reading) if value]
    return "\n".join([*head, "\t".join(COLUMNS), *("\t".join(row) for row in rows_of(reading))])


def _envelope(reading: Reading) -> list[tuple[str, str]]:
    return [
        ("文号", reading.document_number or ""),
        ("发文机关", reading.issuer or ""),
        ("转发机关", reading.forwarded_by or ""),
        ("成文日期", reading.date.isoformat() if reading.date else ""),
        ("主送", "、".join(reading.addressees)),
    ]


def as_xlsx(readings: list[Reading]) -> bytes:
    """Return readings as an Excel file, a sheet each."""
    xlsxwriter: Any = importlib.import_module("xlsxwriter")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})
    plain = book.add_format({"valign": "top", "border": 1, "text_wrap": True})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True})
    for place, reading in enumerate(readings, 1):
        sheet = book.add_worksheet(f"任务{place}")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, reading.title or "任务分解表", title)
        sheet.set_row(0, 40)
        sheet.write_string(1, 0, "　".join(f"{label}：{value}" for label, value in _envelope(reading) if value))
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, bold)
        for line, row in enumerate(rows_of(reading), 3):
            for column, value in enumerate(row):
                sheet.write_string(line, column, value[:32_000], plain)
    book.close()
    return stream.getvalue()


def as_docx(readings: list[Reading]) -> bytes:
    """Return readings as a Word file with one table each."""
    docx: Any = importlib.import_module("docx")
    shared: Any = importlib.import_module("docx.shared")
    section_kind: Any = importlib.import_module("docx.enum.section")
    document = docx.Document()
    section = document.sections[0]
    section.orientation = section_kind.WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = shared.Mm(297), shared.Mm(210)
    for reading in readings:
        document.add_heading(reading.title or "任务分解表", level=1)
        document.add_paragraph("　".join(f"{label}：{value}" for label, value in _envelope(reading) if value))
        rows = rows_of(reading)
        table = document.add_table(rows=1 + len(rows), cols=len(COLUMNS) - 1, style="Table Grid")
        for line, values in enumerate([list(COLUMNS), *rows]):
            for cell, value in zip(table.rows[line].cells, values[:-1], strict=True):
                cell.text = _printable(value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _printable(text: str) -> str:
    """Drop characters XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n" or " " <= char and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff"
    )
