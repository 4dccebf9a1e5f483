"""The marks python-docx lacks: East Asian typefaces, folios, rules, shading, rows that are never torn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from yangguang.kernel.documents.official.description import writable
from yangguang.kernel.documents.official.faces import FACES

CENTRE, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
#: the style of table cells: most cells then need no properties of their own
CELL_STYLE, CELL_SIZE = "TableText", 10.5


def prepare(paper: Document, *, title: str, author: str, at: datetime) -> None:
    """Set what the file says about itself, the body typeface and the two kinds of pages."""
    about = paper.core_properties
    about.title = writable(title).replace("\n", "")[:255]
    about.author = about.last_modified_by = writable(author)[:255]
    about.created = about.modified = at
    about.comments, about.language = "", "zh-CN"
    normal = paper.styles["Normal"]
    _set_face(normal.element.get_or_add_rPr(), "body")
    normal.font.size = Pt(16)
    normal.paragraph_format.space_after = Pt(0)
    cell = paper.styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    cell.font.size = Pt(CELL_SIZE)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(2)
    paper.settings.odd_and_even_pages_header_footer = True
    _name_stand_ins(paper)


def _name_stand_ins(paper: Document) -> None:
    """Tell word processors which open typefaces may stand in for the official ones."""
    part = paper.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = etree.fromstring(part.blob)
    for face in FACES.values():
        font = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): face.official})
        etree.SubElement(font, qn("w:altName"), {qn("w:val"): ",".join((*face.names, *face.stand_ins))})
        etree.SubElement(font, qn("w:charset"), {qn("w:val"): "86"})
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001 - no setter


def set_portrait(section: Section) -> None:
    """Lay a section out upright after GB/T 9704-2012, 5.2."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)


def set_landscape(section: Section) -> None:
    """Lay a section out across, the same text block turned."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(37), Mm(35)
    section.footer_distance = Mm(16)


def number_pages(paper: Document) -> None:
    """Number the pages: 4号, between dashes, odd ones at the right, even ones at the left."""
    section = paper.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        write(line, "— ", size=14)
        run = write(line, "", size=14)
        for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            mark.text = text or None
            run._r.append(mark)  # noqa: SLF001 - python-docx has no fields
        write(line, " —", size=14)


def write(line: Paragraph, text: str, role: str = "body", size: float = 16, colour: str = "") -> Run:
    """Add text to a line in the typeface of a role, ``size`` in points."""
    run = line.add_run(writable(text))
    run.font.size = Pt(size)
    _set_face(run._r.get_or_add_rPr(), role)  # noqa: SLF001 - python-docx sets only the Latin typeface
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
    return run


def _set_face(properties: Any, role: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in [n for n in fonts.attrib if n.endswith("Theme")]:
        del fonts.attrib[name]
    for slot, name in (("eastAsia", FACES[role].official), ("ascii", "Times New Roman"), ("hAnsi", "Times New Roman")):
        fonts.set(qn(f"w:{slot}"), name)


def add_line(
    paper: Document | _Cell,
    text: str,
    role: str = "body",
    size: float = 16,
    *,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    after: float = 0,
    colour: str = "",
) -> Paragraph:
    """Add a line (a paragraph) of one typeface; ``size`` and ``after`` are points."""
    line = paper.add_paragraph()
    line.alignment = align
    line.paragraph_format.space_after = Pt(after)
    write(line, text, role, size, colour)
    return line


def add_table(paper: Document, widths: Sequence[Length]) -> Any:
    """Add a ruled table with fixed column widths and no rows."""
    grid = paper.add_table(rows=0, cols=len(widths), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    return grid


def add_row(grid: Any, *, head: bool = False) -> list[_Cell]:
    """Add a row that is never torn over pages; a head is repeated on each."""
    row = grid.add_row()
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx knows neither of the two marks
    for mark in ("w:cantSplit", *(("w:tblHeader",) if head else ())):
        properties.append(OxmlElement(mark))
    return list(row.cells)


def fill(
    cell: _Cell,
    text: str,
    role: str = "body",
    size: float = CELL_SIZE,
    *,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    ink: str = "",
    ground: str = "",
) -> None:
    """Write a cell, centred upright, on a coloured ground where one is given."""
    line = cell.paragraphs[0]
    line._p.style = CELL_STYLE  # noqa: SLF001 - by its id; the public way searches all styles for each cell
    if align is not LEFT:
        line.alignment = align
    if (role, size, ink) == ("body", CELL_SIZE, ""):
        line.add_run(writable(text))
    else:
        write(line, text, role, size, ink)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx knows no shading
    if ground:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", ground.lstrip("#"))):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    upright = OxmlElement("w:vAlign")
    upright.set(qn("w:val"), "center")
    properties.append(upright)


def even(line: Paragraph) -> Paragraph:
    """Set the even line distance of official text: 22 lines a page, 28.9 points."""
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = Pt(28.9)
    return line


def draw_rule(line: Paragraph, side: str, *, eighths: int, colour: str = "000000") -> None:
    """Draw a rule above or below a line; its weight is in eighths of a point."""
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 - python-docx knows no paragraph borders
    borders: Any = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)


def timeless(made: bytes) -> bytes:
    """Return the file with all times inside the package fixed, so that equal documents have equal hashes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
