"""What each column of a table holds: from its header, or from its cells where there is none."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.labels import (
    DEADLINE,
    GOAL,
    ITEM,
    LEAD,
    MEASURE,
    NOTE,
    NUMBER,
    PERSON,
    RESPONSIBLE,
    SUPPORT,
    TASK,
    UNIT_ROLES,
    header_kind,
)
from yangguang.domains.directives.reader.tables.grid import Cell, Grid
from yangguang.domains.directives.reader.tables.separated import DATE_LIKE, NUMBERED
from yangguang.domains.directives.reader.units import is_unit, split_units

TEXT_RANK = {MEASURE: 4, TASK: 3, GOAL: 2, ITEM: 1}
UNIT_HEADER = re.compile(r"^(?:单位|部门|单位名称|部门名称|科室|县区|市县|县\(市、?区\)|地区|区县|镇街|乡镇)$")


def header_of(grid: Grid) -> tuple[int, list[str]] | None:
    """Return the first row below the header and the kinds of the columns, or None without a header."""
    for place, row in enumerate(grid.rows[:8]):
        kinds = kinds_of(row)
        if _telling(kinds):
            return _with_second_row(grid, place, kinds)
    return None


def kinds_of(row: list[Cell]) -> list[str]:
    """Return the kind each cell of a row announces as a header, empty for none."""
    return [header_kind(cell.text().key) or "" if cell else "" for cell in row]


def _telling(kinds: list[str]) -> bool:
    known = {kind for kind in kinds if kind}
    texts = known & set(TEXT_RANK)
    return (
        len(known) >= 2
        and bool(known & {*UNIT_ROLES, DEADLINE, PERSON})
        and bool(texts or len(known & set(UNIT_ROLES)) >= 1)
    )


def is_repeated_header(row: list[Cell], kinds: list[str]) -> bool:
    """Say whether a row repeats the header (printed again on a new page)."""
    again = [kind for kind in kinds_of(row) if kind]
    filled = [cell for cell in row if cell]
    return (
        len(again) >= 2
        and len(again) * 10 >= len(filled) * 7
        and set(again) <= {*kinds, *again}
        and len(set(again) & set(kinds)) >= 2
    )


def _with_second_row(grid: Grid, place: int, kinds: list[str]) -> tuple[int, list[str]]:
    """Let a second header row (责任分工: 牵头单位 | 配合单位) name the columns below a merged cell."""
    row = grid.rows[place]
    if place + 1 < len(grid.rows):
        below = grid.rows[place + 1]
        lower = kinds_of(below)
        merged = len({id(cell) for cell in row}) < len(row) or any(
            cell is other for cell, other in zip(row, below, strict=False) if cell
        )
        if merged and sum(bool(kind) for kind in lower) >= 2 and len(below) == len(row):
            return place + 2, _answering_leads([low or high for low, high in zip(lower, kinds, strict=True)])
    named = [kind or _spare(cell) for kind, cell in zip(kinds, row, strict=True)]
    return place + 1, _text_if_none(grid, place + 1, _answering_leads(_units_if_none(row, named)))


def _text_if_none(grid: Grid, start: int, kinds: list[str]) -> list[str]:
    """Where no header announces the work, take the column with the most words for it."""
    if any(kind in TEXT_RANK for kind in kinds):
        return kinds
    words = [
        sum(len(row[column].text()) for row in grid.rows[start : start + 50] if len(row) == len(kinds))
        if kind in ("", NOTE) else 0
        for column, kind in enumerate(kinds)
    ]  # fmt: skip
    longest = words.index(max(words))
    return [TASK if column == longest and max(words) else kind for column, kind in enumerate(kinds)]


def _answering_leads(kinds: list[str]) -> list[str]:
    """Where a column of helpers stands beside 责任单位 and none is 牵头, who answers leads."""
    if SUPPORT in kinds and RESPONSIBLE in kinds and LEAD not in kinds:
        return [LEAD if kind == RESPONSIBLE else kind for kind in kinds]
    return kinds


def _spare(cell: Cell) -> str:
    return NOTE if cell else ""


def _units_if_none(row: list[Cell], kinds: list[str]) -> list[str]:
    if any(kind in UNIT_ROLES for kind in kinds):
        return kinds
    return [
        RESPONSIBLE if cell and UNIT_HEADER.match(cell.text().key) else kind
        for cell, kind in zip(row, kinds, strict=True)
    ]


def guessed(grid: Grid) -> list[str] | None:
    """Guess the columns of a table without header from what its cells look like; None where nothing fits."""
    width = grid.width()
    rows = [row for row in grid.rows if len(row) == width and len(grid.distinct(row)) > 1]
    if width < 2 or len(rows) < 2:
        return None
    kinds = [_looks([row[column] for row in rows if row[column]]) for column in range(width)]
    units = [column for column, kind in enumerate(kinds) if kind == RESPONSIBLE]
    texts = [column for column, kind in enumerate(kinds) if kind == TASK]
    if not units or not texts:
        return None
    if len(units) == 2:
        kinds[units[0]], kinds[units[1]] = LEAD, SUPPORT
    longest = max(texts, key=lambda column: sum(len(row[column].text()) for row in rows))
    return [ITEM if kind == TASK and column != longest else kind for column, kind in enumerate(kinds)]


def _looks(cells: list[Cell]) -> str:
    if not cells:
        return ""
    keys = [cell.text().key for cell in cells]
    if _most([bool(NUMBERED.match(key)) for key in keys]):
        return NUMBER
    if _most([_is_listing(cell) for cell in cells]):
        return RESPONSIBLE
    if _most([bool(DATE_LIKE.match(key)) for key in keys]):
        return DEADLINE
    return TASK


def _is_listing(cell: Cell) -> bool:
    tokens = [token.packed().key for token in split_units(cell.listing())]
    return bool(tokens) and all(is_unit(token, listed=True) for token in tokens)


def _most(passed: list[bool]) -> bool:
    return sum(passed) * 10 >= len(passed) * 7
