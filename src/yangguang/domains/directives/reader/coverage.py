"""Nothing is dropped silently: each line that gave no field of a duty or of the envelope is listed with its reason."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.chrome import is_colophon, is_furniture
from yangguang.domains.directives.reader.records import Reading, Warn
from yangguang.domains.directives.reader.script import fold
from yangguang.domains.directives.reader.strand import Strand

WORDS = re.compile("[\u3400-\u9fff]")
LINE = re.compile(r"[^\n]+")
LONGEST_SHOWN = 200


def left_over(reading: Reading, understood: list[Strand]) -> list[Warn]:
    """Return the lines no field came from, neighbours with one reason together.

    `page_text`: page furniture, cc lines and what stands outside the notice's body; `preamble`: text before
    the first duty; `not_understood`: text among the duties that none of them holds.
    """
    covered = _covered(reading, understood)
    body = [place for duty in reading.duties for place, _ in duty.text.spans()[:1]]
    first, last = (min(body), max(body)) if body else (len(reading.text), len(reading.text))
    found: list[Warn] = []
    for match in LINE.finditer(reading.text):
        start, end = match.span()
        if any(covered[start:end]) or not WORDS.search(match.group()):
            continue
        code = _reason(match.group(), start, first, last)
        if found and found[-1].code == code and not WORDS.search(reading.text[found[-1].span[1] : start]):
            start = found[-1].span[0]
            found.pop()
        found.append(Warn(code, reading.text[start:end][:LONGEST_SHOWN], (start, end)))
    return found


def _reason(line: str, start: int, first: int, last: int) -> str:
    key = fold(line.strip())
    if is_furniture(key) or is_colophon(key):
        return "page_text"
    if start < first:
        return "preamble"
    return "not_understood" if start < last else "page_text"


def _covered(reading: Reading, understood: list[Strand]) -> bytearray:
    covered = bytearray(len(reading.text))
    fields = [
        strand for duty in reading.duties for strand in (duty.text, duty.title, *duty.units(), *duty.persons) if strand
    ]
    for strand in (*fields, *understood):
        for start, end in strand.spans():
            covered[start:end] = b"\x01" * (end - start)
    for warning in reading.warnings:
        start, end = warning.span
        covered[start:end] = b"\x01" * (end - start)
    return covered
