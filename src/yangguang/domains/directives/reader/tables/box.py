"""Tables drawn with lines: rows are cut by bars, never by column, and page boxes are put together."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.tables.grid import Cell, Grid

BARS = "│┃║｜|┆┇┊┋"
BAR = re.compile(f"[{BARS}]")
BARE_BARS = "│┃║┆┇┊┋"
DRAWN = re.compile(f"(?![{BARE_BARS}])[\u2500-\u257f]")
RULE = re.compile(r"^[\s\u2500-\u257f|+=-]+$")
ASCII_RULE = re.compile(r"^\s*\+[-=+\s]{3,}\+\s*$|^\s*\|[\s:|-]*-{3,}[\s:|-]*\|?\s*$")


def is_rule(line: Strand) -> bool:
    """Say whether a line is only drawn: a border or a rule between rows."""
    key = line.raw
    return bool(RULE.match(key) and (len(DRAWN.findall(key)) >= 3)) or bool(ASCII_RULE.match(key))


def is_drawn(line: Strand) -> bool:
    """Say whether a line belongs to a drawn table."""
    return is_rule(line) or len(re.findall(f"[{BARE_BARS}]", line.raw)) >= 2


def read_box(lines: list[Strand]) -> Grid:
    """Read the lines of one or more boxes that make one table."""
    builder = _Builder()
    for line in lines:
        if is_rule(line):
            builder.rule(line.raw)
        elif line.key.strip():
            builder.text(_cells(line))
    builder.close(0, 0)
    return Grid(builder.rows)


def _cells(line: Strand) -> list[Strand]:
    line = line.strip()
    pieces = line.split(BAR) if BAR.search(line.key) else line.split(re.compile(f"[{BARE_BARS}]"))
    if len(pieces) > 1 and not pieces[0].key.strip():
        pieces = pieces[1:]
    if len(pieces) > 1 and not pieces[-1].key.strip():
        pieces = pieces[:-1]
    return [piece.strip() for piece in pieces]


class _Builder:
    """Collects text lines into logical rows; a rule that begins with a bar leaves the first cells open."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.current: list[Cell] | None = None
        self.wide: Cell | None = None

    def text(self, pieces: list[Strand]) -> None:
        if len(pieces) == 1 and (self.current is None or len(self.current) > 1 and self._blank()):
            self.wide = self.wide or Cell()
            if pieces[0]:
                self.wide.lines.append(pieces[0])
            return
        self._end_wide()
        if self.current is None:
            self.current = [Cell() for _ in pieces]
        while len(self.current) < len(pieces):
            self.current.append(Cell())
        for cell, piece in zip(self.current, pieces, strict=False):
            if piece:
                cell.lines.append(piece)

    def rule(self, raw: str) -> None:
        left = _open_columns(raw)
        right = _open_columns(raw.rstrip()[::-1])
        self.close(left, right)

    def close(self, left: int, right: int) -> None:
        self._end_wide()
        if self.current is None:
            return
        row = self.current
        if any(row):
            self.rows.append(row)
        width = len(row)
        if left + right >= width or not (left or right):
            self.current = None
            return
        self.current = [cell if place < left or place >= width - right else Cell() for place, cell in enumerate(row)]
        if not any(row):
            self.current = [cell if place < left else Cell() for place, cell in enumerate(row)]

    def _blank(self) -> bool:
        return self.current is not None and not any(self.current)

    def _end_wide(self) -> None:
        if self.wide is not None and self.wide:
            self.rows.append([self.wide])
            self.current = None
        self.wide = None


def _open_columns(raw: str) -> int:
    """Count the cells a rule leaves open before its first drawn stroke."""
    count = 0
    for char in raw.strip():
        if char in BARS:
            count += 1
        elif not char.isspace():
            break
    return count
