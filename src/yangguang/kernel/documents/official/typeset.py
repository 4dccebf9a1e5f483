"""Official documents as PDF/A: typeset by the typst wheel, with the bundled open font, no system package."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from yangguang.kernel.documents.official.description import (
    COLOURS,
    CellValue,
    Heading,
    OfficialLetter,
    OfficialTable,
    masthead_size,
    text_of,
    tone_of,
    writable,
    written_day,
)
from yangguang.kernel.documents.official.faces import FACES, FONTS, OPEN

TEMPLATE = FONTS.parent / "typst" / "official.typ"
#: stands in the file's metadata where a document carries no date; keeps equal documents equal by hash
UNDATED = date(2000, 1, 1)


def to_pdf(document: OfficialTable | OfficialLetter, *, font_folders: Sequence[Path] = ()) -> bytes:
    """Return the document as PDF/A-2b bytes, equal for equal documents.

    ``font_folders`` hold the official typefaces of an office that owns them;
    without them every role is set in the bundled open font.
    """
    fonts, families = _fonts(tuple(font_folders))
    data = {
        "title": writable(document.title).replace("\n", ""),
        "author": writable(document.signature),
        "faces": {role: _face(role, families) for role in FACES},
        **_content(document),
    }
    signed = datetime.combine(document.signed_on or UNDATED, time(), tzinfo=UTC)
    compiler = typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts, ignore_system_fonts=True)
    made = compiler.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=signed,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


@functools.lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> tuple[typst.Fonts, frozenset[str]]:
    paths = [str(FONTS), *map(str, folders)]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    return fonts, frozenset(fonts.families())


def _face(role: str, families: frozenset[str]) -> dict[str, Any]:
    face = FACES[role]
    for name in (face.official, *face.names):
        if name in families:
            return {"family": [name, OPEN], "heavy": False}
    return {"family": [OPEN], "heavy": face.heavy}


def _content(document: OfficialTable | OfficialLetter) -> dict[str, Any]:
    if isinstance(document, OfficialTable):
        return {"sheet": _sheet(document)}
    content: dict[str, Any] = {"letter": _letter(document)}
    if document.annex is not None:
        content["sheet"] = _sheet(document.annex)
    return content


def _sheet(table: OfficialTable) -> dict[str, Any]:
    return {
        "title": writable(table.title),
        "masthead": writable(table.masthead),
        "number": writable(table.number),
        "columns": [{"head": writable(c.head), "width": c.width, "centred": c.centred} for c in table.columns],
        "groups": [
            {"heading": writable(g.heading), "rows": [[_cell(value) for value in row] for row in g.rows]}
            for g in table.groups
        ],
        "notes": [writable(note) for note in table.notes],
        "signature": writable(table.signature),
        "signed_on": written_day(table.signed_on) if table.signed_on else "",
    }


def _cell(value: CellValue) -> dict[str, str]:
    ink, ground = COLOURS[tone_of(value)]
    return {"text": text_of(value), "ink": ink, "ground": ground}


def _letter(letter: OfficialLetter) -> dict[str, Any]:
    body = [
        {"text": writable(p.text), "level": p.level} if isinstance(p, Heading) else {"text": writable(p), "level": 0}
        for p in letter.body
    ]
    return {
        "masthead": writable(letter.masthead),
        "masthead_size": masthead_size(letter.masthead),
        "number": writable(letter.number),
        "issue": writable(letter.issue),
        "title": writable(letter.title),
        "to": writable(letter.to),
        "body": body,
        "facts": [[writable(name), writable(value)] for name, value in letter.facts],
        "attachments": [writable(name) for name in letter.attachments],
        "signature": writable(letter.signature),
        "signed_on": written_day(letter.signed_on),
        "copies_to": writable(letter.copies_to),
        "disclosure": writable(letter.disclosure),
    }
