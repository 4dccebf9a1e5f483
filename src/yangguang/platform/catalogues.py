"""Compile translation catalogues; they are kept as text only."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def compile_catalogue(source: Path) -> Path:
    """Write the compiled catalogue beside its text and return its path."""
    compiled = source.with_suffix(".mo")
    unfinished = source.with_suffix(f".mo.{id(source)}")
    polib.pofile(str(source)).save_as_mofile(str(unfinished))
    unfinished.replace(compiled)
    return compiled


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compile_catalogue(Path(argument))
