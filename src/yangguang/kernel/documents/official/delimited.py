"""Official tables as CSV that a spreadsheet opens rightly and safely."""

from __future__ import annotations

import csv
import io
import re

from yangguang.kernel.documents.official.description import CellValue, OfficialTable, text_of

#: what spreadsheets may read as the beginning of a formula, also in full width
_FORMULA = re.compile(r"^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?%?$")


def to_csv(table: OfficialTable) -> bytes:
    """Return the rows as CSV (UTF-8 with byte order mark, CRLF); group headings become a first column.

    A text that a spreadsheet would run as a formula is led by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    grouped = any(group.heading for group in table.groups)
    writer.writerow([*(["类别"] if grouped else []), *(guarded(column.head) for column in table.columns)])
    for group in table.groups:
        lead = [guarded(group.heading)] if grouped else []
        writer.writerows([*lead, *map(guarded, row)] for row in group.rows)
    return out.getvalue().encode("utf-8-sig")


def guarded(value: CellValue) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula; numbers stay numbers."""
    text = text_of(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
