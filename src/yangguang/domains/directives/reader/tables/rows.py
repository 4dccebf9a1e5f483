"""Rows of a duty table into duties."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yangguang.domains.directives.reader.closings import Closing, find_closings
from yangguang.domains.directives.reader.headings import LABEL, RANK
from yangguang.domains.directives.reader.labels import (
    DEADLINE,
    GOAL,
    ITEM,
    LEAD,
    NUMBER,
    PERSON,
    RESPONSIBLE,
    SUPERVISOR,
    SUPPORT,
    UNIT_ROLES,
    line_label,
)
from yangguang.domains.directives.reader.prose import Scope, duty_of, free_parts, warn
from yangguang.domains.directives.reader.records import Duty
from yangguang.domains.directives.reader.roles import SAME, Roles, read_labelled, read_list
from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.tables.columns import (
    TEXT_RANK,
    guessed,
    header_of,
    is_repeated_header,
)
from yangguang.domains.directives.reader.tables.grid import Cell, Grid

OPEN_END = re.compile(r"[^。;!?.)]$")
NOTE_ROW = re.compile(r"^(?:注|备注|说明|填表|制表|合计|总计|小计)\s*\d*\s*[:.、]?")


@dataclass
class _State:
    """What carries over from row to row."""

    kinds: list[str]
    scope: Scope
    headings: list[tuple[int, str]] = field(default_factory=list)
    above: dict[int, Cell] = field(default_factory=dict)
    duties: list[Duty] = field(default_factory=list)
    last_text: Cell | None = None
    last_roles: Roles | None = None


def read_grid(grid: Grid, scope: Scope, kinds: list[str] | None = None) -> tuple[list[Duty], list[str] | None]:
    """Read a table's duties; return them with the column kinds (None: no duty table)."""
    header = header_of(grid)
    start = 0
    if header:
        start, kinds = header
    elif kinds is None or grid.width() != len(kinds):
        kinds = guessed(grid)
    if kinds is None or not any(kind in (*UNIT_ROLES, DEADLINE, PERSON) for kind in kinds):
        return [], None
    state = _State(kinds, scope)
    scope.understood += [cell.text() for row in grid.rows[:start] for cell in row]
    for row in _whole_rows(grid, kinds, start, scope):
        _read_row(grid, row, state)
    return state.duties, kinds


def _whole_rows(grid: Grid, kinds: list[str], start: int, scope: Scope) -> list[list[Cell]]:
    """Drop repeated headers and put rows torn over pages together."""
    rows: list[list[Cell]] = []
    for row in grid.rows[start:]:
        if is_repeated_header(row, kinds):
            scope.understood += [cell.text() for cell in row]
            continue
        if rows and _carries_on(rows[-1], row, kinds):
            for cell, more in zip(rows[-1], row, strict=True):
                if cell is not more:
                    cell.lines.extend(more.lines)
            continue
        rows.append(row)
    return rows


def _carries_on(row: list[Cell], following: list[Cell], kinds: list[str]) -> bool:
    """Say whether a row is the rest of the row before it: unfinished text above, no number and no units of its own."""
    if len(row) != len(kinds) or len(following) != len(kinds):
        return False
    column = text_column(following, kinds)
    if column is None or not row[column] or row[column] is following[column]:
        return False
    if LABEL.match(following[column].text().key):
        return False
    own = [
        place for place, kind in enumerate(kinds)
        if kind in (*UNIT_ROLES, NUMBER, DEADLINE) and following[place] and following[place] is not row[place]
    ]  # fmt: skip
    unfinished = bool(OPEN_END.search(row[column].text().key))
    return unfinished and not own and any(kind in UNIT_ROLES for kind in kinds)


def text_column(row: list[Cell], kinds: list[str]) -> int | None:
    """Return the column that holds the duty's words: the most specific one that is filled."""
    columns = [place for place, kind in enumerate(kinds[: len(row)]) if kind in TEXT_RANK and row[place]]
    return max(columns, key=lambda place: (TEXT_RANK[kinds[place]], place), default=None)


def _read_row(grid: Grid, row: list[Cell], state: _State) -> None:
    cells = grid.distinct(row)
    if not cells:
        return
    if len(cells) == 1 and (len(row) != len(state.kinds) or _spans(row, cells[0])):
        _heading_row(cells[0], state)
        return
    if len(row) != len(state.kinds):
        row = [*row, *(Cell() for _ in range(len(state.kinds) - len(row)))][: len(state.kinds)]
    column = text_column(row, state.kinds)
    if column is None:
        _units_below(row, state)
        return
    if _names_part(row, column, state.kinds):
        _heading_row(Cell([*(row[0].lines if column else []), *row[column].lines]), state)
        return
    _duty_row(row, column, state)


def _names_part(row: list[Cell], column: int, kinds: list[str]) -> bool:
    """Say whether a row only names the part that follows: a Chinese numeral and a short name, nothing else."""
    others = [place for place, cell in enumerate(row) if cell and place != column]
    text = row[column].text().key
    if len(text) > 30 or re.search("[。;,]", text):
        return False
    return (
        len(others) == 1
        and others[0] == 0
        and kinds[0] == NUMBER
        and bool(re.match(r"^[(]?[一二三四五六七八九十]+[)、.]?$", row[0].text().key))
    )


