"""Text that remembers where each of its characters stood in the displayed text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

NOWHERE = -1
BLANKS = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
SPACES = re.compile(r"\s+")
WORD_GAP = re.compile(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z])")


class Strand:
    """A piece of the notice: as printed (`raw`), folded for matching (`key`), and its offsets (`at`).

    `raw`, `key` and `at` have the same length.  `at` holds code point offsets in the displayed
    text; NOWHERE marks a joint that was never printed.
    """

    __slots__ = ("at", "key", "raw")

    def __init__(self, raw: str, key: str, at: Sequence[int]) -> None:
        self.raw = raw
        self.key = key
        self.at = at

    def __len__(self) -> int:
        return len(self.raw)

    def __bool__(self) -> bool:
        return bool(self.raw)

    def __getitem__(self, part: slice) -> Strand:
        return Strand(self.raw[part], self.key[part], self.at[part])

    def __repr__(self) -> str:
        return f"Strand({self.raw!r})"

    def strip(self, extra: str = "") -> Strand:
        """Return the strand without white space and the characters of `extra` at its ends."""
        blanks = BLANKS + extra
        end = len(self.key.rstrip(blanks))
        start = end - len(self.key[:end].lstrip(blanks))
        return self if end - start == len(self.key) else self[start:end]

    def split(self, pattern: re.Pattern[str]) -> list[Strand]:
        """Cut the strand at each match of `pattern` in its key."""
        if not pattern.search(self.key):
            return [self]
        pieces, last = [], 0
        for match in pattern.finditer(self.key):
            pieces.append(self[last : match.start()])
            last = match.end()
        pieces.append(self[last:])
        return pieces

    def without(self, pattern: re.Pattern[str]) -> Strand:
        """Return the strand with each match of `pattern` in its key taken out."""
        kept = self.split(pattern)
        return self if len(kept) == 1 else join(kept)

    def packed(self) -> Strand:
        """Return the strand without white space, except between Latin words or figures."""
        return self.without(WORD_GAP) if SPACES.search(self.key) else self

    def word(self) -> str:
        """Return the folded text without white space, as names are compared."""
        return SPACES.sub("", self.key) if SPACES.search(self.key) else self.key

    def lines(self) -> list[Strand]:
        """Return the stripped, non-empty lines of the strand."""
        return [line for line in (piece.strip() for piece in self.split(re.compile("\n"))) if line]

    def spans(self) -> list[tuple[int, int]]:
        """Return the half-open offset runs the strand covers, in reading order."""
        return list(runs(self.at))


def runs(offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the half-open runs of consecutive offsets, leaving out NOWHERE."""
    start = last = NOWHERE
    for offset in offsets:
        if offset == NOWHERE:
            continue
        if offset != last + 1 or start == NOWHERE:
            if start != NOWHERE:
                yield start, last + 1
            start = offset
        last = offset
    if start != NOWHERE:
        yield start, last + 1


def join(pieces: Iterable[Strand], joint: str = "") -> Strand:
    """Put strands end to end; `joint` is text that was never printed, such as a line end."""
    raw: list[str] = []
    key: list[str] = []
    at: list[int] = []
    nowhere = [NOWHERE] * len(joint)
    for piece in pieces:
        if joint and raw:
            raw.append(joint)
            key.append(joint)
            at.extend(nowhere)
        raw.append(piece.raw)
        key.append(piece.key)
        at.extend(piece.at)
    return Strand("".join(raw), "".join(key), at)
