"""Folding for matching: traditional to simplified, full to half width, one character to one character."""

from __future__ import annotations

import importlib
from collections import Counter
from functools import lru_cache
from typing import Any

#: Punctuation that print uses interchangeably.  Every entry maps one character to one.
PUNCTUATION = str.maketrans(
    {
        "（": "(", "）": ")", "﹙": "(", "﹚": ")", "〔": "[", "〕": "]", "［": "[", "］": "]", "【": "[", "】": "]",
        "〖": "[", "〗": "]", "﹝": "[", "﹞": "]", "︹": "[", "︺": "]",
        "，": ",", "﹐": ",", "：": ":", "﹕": ":", "︰": ":", "∶": ":", "；": ";", "﹔": ";", "！": "!", "？": "?",
        "．": ".", "﹒": ".", "％": "%", "﹪": "%", "～": "~", "〜": "~", "∼": "~", "｡": "。", "､": "、", "﹑": "、",
        "─": "─", "－": "-", "–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "ー": "-",
        "「": "“", "」": "”", "『": "“", "』": "”", "〈": "《", "〉": "》", "＜": "<", "＞": ">", "｜": "|", "／": "/",
        "\u3000": " ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\t": " ", "\r": " ",
        "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
        "○": "〇", "◯": "〇", "Ｏ": "〇", "零": "〇",
        "㎡": "㎡",
    }
)  # fmt: skip
FULL_WIDTH = {code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
#: Characters a converter leaves alone but that stand for the simplified ones in unit and role words.
VARIANTS = str.maketrans("於徵処衆羣牀裏妳綫闗鋭説內戶冊敎産", "于征处众群床里你线关锐说内户册教产")


def fold(text: str) -> str:
    """Return `text` in matching form, of the same length."""
    foreign = {char for char in set(text) if char > "\u2fff" and not _simplified(char)}
    folded = text.translate({**FULL_WIDTH, **PUNCTUATION, **VARIANTS})
    return folded.translate(_to_simplified(frozenset(foreign))) if foreign else folded


def script_of(text: str) -> str:
    """Say whether a text is `simplified`, `traditional` or `mixed`."""
    counts = {char: count for char, count in Counter(text).items() if "\u4e00" <= char <= "\u9fff"}
    table = _to_simplified(frozenset(char for char in counts if not _simplified(char)))
    traditional = sum(count for char, count in counts.items() if ord(char) in table)
    if traditional <= sum(counts.values()) * 0.01:
        return "simplified"
    return "traditional" if _only_simplified(counts) < traditional * 0.2 else "mixed"


#: Simplified forms that are also traditional characters of their own.
SHARED = frozenset("后里面了干台只余准斗谷范云发系制表出丑征困合回向几家据朱松板欲游秋舍致郁采愿万与于")


def _only_simplified(counts: dict[str, int]) -> int:
    """Count characters that exist only as simplified forms."""
    converter = _converter("s2t")
    return sum(
        count
        for char, count in counts.items()
        if char not in SHARED and _simplified(char) and converter.convert(char) != char
    )


@lru_cache(maxsize=4)
def _converter(name: str) -> Any:
    return importlib.import_module("opencc").OpenCC(name)


@lru_cache(maxsize=8)
def _to_simplified(chars: frozenset[str]) -> dict[int, int]:
    if not chars:
        return {}
    converter = _converter("t2s")
    pairs = ((char, converter.convert(char)) for char in chars)
    return {ord(char): ord(other) for char, other in pairs if len(other) == 1 and other != char}


@lru_cache(maxsize=20_000)
def _simplified(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
