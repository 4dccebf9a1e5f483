"""Word files (.docx): paragraphs with their automatic numbers, and tables with merged cells."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any

from yangguang.domains.directives.reader.formats.page import Page, PageBuilder
from yangguang.domains.directives.reader.formats.tables import Content, duty_table, laid_out
from yangguang.domains.directives.reader.formats.unzip import BROKEN, member, opened, parsed
from yangguang.domains.directives.reader.records import Settings, Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SKIPPED = frozenset(
    {
        W + "del",
        W + "txbxContent",
        W + "instrText",
        W + "moveFrom",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
CHINESE = "零一二三四五六七八九"


def decode(data: bytes, settings: Settings) -> Page:
    """Decode a Word file.  Raises `Unreadable`."""
    etree: Any = importlib.import_module("lxml.etree")
    package = opened(data, settings)
    content = member(package, "word/document.xml", settings)
    if content is None:
        raise Unreadable(*BROKEN)
    body = parsed(etree, content).find(W + "body")
    if body is None:
        raise Unreadable(*BROKEN)
    numbers = _Numbers.read(
        *(
            parsed(etree, found) if (found := member(package, f"word/{name}.xml", settings)) else None
            for name in ("numbering", "styles")
        )
    )
    page = PageBuilder()
    _write(body, page, numbers)
    return page.page("docx")


def _write(body: Any, page: PageBuilder, numbers: _Numbers) -> None:
    width = 0
    for node in body.iterchildren():
        if node.tag == W + "p":
            page.line(numbers.label(node) + _text(node))
        elif node.tag == W + "tbl":
            rows = _rows(node, numbers)
            if duty_table(rows, width):
                width = len(rows[0])
                laid_out(page, rows)
            else:
                for row in rows:
                    page.line("  ".join(content for content in row if isinstance(content, str) and content))
        elif node.tag == W + "sdt":
            inner = node.find(W + "sdtContent")
            if inner is not None:
                _write(inner, page, numbers)


def _text(node: Any) -> str:
    """Return a paragraph's text without deleted runs and text boxes."""
    parts: list[str] = []
    stack = list(reversed(node))
    while stack:
        child = stack.pop()
        if child.tag in SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            parts.append(child.text or "")
        elif child.tag in (W + "tab",) and child.getparent().tag == W + "r":
            parts.append("\t")
        elif child.tag in (W + "br", W + "cr"):
            parts.append("\n")
        else:
            stack.extend(reversed(child))
    return "".join(parts)


def _rows(table: Any, numbers: _Numbers) -> list[list[Content]]:
    rows: list[list[Content]] = []
    above: dict[int, tuple[int, int]] = {}
    for tr in table.iterchildren(W + "tr"):
        row: list[Content] = [None] * _value(tr.find(f"{W}trPr/{W}gridBefore"), 0)
        for tc in tr.iter(W + "tc"):
            if (
                tc.getparent() is not tr
                and tc.getparent().getparent() is not tr
                and tc.getparent().tag != W + "sdtContent"
            ):
                continue
            _add_cell(tc, row, rows, above, numbers)
        rows.append(row)
    width = max((len(row) for row in rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


def _add_cell(
    tc: Any, row: list[Content], rows: list[list[Content]], above: dict[int, tuple[int, int]], numbers: _Numbers
) -> None:
    across = max(1, min(100, _value(tc.find(f"{W}tcPr/{W}gridSpan"), 1)))
    merge = tc.find(f"{W}tcPr/{W}vMerge")
    column = len(row)
    origin = (len(rows), column)
    if merge is not None and merge.get(W + "val") != "restart" and column in above:
        origin = above[column]
        row.extend([origin] * across)
        return
    row.append("\n".join(numbers.label(p) + _text(p) for p in tc.iter(W + "p")))
    row.extend([origin] * (across - 1))
    if merge is not None:
        above[column] = origin
    else:
        above.pop(column, None)


def _value(node: Any, default: int) -> int:
    value = node.get(W + "val") if node is not None else None
    return int(value) if value and value.lstrip("-").isdigit() else default


@dataclass
class _Numbers:
    """Automatic numbering: what Word prints before a paragraph though it is not in its text."""

    levels: dict[str, dict[int, tuple[str, str, int]]] = field(
        default_factory=dict
    )  # numId -> level -> format, text, start
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style -> numId, level
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, numbering: Any, styles: Any) -> _Numbers:
        numbers = cls()
        if numbering is not None:
            abstract = {node.get(W + "abstractNumId"): _levels(node) for node in numbering.iter(W + "abstractNum")}
            for num in numbering.iter(W + "num"):
                link = num.find(W + "abstractNumId")
                if link is not None:
                    numbers.levels[num.get(W + "numId")] = abstract.get(link.get(W + "val"), {})
        for style in styles.iter(W + "style") if styles is not None else ():
            place = _number_place(style.find(W + "pPr"))
            if place:
                numbers.styles[style.get(W + "styleId")] = place
        return numbers

    def label(self, paragraph: Any) -> str:
        """Return the number Word prints before a paragraph, and count it."""
        properties = paragraph.find(W + "pPr")
        place = _number_place(properties)
        if place is None and properties is not None:
            style = properties.find(W + "pStyle")
            place = self.styles.get(style.get(W + "val")) if style is not None else None
        if (
            place is None
            or place[0] not in self.levels
            or place[1] not in self.levels[place[0]]
            or not _text(paragraph).strip()
        ):
            return ""
        return self._count(*place)

    def _count(self, num: str, level: int) -> str:
        levels = self.levels[num]
        counts = self.counts.setdefault(num, {})
        form, text, start = levels[level]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if form in ("bullet", "none"):
            return ""
        for other in range(level + 1):
            form_, _, start_ = levels.get(other, (form, "", 1))
            text = text.replace(f"%{other + 1}", _printed(counts.get(other, start_), form_))
        return text


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    found = {}
    for level in abstract.iter(W + "lvl"):
        form, text, start = (level.find(W + name) for name in ("numFmt", "lvlText", "start"))
        place = level.get(W + "ilvl") or "0"
        if place.isdigit():
            found[int(place)] = (
                form.get(W + "val") or "" if form is not None else "decimal",
                text.get(W + "val") or "" if text is not None else "",
                _value(start, 1),
            )
    return found


def _number_place(properties: Any) -> tuple[str, int] | None:
    node = properties.find(W + "numPr") if properties is not None else None
    num = node.find(W + "numId") if node is not None else None
    if node is None or num is None or num.get(W + "val") in (None, "0"):
        return None
    return num.get(W + "val"), _value(node.find(W + "ilvl"), 0)


def _printed(value: int, form: str) -> str:
    if "hinese" in form or form.startswith(("japanese", "ideograph", "taiwanese")):
        return _chinese(value)
    if form == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x245F + value)
    return str(value)


def _chinese(value: int) -> str:
    if value < 10:
        return CHINESE[value]
    tens, ones = divmod(value, 10)
    if value < 100:
        return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")
    return str(value)
