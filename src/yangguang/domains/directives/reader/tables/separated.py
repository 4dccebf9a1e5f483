"""Rows typed with | or tabs, and pastes that print one cell a line."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.labels import DEADLINE, NUMBER, UNIT_ROLES, header_kind
from yangguang.domains.directives.reader.numerals import number
from yangguang.domains.directives.reader.roles import read_phrase
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.tables.grid import Cell, Grid, cell_of
from yangguang.domains.directives.reader.units import is_unit, split_units

PIPE = re.compile(r"\|")
GAP = re.compile(r" {2,}")
MARKUP_RULE = re.compile(r"^[\s|:+-]+$")
DATE_LIKE = re.compile(
    r"^(?:\d{4}|[12]\d{3}年|\d{1,2}月|[一二三四]季度|第[一二三四]季度|上半年|下半年|年底|年内|长期|全年|持续|每|适时|即|按|本年|今年|常年).{0,16}(?<!。)$"
)
LED = re.compile(r"^\s*(?P<n>\d{1,3})[.、](?!\d)")
PART = re.compile(r"^\s*[一二三四五六七八九十]{1,3}、")
NUMBERED = re.compile(r"^[(]?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})[)]?[、.]?$")


def pieces_of(line: Strand) -> list[Strand]:
    """Cut a typed row into its cells; a line of running text gives one."""
    if line.key.count("|") >= 2:
        cells = line.strip().split(PIPE)
        cells = cells[1:] if not cells[0].key.strip() else cells
        return [cell.strip() for cell in (cells[:-1] if not cells[-1].key.strip() else cells)]
    if "\t" in line.raw:
        return [cell.strip() for cell in _by_tab(line)]
    if line.key.count("  ") >= 2:
        return [cell for cell in (piece.strip() for piece in line.strip().split(GAP)) if cell]
    return [line]


def _by_tab(line: Strand) -> list[Strand]:
    places = [place for place, char in enumerate(line.raw) if char == "\t"]
    bounds = [-1, *places, len(line)]
    return [line[start + 1 : end] for start, end in zip(bounds, bounds[1:], strict=False)]


def is_header(cells: list[Strand]) -> bool:
    """Say whether cells read as the header of a duty table."""
    if any(":" in cell.packed().key.rstrip(":") for cell in cells):
        return False
    kinds = [header_kind(cell.packed().key) for cell in cells if cell]
    known = [kind for kind in kinds if kind]
    return len(known) >= 2 and len(known) * 2 >= len(kinds) and any(
        kind in UNIT_ROLES or kind in (DEADLINE, "task", "measure", "item") for kind in known
    )  # fmt: skip


def read_typed(lines: list[Strand]) -> Grid:
    """Read rows typed with separators; a row with fewer cells than the header continues the row before."""
    rows: list[list[Cell]] = []
    width = 0
    for line in lines:
        if MARKUP_RULE.match(line.key):
            continue
        cells = [cell_of(piece) for piece in pieces_of(line)]
        width = width or len(cells)
        if len(cells) == 1 and rows and len(rows[-1]) > 1 and _continues(rows[-1], cells[0]):
            _last_cell(rows[-1]).lines.extend(cells[0].lines)
        elif any(cells):
            rows.append(cells if len(cells) == 1 else cells + [Cell() for _ in range(width - len(cells))])
    return Grid(rows)


def _continues(row: list[Cell], cell: Cell) -> bool:
    return bool(cell) and not re.match(r"^[(]?[一二三四五六七八九十]{1,3}[)、]|^第", cell.text().key)


def _last_cell(row: list[Cell]) -> Cell:
    return next((cell for cell in reversed(row) if cell), row[-1])


def stacked_header(lines: list[Strand], start: int) -> int:
    """Return how many lines from `start` are header cells printed one a line (0 where none)."""
    if len(lines[start]) > 40:
        return 0
    count = 0
    while start + count < len(lines) and count < 12:
        key = lines[start + count].packed().key
        if not key or ":" in key.rstrip(":") or header_kind(key) is None:
            break
        count += 1
    kinds = [header_kind(lines[start + place].packed().key) for place in range(count)]
    return count if count >= 3 and any(kind in UNIT_ROLES for kind in kinds) and len(set(kinds)) >= 3 else 0


def read_stacked(lines: list[Strand], columns: int) -> Grid:
    """Read a paste of one cell a line: `columns` header lines, then cells in order, empty ones perhaps lost."""
    header = [Cell([line.strip()]) for line in lines[:columns]]
    kinds = [header_kind(line.packed().key) or "" for line in lines[:columns]]
    rows: list[list[Cell]] = [header]
    cells = lines[columns:] if NUMBER in kinds else _without_numbers(lines[columns:])
    for group in _groups(cells, kinds):
        if len(group) == 1 and not is_unit(group[0].packed().key, listed=True):
            rows.append([Cell([group[0]])])
        elif not is_header(group):
            rows.append(_filled(group, kinds))
    return Grid(rows)


def _without_numbers(lines: list[Strand]) -> list[Strand]:
    """Drop running numbers no header announced: lines that count 1, 2, 3 and hold nothing else."""
    values = [(line, NUMBERED.match(line.packed().key)) for line in lines]
    counted = [number(match["n"]) for _, match in values if match]
    if len(counted) >= 2 and counted == list(range(1, len(counted) + 1)):
        return [line for line, match in values if not match]
    return lines


def _groups(lines: list[Strand], kinds: list[str]) -> list[list[Strand]]:
    """Cut the lines into rows: at running numbers where there is a number column, else by count or by kind."""
    if NUMBER not in kinds:
        led = _by_label(lines)
        if led:
            return led
        counted = [lines[start : start + len(kinds)] for start in range(0, len(lines), len(kinds))]
        return counted if _fits(counted, kinds) else _by_kind(lines)
    groups: list[list[Strand]] = []
    expected = 1
    for line in lines:
        match = NUMBERED.match(line.packed().key)
        value = number(match["n"]) if match else None
        if value is not None and value in (expected, 1):
            expected = value + 1
            groups.append([line])
        elif groups and not re.match(r"^[一二三四五六七八九十]{1,3}、", line.key):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _by_label(lines: list[Strand]) -> list[list[Strand]]:
    """Begin a row at each line that carries the next number (1. 2. 3.) and let part headings stand alone."""
    groups: list[list[Strand]] = []
    expected, rows = 1, 0
    for line in lines:
        match = LED.match(line.key)
        if match and int(match["n"]) in (expected, 1):
            expected = int(match["n"]) + 1
            rows += 1
            groups.append([line])
        elif PART.match(line.key) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups if rows >= 2 else []


def _fits(groups: list[list[Strand]], kinds: list[str]) -> bool:
    """Say whether cells counted off put units in the unit columns."""
    column = next((place for place, kind in enumerate(kinds) if kind in UNIT_ROLES), None)
    if column is None or len(groups[-1]) != len(kinds):
        return False
    return sum(_units(group[column].packed().key) for group in groups) * 10 >= len(groups) * 8


def _by_kind(lines: list[Strand]) -> list[list[Strand]]:
    """Begin a row at each line of words that follows units or a date."""
    groups: list[list[Strand]] = []
    closed = True
    for line in lines:
        key = line.packed().key
        ends = _units(key) or bool(DATE_LIKE.match(key))
        if not ends and closed:
            groups.append([])
        if not groups:
            groups.append([])
        groups[-1].append(line)
        closed = ends
    return groups


def _filled(group: list[Strand], kinds: list[str]) -> list[Cell]:
    """Lay the lines of one row into columns by order, and by what they look like where counts differ."""
    row = [Cell() for _ in kinds]
    if len(group) == len(kinds):
        for cell, line in zip(row, group, strict=True):
            cell.lines.append(line)
        return row
    place = 0
    for line in group:
        place = _column(line.packed().key, kinds, place, row)
        row[place].lines.append(line)
    return row


def _column(key: str, kinds: list[str], place: int, row: list[Cell]) -> int:
    """Return the column, not before `place`, that suits a line."""
    if NUMBERED.match(key) and kinds[place] == NUMBER and not row[place]:
        return place
    if DATE_LIKE.match(key) and DEADLINE in kinds[place:]:
        return kinds.index(DEADLINE, place)
    if _units(key):
        for column in range(place, len(kinds)):
            if kinds[column] in UNIT_ROLES and (not row[column] or key_continues(row[column])):
                return column
        return place
    for column in range(place, len(kinds)):
        if kinds[column] not in (*UNIT_ROLES, NUMBER, DEADLINE) and (not row[column] or column == place):
            if row[column] and column + 1 < len(kinds) and kinds[column + 1] not in (*UNIT_ROLES, DEADLINE):
                return column + 1
            return column
    return place


def key_continues(cell: Cell) -> bool:
    """Say whether a cell's text waits for more (ends in a list mark)."""
    return cell.listing().key.rstrip().endswith(("、", ",", "和"))


def _units(key: str) -> bool:
    strand = Strand(key, key, range(len(key)))
    tokens = [token.packed().key for token in split_units(strand)]
    if tokens and sum(is_unit(token, listed=True) for token in tokens) * 2 > len(tokens):
        return True
    return len(key) <= 80 and read_phrase(strand, strict=True)[1]