def _spans(row: list[Cell], cell: Cell) -> bool:
    return sum(other is cell for other in row) * 2 > len(row) or (
        len(row) > 2
        and bool(LABEL.match(cell.text().key))
        and row[0] is cell
        and not re.search("[。;]", cell.text().key)
    )


def _heading_row(cell: Cell, state: _State) -> None:
    text = cell.text()
    if NOTE_ROW.match(text.key) or len(text) > 80:
        state.scope.warnings.append(warn("not_understood", text))
        return
    match = LABEL.match(text.key)
    rank = RANK[_rank_name(match)] if match else -1
    while state.headings and (state.headings[-1][0] >= rank or rank == -1):
        state.headings.pop()
    state.scope.understood.append(text)
    state.headings.append((rank, text.raw))
    state.above.clear()


def _rank_name(match: re.Match[str]) -> str:
    return next(name for name in RANK if match[name] is not None)


def _units_below(row: list[Cell], state: _State) -> None:
    """Add the units of a row without words to the duty above it (a cell torn over a page)."""
    if not state.duties or state.last_roles is None:
        return
    duty = state.duties[-1]
    roles = _roles(row, state)
    for role in UNIT_ROLES:
        roles_of = {LEAD: duty.lead, SUPPORT: duty.support, RESPONSIBLE: duty.responsible}[role]
        known = {unit.packed().key for unit in duty.units()}
        roles_of.extend(unit for unit in roles.of(role) if unit.packed().key not in known)


def _duty_row(row: list[Cell], column: int, state: _State) -> None:
    cell = row[column]
    roles = _roles(row, state)
    path, title = _path(row, column, state)
    text = cell.listing()
    closings = [closing for closing in find_closings(text) if closing.source != "sentence" or not roles]
    if closings and not roles:
        text, roles = _own_units(text, closings, roles)
    text = text.strip().packed()
    if state.last_text is cell and state.duties:
        _merge(state.duties[-1], roles)
        return
    label = LABEL.match(text.key)
    number = ""
    if label and label.end() < len(text):
        number = text[: label.end()].raw
        text = text[label.end() :].strip()
        path.append(number)
        title = None
    duty = duty_of(text, roles, "none", state.scope)
    duty.path, duty.title = path, title
    duty.role_source = ("role_mark" if roles.marked else "column") if roles else "none"
    duty.number = _row_number(row, state) or number
    state.duties.append(duty)
    state.last_text, state.last_roles = cell, roles
    state.scope.understood += [other.text() for other in row if other]


def _own_units(text: Strand, closings: list[Closing], roles: Roles) -> tuple[Strand, Roles]:
    for closing in closings:
        roles.take(closing.roles)
    rest = join(free_parts(text, closings), "\n").strip()
    return (rest, roles) if rest else (text, roles)


def _merge(duty: Duty, roles: Roles) -> None:
    """Add the units of a further row of the same merged text."""
    roles.settled()
    known = {unit.packed().key for unit in duty.units()}
    duty.lead.extend(unit for unit in roles.lead if unit.packed().key not in known)
    duty.support.extend(unit for unit in roles.support if unit.packed().key not in known)
    duty.responsible.extend(unit for unit in roles.responsible if unit.packed().key not in known)


def _roles(row: list[Cell], state: _State) -> Roles:
    roles = Roles()
    for place, kind in enumerate(state.kinds):
        cell = row[place]
        if not cell:
            continue
        if SAME.match(cell.text().key) and place in state.above:
            cell = state.above[place]
        state.above[place] = cell
        if kind in (*UNIT_ROLES, PERSON, SUPERVISOR):
            listing = cell.listing()
            labelled = line_label().match(listing.key)
            roles.take(read_labelled(listing) if labelled else read_list(kind, listing))
        elif kind == DEADLINE:
            roles.deadlines.append(cell.text())
        elif kind == GOAL:
            roles.goals.append(cell.text())
    return roles


def _row_number(row: list[Cell], state: _State) -> str:
    return next((row[place].text().raw for place, kind in enumerate(state.kinds) if kind == NUMBER and row[place]), "")


def _path(row: list[Cell], column: int, state: _State) -> tuple[list[str], Strand | None]:
    """Return the headings a row stands under and its title: the name in its item column."""
    path = [text for _, text in state.headings]
    title = None
    for place, kind in enumerate(state.kinds):
        if kind not in TEXT_RANK or place == column or TEXT_RANK[kind] > TEXT_RANK[state.kinds[column]]:
            continue
        cell = row[place] or state.above.get(-1 - place)
        if not cell or kind == GOAL and state.kinds[column] != GOAL and not _is_name(cell):
            continue
        state.above[-1 - place] = cell
        path.append(cell.text().raw)
        title = cell.text()
    if title is not None:
        label = LABEL.match(title.key)
        title = title[label.end() :].strip() if label else title
    if state.kinds[column] == ITEM:
        title = None
    return path, title


def _is_name(cell: Cell) -> bool:
    return len(cell.text()) <= 30 and not re.search("[。;]", cell.text().key)
