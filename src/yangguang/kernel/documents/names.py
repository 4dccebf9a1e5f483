"""File names as people give them, made safe to store, print and download. Pure."""

from __future__ import annotations

import re
import unicodedata

#: characters a file name keeps, its suffix included
NAME_MAX = 120
UNNAMED = "未命名"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return a file name without folders, control or direction-turning characters, of at most 120 characters.

    >>> clean_name("..\\\\tmp\\\\通 知\\u202e.pdf")
    '通 知.pdf'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", kept))
    stem, suffix = _split(plain)
    stem = stem.strip(" .")
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return (stem or UNNAMED)[: NAME_MAX - len(suffix)] + suffix


def suffix_of(name: str) -> str:
    """Return the suffix of a name in lower case, with its dot, or an empty text."""
    return _split(name)[1].lower()


def _split(name: str) -> tuple[str, str]:
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name.rstrip(" ."))
    return (name.rstrip(" .")[: found.start()], found.group()) if found else (name, "")
