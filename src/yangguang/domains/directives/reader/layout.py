"""The page as blocks: lines of running text and tables, in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.tables.box import is_drawn, read_box
from yangguang.domains.directives.reader.tables.grid import Cell, Grid
from yangguang.domains.directives.reader.tables.separated import (
    is_header,
    pieces_of,
    read_stacked,
    read_typed,
    stacked_header,
)

LONG_LINE = 160
#: Where a line that holds a whole page is cut: after a sentence or bracket before blanks, and round dates and titles.
FOLDS = re.compile(
    r"(?<=[。;!?:)》\]日号”知见案点法])\s+(?=\S)|\s{2,}(?=\S)|\s+(?=[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]|\d{1,2}[.、]|各|附件|抄送)|"
    r"(?<=[。!])(?=(?:[12]\d{3}|[一二][〇0oO零一二三四五六七八九]{3})\s?年.{1,4}月.{1,4}日)|"
    r"(?<=[月一二三四五六七八九十\d]日)(?=(?:[12]\d{3}年)?[\u4e00-\u9fff]{2,40}(?:要点|方案|分工|分解|任务|意见|计划|办法))|"
    r"(?<=[】])(?=[\u4e00-\u9fff])"
)


#: Where a head without a single blank is cut: round the document number, the addressees, the signature and its date.
SEAMS = re.compile(
    r"(?<=的[通意决][知见定报])(?=[\u4e00-\u9fff]{1,12}[\[(]\d{4}[\])]\d{1,4}号)|(?<=\d号)(?=[各省市县区州]|有关)|"
    r"(?<=单位:|部门:|机构:|政府:)|(?<=[。!])(?=[\u4e00-\u9fff]{0,30}[12]\d{3}年\d{1,2}月\d{1,2}日)|"
    r"(?<=\d日)(?=[(][^()]{2,12}[)]|[12]\d{3}年|[\u4e00-\u9fff]{2,40}(?:要点|方案|分工|分解|任务|意见|计划|办法))|(?<=公开发布[)])"
)
FIRST_LABEL = re.compile(r"(?<![第之])一、|[(]一[)]|(?<![\d.])1[.、](?!\d)")
BLANK = re.compile(r"\s+")


@dataclass
class Table:
    """A table among the blocks."""

    grid: Grid


Block = Strand | Table


def blocks_of(base: Strand, grids: list[Grid]) -> list[Block]:
    """Cut the text into lines and tables; `grids` are tables the file format itself gave."""
    blocks: list[Block] = []
    place = 0
    for grid in sorted(grids, key=lambda grid: grid.start):
        start, end = bisect_left(base.at, grid.start), bisect_left(base.at, grid.end)
        if start < place:
            continue
        blocks.extend(_text_blocks(base[place:start]))
        blocks.append(Table(grid))
        place = end
    blocks.extend(_text_blocks(base[place:]))
    return blocks


def _text_blocks(text: Strand) -> list[Block]:
    lines = _without_bars([line for line in _lines(text) if line.key.strip()])
    blocks: list[Block] = []
    place = 0
    while place < len(lines):
        place = _next_block(lines, place, blocks)
    return blocks


def _without_bars(lines: list[Strand]) -> list[Strand]:
    """Drop the bars of a table pasted cell by cell, each bar on a line of its own."""
    bars = sum(line.key.strip() == "|" for line in lines)
    return [line for line in lines if line.key.strip() != "|"] if bars >= 6 else lines


def _next_block(lines: list[Strand], place: int, blocks: list[Block]) -> int:
    line = lines[place]
    if is_drawn(line):
        end = _drawn_end(lines, place)
        if end - place >= 3:
            blocks.append(Table(read_box(lines[place:end])))
            return end
    elif _typed(line) and is_header(pieces_of(line)):
        end = _typed_end(lines, place)
        if end - place >= 2:
            blocks.append(Table(read_typed(lines[place:end])))
            return end
    elif _spaced_header(line):
        end = _stacked_end(lines, place + 1)
        words = [word for row in lines[place:end] for word in _cut_at(row, BLANK)]
        blocks.append(Table(read_stacked(words, len(_cut_at(line, BLANK)))))
        return end
    else:
        columns = stacked_header(lines, place)
        if columns:
            end = _stacked_end(lines, place + columns)
            blocks.append(Table(read_stacked(lines[place:end], columns)))
            return end
    stripped = line.strip()
    if stripped:
        blocks.extend(_unfolded(stripped))
    return place + 1


def _lines(text: Strand) -> Iterator[Strand]:
    last = 0
    for match in re.finditer("\n", text.key):
        yield text[last : match.start()]
        last = match.end()
    yield text[last:]


def _unfolded(line: Strand) -> list[Strand]:
    """Cut a line that holds many paragraphs; before its first label and after its last sentence, at every blank."""
    if len(line) <= LONG_LINE:
        return [line]
    label = FIRST_LABEL.search(line.key)
    head = label.start() if label else 0
    tail = max(head, line.key.rfind("。"))
    pieces: list[Strand] = []
    first = BLANK if BLANK.search(line.key, 0, head) else SEAMS
    for part, pattern in ((line[:head], first), (line[head:tail], FOLDS), (line[tail:], BLANK)):
        for piece in _cut_at(part, pattern):
            if pieces and part.key and tail and piece.key[0] == "。":
                pieces[-1] = join([pieces[-1], piece])
            else:
                pieces.append(piece)
    return pieces


def _cut_at(line: Strand, pattern: re.Pattern[str]) -> list[Strand]:
    pieces, last = [], 0
    for match in pattern.finditer(line.key):
        if match.start() > last:
            pieces.append(line[last : match.start()].strip())
        last = match.end()
    pieces.append(line[last:].strip())
    return [piece for piece in pieces if piece]


def _drawn_end(lines: list[Strand], place: int) -> int:
    """Return where a run of boxes ends; blank lines and page numbers between boxes are passed."""
    end = place
    while place < len(lines):
        if is_drawn(lines[place]):
            end = place + 1
        elif lines[place].key.strip() and not re.match(
            r"^\s*[-·]?\s*(?:第?\s*\d{1,3}\s*页?)\s*[-·]?\s*$|^\s*[(]?续表?[)]?\s*$", lines[place].key
        ):
            break
        elif place - end > 8:
            break
        place += 1
    return end


def _spaced_header(line: Strand) -> bool:
    """Say whether a line is a table header with blanks between its cells."""
    words = _cut_at(line, BLANK) if len(line) <= 80 else []
    return len(words) >= 3 and stacked_header(words, 0) == len(words)


def _typed(line: Strand) -> bool:
    return line.key.count("|") >= 2 or line.raw.strip().count("\t") >= 1 or line.key.strip().count("  ") >= 2


def _typed_end(lines: list[Strand], place: int) -> int:
    end = place + 1
    while end < len(lines):
        line = lines[end]
        if _typed(line):
            end += 1
            continue
        ahead = next((n for n in range(end + 1, min(end + 4, len(lines))) if _typed(lines[n])), None)
        if ahead is None or len(line.key.strip()) > 200:
            break
        end = ahead
    return end


def _stacked_end(lines: list[Strand], place: int) -> int:
    """A one-cell-a-line paste runs to the end of the text or to a colophon."""
    for end in range(place, len(lines)):
        if re.match(r"^\s*(?:抄送|主题词|附件\s*\d?\s*:|联系人)", lines[end].key):
            return end
    return len(lines)


def cells_of(grid: Grid) -> list[Cell]:
    """Return the different cells of a grid in reading order."""
    return [cell for row in grid.rows for cell in grid.distinct(row)]
