"""PDF files with a text layer: lines page by page, ruled tables as grids that run over pages."""

from __future__ import annotations

import importlib
import logging
import re
from io import BytesIO
from typing import Any

from yangguang.domains.directives.reader.formats.page import Page, PageBuilder
from yangguang.domains.directives.reader.formats.tables import Content, duty_table, laid_out
from yangguang.domains.directives.reader.records import Settings, Unreadable

PAGE_NUMBER = re.compile(r"^\s*[-—–－]?\s*\d{1,3}\s*[-—–－]?\s*$|^\s*第\s*\d+\s*页.*$")
LEAST_TEXT = 8  # characters a page must average; below it the file is a scan


def decode(data: bytes, settings: Settings) -> Page:
    """Decode a PDF.  Raises `Unreadable` for broken, encrypted and scanned files."""
    texts = _texts(data, settings)
    if sum(len(text.strip()) for text in texts) < LEAST_TEXT * max(1, len(texts)):
        raise Unreadable("scan", "这份 PDF 是扫描件，没有文字层。", "请先做文字识别（OCR），或粘贴正文。")
    page = PageBuilder()
    if not _with_tables(data, texts, page):
        for text in texts:
            _lines(text, page)
    return page.page("pdf")


def _texts(data: bytes, settings: Settings) -> list[str]:
    pdfium: Any = importlib.import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("encrypted", "这份 PDF 已加密。", "请去掉密码后再交来，或粘贴正文。") from None
        raise Unreadable("broken", "这份 PDF 已损坏，打不开。", "请重新导出，或粘贴正文。") from None
    try:
        if len(document) > settings.most_pages:
            raise Unreadable("too_large", f"PDF 超过 {settings.most_pages} 页。", "请只交任务分工部分。")
        return [document[place].get_textpage().get_text_bounded() for place in range(len(document))]
    except pdfium.PdfiumError:
        raise Unreadable("broken", "这份 PDF 已损坏，打不开。", "请重新导出，或粘贴正文。") from None
    finally:
        document.close()


def _lines(text: str, page: PageBuilder) -> None:
    for line in re.split(r"\r\n|\r|\n", text.replace("\ufffe", "").replace("\x02", "")):
        if line.strip() and not PAGE_NUMBER.match(line):
            page.line(line)


def _with_tables(data: bytes, texts: list[str], page: PageBuilder) -> bool:
    """Write pages with their tables; False where the file has none."""
    plumber: Any = importlib.import_module("pdfplumber")
    parser: Any = importlib.import_module("pdfminer.psparser")
    errors: Any = importlib.import_module("pdfminer.pdfparser")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pieces: list[str | list[list[Content]]] = []
    try:
        with plumber.open(BytesIO(data)) as document:
            for sheet, text in zip(document.pages, texts, strict=False):
                pieces.extend(_pieces(sheet, text))
                sheet.close()
    except (parser.PSException, errors.PDFSyntaxError, ValueError, KeyError, TypeError, IndexError):
        return False
    if all(isinstance(piece, str) for piece in pieces):
        return False
    _write(_joined(pieces), page)
    return True


def _pieces(sheet: Any, text: str) -> list[str | list[list[Content]]]:
    """Return a page's text and tables from top to bottom."""
    if len(sheet.lines) + len(sheet.rects) < 4:
        return [text]
    tables = [
        table for table in sheet.find_tables() if len(table.rows) > 1 and len(table.columns) > 1 or len(table.cells) > 3
    ]
    if not tables:
        return [text]
    pieces: list[str | list[list[Content]]] = []
    top = sheet.bbox[1]
    for table in sorted(tables, key=lambda table: table.bbox[1]):
        if table.bbox[1] > top:
            pieces.append(sheet.crop((sheet.bbox[0], top, sheet.bbox[2], table.bbox[1])).extract_text() or "")
        pieces.append(_rows(table))
        top = max(top, table.bbox[3])
    if top < sheet.bbox[3]:
        pieces.append(sheet.crop((sheet.bbox[0], top, sheet.bbox[2], sheet.bbox[3])).extract_text() or "")
    return pieces


def _rows(table: Any) -> list[list[Content]]:
    """Return a table's rows; a place without a cell of its own refers to the cell that covers it."""
    texts: list[list[str | None]] = table.extract()
    boxes = [row.cells for row in table.rows]
    origins: list[tuple[tuple[float, float, float, float], tuple[int, int]]] = []
    rows: list[list[Content]] = []
    for row_place, (row, places) in enumerate(zip(texts, boxes, strict=True)):
        line: list[Content] = []
        for column, (content, box) in enumerate(zip(row, places, strict=True)):
            if box is not None:
                origins.append((box, (row_place, column)))
                line.append(content or "")
            else:
                line.append(_covering(table, origins, row_place, column))
        rows.append(line)
    return rows


def _covering(
    table: Any, origins: list[tuple[tuple[float, float, float, float], tuple[int, int]]], row: int, column: int
) -> Content:
    middle_x = (table.columns[column].bbox[0] + table.columns[column].bbox[2]) / 2
    middle_y = (table.rows[row].bbox[1] + table.rows[row].bbox[3]) / 2
    for box, origin in reversed(origins):
        if box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3]:
            return origin
    return None


def _joined(pieces: list[str | list[list[Content]]]) -> list[str | list[list[Content]]]:
    """Put tables of equal width together where only page numbers stand between them."""
    joined: list[str | list[list[Content]]] = []
    for piece in pieces:
        if isinstance(piece, str) and all(PAGE_NUMBER.match(line) for line in piece.splitlines() if line.strip()):
            continue
        previous = joined[-1] if joined else None
        if isinstance(piece, list) and isinstance(previous, list) and len(previous[0]) == len(piece[0]):
            by = len(previous)
            previous.extend(
                [
                    [(content[0] + by, content[1]) if isinstance(content, tuple) else content for content in row]
                    for row in piece
                ]
            )
        else:
            joined.append(piece)
    return joined


def _write(pieces: list[str | list[list[Content]]], page: PageBuilder) -> None:
    width = 0
    for piece in pieces:
        if isinstance(piece, str):
            _lines(piece, page)
        elif duty_table(piece, width):
            width = len(piece[0])
            laid_out(page, piece)
        else:
            for row in piece:
                page.line("  ".join(content for content in row if isinstance(content, str) and content))
