"""Web pages: running text by block elements, duty tables as grids, layout tables as text."""

from __future__ import annotations

import importlib
import re
from typing import Any

from yangguang.domains.directives.reader.formats.page import Page, PageBuilder
from yangguang.domains.directives.reader.formats.plain import decode_text
from yangguang.domains.directives.reader.formats.tables import Content, duty_table, laid_out
from yangguang.domains.directives.reader.records import Settings, Unreadable

BLOCKS = frozenset(
    (
        "p div br tr li h1 h2 h3 h4 h5 h6 table section article ul ol dl dt dd header footer nav main aside "
        "blockquote pre hr form td th center"
    ).split()
)
SILENT = frozenset("script style noscript head template iframe object svg select option button textarea".split())
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
SPACES = re.compile(r"[ \t\r\n\f]+")
DEEPEST = 400


def decode(data: bytes, settings: Settings) -> Page:
    """Decode a web page.  Raises `Unreadable` where nothing can be parsed."""
    if len(data) > 4 * settings.most_text:
        raise Unreadable(
            "too_large", f"网页过大，上限 {4 * settings.most_text} 字节。", "请只保存正文，或直接粘贴正文。"
        )
    html: Any = importlib.import_module("lxml.html")
    etree: Any = importlib.import_module("lxml.etree")
    text = DECLARATION.sub("", _text(data)).replace("\x00", "")
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Unreadable("broken", "网页读不了。", "请打开网页，复制正文粘贴进来。") from None
    writer = _Writer()
    writer.walk(root, 0)
    writer.flush()
    return writer.page.page("html")


def _text(data: bytes) -> str:
    match = CHARSET.search(data[:4096])
    if match:
        name = match.group(1).decode("ascii").lower()
        name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data)


class _Writer:
    """Walks the tree and writes lines and tables."""

    def __init__(self) -> None:
        self.page = PageBuilder()
        self.buffer: list[str] = []
        self.width = 0

    def flush(self) -> None:
        """Write the buffered inline text as a line."""
        line = "".join(self.buffer).strip(" ")
        self.buffer = []
        if line:
            self.page.line(line)

    def walk(self, node: Any, depth: int) -> None:
        """Write an element and all in it."""
        if not isinstance(node.tag, str) or node.tag in SILENT or _hidden(node) or depth > DEEPEST:
            return
        if node.tag == "table" and self._table(node):
            return
        block = node.tag in BLOCKS
        if block:
            self.flush()
        self._add(node.text)
        for child in node:
            self.walk(child, depth + 1)
            self._add(child.tail)
        if block:
            self.flush()

    def _add(self, text: str | None) -> None:
        if text:
            self.buffer.append(SPACES.sub(" ", text))

    def _table(self, node: Any) -> bool:
        """Write a table as a grid where it is one of duties; say whether it was."""
        if node.find(".//table") is not None:
            return False
        rows = _rows(node)
        if not duty_table(rows, self.width):
            return False
        self.flush()
        self.width = len(rows[0])
        laid_out(self.page, rows)
        return True


#: Columns of the widest table laid out; what stands further right is no duty table's.
WIDEST = 200


def _hidden(node: Any) -> bool:
    return "display:none" in (node.get("style") or "").replace(" ", "").lower()


def _rows(table: Any) -> list[list[Content]]:
    """Lay a table's cells into a rectangle; a spanned place refers to its cell."""
    rows: list[list[Content]] = []
    open_spans: dict[int, tuple[int, tuple[int, int]]] = {}
    for tr in table.iter("tr"):
        row: list[Content] = []
        place = len(rows)
        for cell in tr.iterchildren("td", "th"):
            _carry(row, open_spans)
            if len(row) >= WIDEST:
                break
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            origin = (place, len(row))
            row.append(_cell_text(cell))
            row.extend([origin] * (across - 1))
            if down > 1:
                for column in range(origin[1], origin[1] + across):
                    open_spans[column] = (down - 1, origin)
        _carry(row, open_spans)
        rows.append(row)
        if len(rows) >= 20_000:
            break
    width = max((len(row) for row in rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


def _carry(row: list[Content], open_spans: dict[int, tuple[int, tuple[int, int]]]) -> None:
    while len(row) in open_spans and len(row) < WIDEST:
        left, origin = open_spans.pop(len(row))
        if left > 1:
            open_spans[len(row)] = (left - 1, origin)
        row.append(origin)


def _span(value: str | None) -> int:
    return max(1, min(100, int(value))) if value and value.strip().isdigit() else 1


def _cell_text(cell: Any) -> str:
    parts: list[str] = []
    _collect(cell, parts, 0)
    lines = "".join(parts).split("\n")
    return "\n".join(line for line in (SPACES.sub(" ", line).strip() for line in lines) if line)


def _collect(node: Any, parts: list[str], depth: int) -> None:
    if not isinstance(node.tag, str) or node.tag in SILENT or depth > DEEPEST:
        return
    if node.tag in BLOCKS and depth:
        parts.append("\n")
    if node.text:
        parts.append(SPACES.sub(" ", node.text))
    for child in node:
        _collect(child, parts, depth + 1)
        if child.tail:
            parts.append(SPACES.sub(" ", child.tail))
    if node.tag in BLOCKS and depth:
        parts.append("\n")
