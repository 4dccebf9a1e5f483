"""Tables of file formats before they are laid into the displayed text."""

from __future__ import annotations

from yangguang.domains.directives.reader.formats.page import PageBuilder
from yangguang.domains.directives.reader.script import fold
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.tables.columns import guessed, header_of
from yangguang.domains.directives.reader.tables.grid import Cell, Grid

#: A cell: its text, None (blank), or the (row, column) of the cell it is merged with.
Content = str | None | tuple[int, int]


def duty_table(rows: list[list[Content]], width_before: int) -> bool:
    """Say whether rows make a table of duties: by its header, its cells, or as the rest of the table before."""
    if len(rows) < 1 or not rows[0] or len(rows[0]) < 2:
        return False
    if width_before and len(rows[0]) == width_before:
        return True
    sample = rows[:200]
    cells: dict[tuple[int, int], Cell] = {}
    grid: list[list[Cell]] = []
    for row_place, row in enumerate(sample):
        line: list[Cell] = []
        for column, content in enumerate(row):
            if isinstance(content, tuple):
                line.append(cells.get(content) or Cell())
            else:
                lines = [part for part in (content or "").split("\n") if part.strip()]
                cell = Cell([Strand(part, fold(part), range(len(part))) for part in lines])
                cells[row_place, column] = cell
                line.append(cell)
        grid.append(line)
    table = Grid(grid)
    return len(rows) >= 2 and (header_of(table) is not None or guessed(table) is not None)


def laid_out(page: PageBuilder, rows: list[list[Content]]) -> None:
    """Write a table; rows of one cell above its header, its title for example, are written as lines."""
    first = 0
    while first < len(rows) and len(_texts(rows[first])) <= 1:
        for text in _texts(rows[first]):
            page.line(text)
        first += 1
    last = len(rows)
    while (
        last > first
        and len(_texts(rows[last - 1])) <= 1
        and not any(isinstance(c, tuple) and c[0] != last - 1 for c in rows[last - 1])
    ):
        last -= 1
    body = [[_moved(content, first) for content in row] for row in rows[first:last]]
    if body:
        page.table(body)
    for row in rows[last:]:
        for text in _texts(row):
            page.line(text)


def _texts(row: list[Content]) -> list[str]:
    return [content for content in row if isinstance(content, str) and content.strip()]


def _moved(content: Content, by: int) -> Content:
    if isinstance(content, tuple):
        return (content[0] - by, content[1]) if content[0] >= by else None
    return content
