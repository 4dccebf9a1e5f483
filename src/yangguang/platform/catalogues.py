"""Compile translation catalogues; they are kept as text only."""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compile_catalogue(source: Path) -> Path:
    """Write the compiled catalogue beside its text and return its path; a reader never sees half of one."""
    compiled = source.with_suffix(".mo")
    unfinished = source.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(unfinished))
    unfinished.replace(compiled)
    return compiled
