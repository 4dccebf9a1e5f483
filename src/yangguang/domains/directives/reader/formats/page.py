"""What a format gives: the text as displayed, and its tables with places in that text."""

from __future__ import annotations

from dataclasses import dataclass, field

from yangguang.domains.directives.reader.script import fold
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.tables.grid import Cell, Grid


@dataclass
class Page:
    """A decoded file."""

    text: str
    grids: list[Grid]
    format: str


@dataclass
class PageBuilder:
    """Writes the displayed text and remembers where each table cell went."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    grids: list[Grid] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Append text."""
        self.parts.append(text)
        self.length += len(text)

    def line(self, text: str) -> None:
        """Append a line."""
        self.write(text.strip("\n") + "\n")

    def table(self, rows: list[list[str | None | tuple[int, int]]]) -> None:
        """Append a table: a cell is its text, None (blank), or the (row, column) of the cell it is merged with."""
        start = self.length
        placed: dict[tuple[int, int], Cell] = {}
        grid_rows: list[list[Cell]] = []
        for row_place, row in enumerate(rows):
            cells: list[Cell] = []
            for column, content in enumerate(row):
                if isinstance(content, tuple):
                    cell = placed.get(content, Cell())
                else:
                    cell = self._cell(content or "")
                    placed[row_place, column] = cell
                cells.append(cell)
            grid_rows.append(cells)
            self.write("\n")
        self.grids.append(Grid(grid_rows, start, self.length))

    def _cell(self, content: str) -> Cell:
        cell = Cell()
        lines = [line.strip() for line in content.replace("\r", "\n").split("\n")]
        for place, line in enumerate(line for line in lines if line):
            if place:
                self.write("\n")
            cell.lines.append(Strand(line, fold(line), range(self.length, self.length + len(line))))
            self.write(line)
        self.write(" | ")
        return cell

    def page(self, kind: str) -> Page:
        """Return the page written so far."""
        return Page("".join(self.parts), self.grids, kind)
