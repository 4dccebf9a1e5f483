"""Official tables and letters as DOCX, with East Asian typefaces set where Word looks for them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.table import _Cell

from yangguang.kernel.documents.official.description import (
    COLOURS,
    CellValue,
    Group,
    Heading,
    OfficialLetter,
    OfficialTable,
    Tone,
    masthead_size,
    text_of,
    tone_of,
    written_day,
)
from yangguang.kernel.documents.official.paper import (
    CENTRE,
    LEFT,
    RIGHT,
    add_line,
    add_row,
    add_table,
    draw_rule,
    even,
    fill,
    number_pages,
    prepare,
    set_landscape,
    set_portrait,
    timeless,
)
from yangguang.kernel.documents.official.typeset import UNDATED

RED = "E60012"
#: the text block in millimetres: upright 156 x 225, across 225 x 156 (GB/T 9704-2012, 5.2)
UPRIGHT_MM, ACROSS_MM = 156, 225


def to_docx(document: OfficialTable | OfficialLetter) -> bytes:
    """Return the document as DOCX bytes, equal for equal documents."""
    paper = docx.Document()
    signed = datetime.combine(document.signed_on or UNDATED, time(), tzinfo=UTC).replace(tzinfo=None)
    prepare(paper, title=document.title, author=document.signature, at=signed)
    if isinstance(document, OfficialTable):
        set_landscape(paper.sections[0])
        _sheet(paper, document)
    else:
        set_portrait(paper.sections[0])
        _letter(paper, document)
        if document.annex is not None:
            set_landscape(paper.add_section(WD_SECTION.NEW_PAGE))
            _sheet(paper, document.annex)
    number_pages(paper)
    out = io.BytesIO()
    paper.save(out)
    return timeless(out.getvalue())


def _sheet(paper: Document, table: OfficialTable) -> None:
    if table.masthead:
        add_line(paper, table.masthead, "hei")
    add_line(paper, table.title, "title", 22, align=CENTRE, after=6)
    if table.number:
        add_line(paper, table.number, size=14, align=CENTRE, after=6)
    _grid(paper, table)
    for note in table.notes:
        add_line(paper, note, size=10.5)
    _sign(paper, table.signature, written_day(table.signed_on) if table.signed_on else "", size=14)


def _grid(paper: Document, table: OfficialTable) -> None:
    share = ACROSS_MM / sum(column.width for column in table.columns)
    widths = [Mm(column.width * share) for column in table.columns]
    grid = add_table(paper, widths)
    for cell, column in zip(add_row(grid, head=True), table.columns, strict=True):
        fill(cell, column.head, "hei", 11, align=CENTRE, ground="#f2f2f2")
    for group in table.groups:
        _group(grid, table, group)


def _group(grid: Any, table: OfficialTable, group: Group) -> None:
    if group.heading:
        cells = add_row(grid)
        merged = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
        fill(merged, group.heading, "kai", 12)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
    for values in group.rows:
        for cell, value, column in zip(add_row(grid), values, table.columns, strict=True):
            _fill_value(cell, value, centred=column.centred)


def _fill_value(cell: _Cell, value: CellValue, *, centred: bool) -> None:
    tone = tone_of(value)
    ink, ground = COLOURS[tone] if tone is not Tone.PLAIN else ("", "")
    fill(cell, text_of(value), align=CENTRE if centred else LEFT, ink=ink, ground=ground)


def _letter(paper: Document, letter: OfficialLetter) -> None:
    add_line(paper, letter.masthead, "title", masthead_size(letter.masthead), align=CENTRE, after=18, colour=RED)
    _crown(paper, letter)
    add_line(paper, letter.title, "title", 22, align=CENTRE, after=20)
    if letter.to:
        even(add_line(paper, f"{letter.to}："))
    for piece in letter.body:
        _body(paper, piece)
    if letter.facts:
        _facts(paper, letter.facts)
    for index, name in enumerate(letter.attachments):
        mark = f"{index + 1}." if len(letter.attachments) > 1 else ""
        line = even(add_line(paper, ("附件：" if index == 0 else "　　　") + mark + name))
        line.paragraph_format.left_indent = Pt(32)
        line.paragraph_format.space_before = Pt(0 if index else 28)
    if not letter.issue:
        _sign(paper, letter.signature, written_day(letter.signed_on))
    _foot(paper, letter)


def _crown(paper: Document, letter: OfficialLetter) -> None:
    day = written_day(letter.signed_on)
    if letter.issue:
        add_line(paper, letter.issue, align=CENTRE, after=8)
        line = add_line(paper, f"{letter.signature}\t{day}", size=14)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(UPRIGHT_MM), WD_TAB_ALIGNMENT.RIGHT)
    else:
        line = add_line(paper, letter.number, align=CENTRE)
    draw_rule(line, "bottom", colour=RED, eighths=12)
    line.paragraph_format.space_after = Pt(24)


def _body(paper: Document, piece: str | Heading) -> None:
    heading = isinstance(piece, Heading)
    role = {1: "hei", 2: "kai"}.get(piece.level, "body") if isinstance(piece, Heading) else "body"
    line = even(add_line(paper, piece.text if isinstance(piece, Heading) else piece, role))
    line.paragraph_format.first_line_indent = Pt(32)
    line.paragraph_format.keep_with_next = heading


def _facts(paper: Document, facts: Sequence[tuple[str, str]]) -> None:
    grid = add_table(paper, [Mm(38), Mm(UPRIGHT_MM - 38)])
    for name, value in facts:
        left, right = add_row(grid)
        fill(left, name, "hei", 14, align=CENTRE)
        fill(right, value, size=14)


def _sign(paper: Document, signature: str, day: str, size: float = 16) -> None:
    for index, text in enumerate(t for t in (signature, day) if t):
        line = add_line(paper, text, size=size, align=RIGHT)
        line.paragraph_format.right_indent = Pt(4 * size)
        line.paragraph_format.space_before = Pt(0 if index else 36)
        line.paragraph_format.keep_with_next = index == 0


def _foot(paper: Document, letter: OfficialLetter) -> None:
    if not (letter.disclosure or letter.copies_to):
        return
    if letter.disclosure:
        add_line(paper, f"（{letter.disclosure}）", "hei", 14, after=8).paragraph_format.space_before = Pt(28)
    if letter.copies_to:
        draw_rule(add_line(paper, f"抄送：{letter.copies_to}。", size=14), "top", eighths=7)
    last = add_line(paper, f"{letter.signature}\t{written_day(letter.signed_on)}印发", size=14)
    last.paragraph_format.tab_stops.add_tab_stop(Mm(UPRIGHT_MM), WD_TAB_ALIGNMENT.RIGHT)
    draw_rule(last, "top", eighths=4 if letter.copies_to else 7)
    draw_rule(last, "bottom", eighths=7)
