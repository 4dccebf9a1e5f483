"""The roles an instance begins with, and what each capability means in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "content" / "roles.yaml"


@dataclass(frozen=True, slots=True)
class HouseRole:
    """A role that comes with the program; an administrator may change it afterwards."""

    code: str
    name: str
    capabilities: tuple[str, ...]


@cache
def capability_words() -> Mapping[str, tuple[str, str]]:
    """Return every capability with its words in Chinese and English, in the order they are shown."""
    return {code: (row["zh"], row["en"]) for code, row in _content()["capabilities"].items()}


@cache
def house_roles() -> tuple[HouseRole, ...]:
    """Return the roles that come with the program."""
    rows = _content()["roles"].items()
    return tuple(HouseRole(code, row["zh"], tuple(row["capabilities"])) for code, row in rows)


def _content() -> dict[str, dict[str, dict[str, str]]]:
    content: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return content
