"""The workbook by which an organisation is handed in: four sheets, read strictly, each error with sheet and row.

Pure: bytes in, rows and errors out. What the rows mean is decided in `plans`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

#: how much a workbook may unpack to, in bytes; a larger one is a mistake or an attack
UNPACKED_BYTES = 64 * 1024 * 1024
ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, its printed title, whether it must be filled, and what to write in it."""

    field: str
    title: str
    needed: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its key, its printed name, its columns, and an example row."""

    key: str
    title: str
    columns: tuple[Column, ...]


SHEETS = (
    Sheet(
        "division",
        "区划",
        (
            Column("code", "区划代码", needed=True, hint="GB/T 2260 代码，开发区可加字母"),
            Column("name", "名称", needed=True),
            Column("level", "层级", needed=True, hint="省级、市级、县级、乡级、村级"),
            Column("parent", "上级代码", hint="最高一级不填"),
            Column("short_name", "简称"),
            Column("branch", "开发区", hint="是、否"),
            Column("valid_from", "起始日", hint="2024-01-31，不详则不填"),
        ),
    ),
    Sheet(
        "unit",
        "单位",
        (
            Column("code", "单位代码", needed=True, hint="统一社会信用代码或自编代码"),
            Column("name", "名称", needed=True, hint="全称"),
            Column("division", "区划代码", needed=True),
            Column("nature", "性质", needed=True, hint="政府、部门、党委、垂管、法检、中央驻地、事业、企业、村居"),
            Column("superior", "上级单位代码"),
            Column("level", "层级", hint="与区划相同则不填"),
            Column("counterpart", "对口单位代码", hint="上一级的对口单位"),
            Column("short_names", "简称", hint="多个用、分开"),
            Column("plate_of", "同一机构代码", hint="第二块牌子填主牌子的单位代码"),
            Column("valid_from", "起始日"),
        ),
    ),
    Sheet(
        "post",
        "岗位",
        (
            Column("unit", "单位代码", needed=True),
            Column("name", "岗位", needed=True),
            Column("roles", "角色", needed=True, hint="角色代码，多个用、分开"),
            Column("scope", "管辖单位代码", hint="权限及于该单位及其下级；不填即本单位"),
            Column("valid_from", "起始日"),
        ),
    ),
    Sheet(
        "person",
        "人员",
        (
            Column("number", "工号", needed=True),
            Column("name", "姓名", needed=True),
            Column("unit", "单位代码", hint="与岗位一起填，即任该岗位"),
            Column("post", "岗位"),
            Column("username", "登录名", hint="填写后可发送账号邀请"),
            Column("valid_from", "起始日"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one sheet: the number as Excel shows it, and its cells as texts by field."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        """Return a cell's text, empty where nothing stands."""
        return self.cells.get(field, "")

    def listed(self, field: str) -> tuple[str, ...]:
        """Return the parts of a cell that lists several."""
        parts = (part.strip() for part in self[field].replace("，", "、").replace(",", "、").split("、"))
        return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong where: sheet, row (0: the whole sheet), column title, and a sentence."""

    sheet: str
    row: int
    column: str
    says: str

    def __str__(self) -> str:
        """Print as a person would point at it."""
        place = f"{self.sheet} 第{self.row}行" if self.row else self.sheet
        return f"{place}{f' {self.column}' if self.column else ''}：{self.says}"


def read_workbook(content: bytes) -> tuple[list[Row], list[RowError]]:
    """Return the rows of the known sheets and every error of form; other sheets are named as errors."""
    refusal = _refusal(content)
    if refusal:
        return [], [RowError("工作簿", 0, "", refusal)]
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return [], [RowError("工作簿", 0, "", "不是可读的 XLSX 文件，请用模板重新保存")]
    rows: list[Row] = []
    errors: list[RowError] = []
    by_title = {sheet.title: sheet for sheet in SHEETS}
    for tab in book.worksheets:
        sheet = by_title.get(tab.title.strip())
        if sheet is None:
            errors.append(RowError(tab.title, 0, "", f"没有这种工作表，只认{'、'.join(by_title)}"))
            continue
        for item in _read_sheet(sheet, tab.iter_rows(values_only=True)):
            (rows if isinstance(item, Row) else errors).append(item)  # type: ignore[arg-type]
    book.close()
    return rows, errors


def write_template(examples: Mapping[str, Sequence[Sequence[str]]] | None = None) -> bytes:
    """Return an empty workbook with titles and hints, or one filled with rows by sheet key."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EDEDED"})
        for sheet in SHEETS:
            tab = book.add_worksheet(sheet.title)
            tab.freeze_panes(1, 0)
            tab.set_column(0, len(sheet.columns) - 1, 22)
            for place, column in enumerate(sheet.columns):
                tab.write_string(0, place, column.title + ("*" if column.needed else ""), bold)
                if column.hint:
                    tab.write_comment(0, place, column.hint)
            for line, cells in enumerate((examples or {}).get(sheet.key, ()), start=1):
                for place, cell in enumerate(cells):
                    tab.write_string(line, place, cell)
    return out.getvalue()


def _refusal(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_BYTES:
                return "文件解开后过大，请分批导入"
    except zipfile.BadZipFile:
        return "不是 XLSX 文件"
    return ""


def _read_sheet(sheet: Sheet, lines: Iterator[tuple[Any, ...]]) -> Iterator[Row | RowError]:
    titles = [_text(cell).rstrip("*＊") for cell in next(lines, ())]
    columns = {column.title: column for column in sheet.columns}
    yield from (RowError(sheet.title, 1, title, "没有这一列") for title in titles if title and title not in columns)
    missing = [column for column in sheet.columns if column.needed and column.title not in titles]
    yield from (RowError(sheet.title, 1, column.title, "缺少这一列") for column in missing)
    repeated = {title for title in titles if title and titles.count(title) > 1}
    yield from (RowError(sheet.title, 1, title, "这一列出现了两次") for title in sorted(repeated))
    if missing or repeated:
        return
    for number, cells in enumerate(lines, start=2):
        if number > ROWS:
            yield RowError(sheet.title, number, "", f"超过 {ROWS} 行，请分批导入")
            return
        texts = {
            columns[title].field: _text(cell) for title, cell in zip(titles, cells, strict=False) if title in columns
        }
        if any(texts.values()):
            empty = [column for column in sheet.columns if column.needed and not texts.get(column.field)]
            yield from (RowError(sheet.title, number, column.title, "不能为空") for column in empty)
            yield Row(sheet.key, number, texts)


def _text(cell: Any) -> str:
    """Return a cell as it was meant: codes that Excel took for numbers lose no figure and gain no point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
