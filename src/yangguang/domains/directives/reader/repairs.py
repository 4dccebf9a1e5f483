"""Repairs before reading: characters that no reader of the printed notice would see."""

from __future__ import annotations

import re

from yangguang.domains.directives.reader.script import fold
from yangguang.domains.directives.reader.strand import Strand

TONED = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜüńňǹḿ"
#: name -> pattern of what is taken out; the group `drop` is the part that goes.
REPAIRS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("invisible", re.compile("(?P<drop>[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\ue000-\uf8ff]+)")),
    (
        "pronunciation",
        re.compile(
            rf"(?<=[\u3400-\u9fff])(?P<drop>(?:[(（] ?[a-zA-Z]{{0,4}}[{TONED}][a-z{TONED}]{{0,4}} {{0,2}}[)）])+)"
        ),
    ),
    ("entity", re.compile("(?P<drop>&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|shy);)")),
    ("control", re.compile("(?P<drop>[\x00-\x08\x0e-\x1f\x7f]+)")),
)
#: Pronunciations without a tone mark (的(de)); only believed where toned ones stand in the same text.
NEUTRAL = re.compile(r"(?<=[\u3400-\u9fff])(?P<drop>[(（][a-z]{1,5} ?[)）])")
PAGE_NUMBER = re.compile(
    r"(?m)(?P<drop>^[ \t]*[-—–－] ?\d{1,3} ?[-—–－][ \t]*$|^[ \t]*第 ?\d{1,3} ?页(?:[,， ]?共 ?\d{1,3} ?页)?[ \t]*$)"
)


#: Blanks set between the characters of a short label: 牵 头 单 位：
SPACED_LABEL = re.compile(
    r"(?m)(?:^|(?<=[\n。；;]))[ \t\u3000]*(?:[\u4e00-\u9fff][ \t\u3000]{1,4}){2,6}[\u4e00-\u9fff](?=[ \t\u3000]*[:：])"
)
BLANKS = re.compile(r"(?<=[\u4e00-\u9fff])(?P<drop>[ \t\u3000]+)(?=[\u4e00-\u9fff])")


def repair(text: str) -> tuple[Strand, list[str], frozenset[int]]:
    """Return the text to read, the names of the repairs made, and the offsets they took out."""
    dropped: set[int] = set()
    names = []
    patterns = [*REPAIRS, ("page_number", PAGE_NUMBER)]
    for name, pattern in patterns:
        before = len(dropped)
        for match in pattern.finditer(text):
            dropped.update(range(match.start("drop"), match.end("drop")))
        if len(dropped) > before:
            names.append(name)
        if name == "pronunciation" and len(dropped) > before:
            for match in NEUTRAL.finditer(text):
                dropped.update(range(match.start("drop"), match.end("drop")))
    spaced = [
        range(*blank.span("drop"))
        for label in SPACED_LABEL.finditer(text)
        for blank in BLANKS.finditer(text, *label.span())
    ]
    if spaced:
        names.append("spaced_label")
        dropped.update(offset for run in spaced for offset in run)
    if not dropped:
        return Strand(text, fold(text), range(len(text))), names, frozenset()
    at = [offset for offset in range(len(text)) if offset not in dropped]
    raw = "".join(text[offset] for offset in at)
    return Strand(raw, fold(raw), at), names, frozenset(dropped)
