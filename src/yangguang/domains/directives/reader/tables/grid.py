"""The one model of a table: rows of cells, where merged places hold the same cell object."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yangguang.domains.directives.reader.strand import Strand, join

BLANK = re.compile(r"^[\s\u3000]*$")


@dataclass(eq=False)
class Cell:
    """A cell: the lines printed in it.  Merged cells are one object at several places."""

    lines: list[Strand] = field(default_factory=list)

    def text(self) -> Strand:
        """Return the cell's words with line ends taken out."""
        return join(self.lines).packed()

    def listing(self) -> Strand:
        """Return the cell's words with its line ends kept."""
        return join(self.lines, "\n")

    def __bool__(self) -> bool:
        return any(self.lines)


@dataclass
class Grid:
    """A table in reading order; `start` and `end` are offsets of the displayed text."""

    rows: list[list[Cell]]
    start: int = 0
    end: int = 0

    def distinct(self, row: list[Cell]) -> list[Cell]:
        """Return the different non-empty cells of a row."""
        seen: list[Cell] = []
        for cell in row:
            if cell and all(cell is not other for other in seen):
                seen.append(cell)
        return seen

    def width(self) -> int:
        """Return the number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def cell_of(strand: Strand) -> Cell:
    """Make a cell of a strand, line by line."""
    return Cell(strand.lines())
