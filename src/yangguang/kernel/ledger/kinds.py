"""The kinds of case, registered by the rooms in ``apps.py``: adding a kind changes no face."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case: its words, its states with their lamps, and where its pages are."""

    code: str
    zh: str
    en: str
    #: state -> (Chinese, English)
    states: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: URL names of the page for officers and of the public page; both take the case number
    page: str = ""
    public_page: str = ""
    #: capability needed to read a case of this kind inside one's unit subtree
    read: str = "case.read"


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; a second, different kind of the same code is a bug."""
    if KINDS.setdefault(kind.code, kind) != kind:
        raise TypeError(f"two kinds are coded {kind.code}")
    return kind


#: kind -> what brings the room's own projections up to date at the end of every writing on such cases
SETTLERS: dict[str, Callable[[Sequence[Any], datetime], None]] = {}
