"""The words of the proofs: a published day, a receipt, what a witness answers. Free of Django."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from yangguang.kernel.ledger.chain import canonical
from yangguang.kernel.proofs.merkle import leaf_hash

#: forms of the three files that leave the house; the stand-alone verifier knows them by these names
ROOTS, RECEIPT, EXPORT = "yangguang-roots-1", "yangguang-receipt-1", "yangguang-ledger-1"

#: digits of the short form for print: no I, L, O, U, so that nothing is misread
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: what a hurried reader types instead of a digit
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})
_SHORT = 20


@dataclass(frozen=True, slots=True)
class Published:
    """A closed day: how many entries the ledger held at its end, and the root over all of them.

    ``previous`` is the seal of the day before; ``seal`` is SHA-256 over all the others.
    """

    day: date
    size: int
    root: str
    previous: str

    @property
    def seal(self) -> str:
        """The day's fingerprint: it stands for this day and for every day before it."""
        facts = {"day": self.day.isoformat(), "size": self.size, "root": self.root, "previous": self.previous}
        return hashlib.sha256(canonical(facts).encode()).hexdigest()

    @property
    def short(self) -> str:
        """The seal's first hundred bits for print and for typing back: five groups of four."""
        return short(self.seal)

    def facts(self) -> dict[str, Any]:
        """Return the day as the published files carry it."""
        return {
            "day": self.day.isoformat(),
            "size": self.size,
            "root": self.root,
            "previous": self.previous,
            "seal": self.seal,
        }


def short(seal: str) -> str:
    """Return a seal as it is printed.

    >>> short("00" * 31 + "ff")
    '0000-0000-0000-0000-0000'
    """
    number = int(seal, 16) >> (256 - 5 * _SHORT)
    digits = "".join(_DIGITS[number >> shift & 31] for shift in range(5 * (_SHORT - 1), -1, -5))
    return "-".join(digits[start : start + 4] for start in range(0, _SHORT, 4))


def typed_back(text: str) -> str:
    """Return a printed form as typed by a person in the form that is printed.

    >>> typed_back("oo1l 0000 00000000 0000")
    '0011-0000-0000-0000-0000'
    """
    digits = text.upper().translate(_MISREAD)
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def leaf_of(entry_hash: str) -> bytes:
    """Return the leaf of an entry: over its hash alone, so that a proof holds no content."""
    return leaf_hash(bytes.fromhex(entry_hash))


class Seen(enum.StrEnum):
    """What a witness answers about a day."""

    AGREES = "agrees"
    DIFFERS = "differs"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A witness's answer about one day, with what it holds in words."""

    witness: str
    day: date
    seen: Seen
    words: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether somebody must look: it differs, or what was handed over cannot be read any more."""
        return self.seen in (Seen.DIFFERS, Seen.UNREADABLE)


class NotDeposited(Exception):
    """A witness did not take a day; the job is tried again later."""


class Witness(Protocol):
    """Somebody outside who keeps what we published, so that we cannot rewrite it unseen."""

    name: str
    #: takes every day; else the newest is enough, since it stands for all before it
    every_day: bool
    #: can be asked without a network
    near: bool

    def deposit(self, published: Published) -> str:
        """Hand a day over, any number of times to the same effect; return what proves it. Raises ``NotDeposited``."""
        ...

    def look(self, published: Published, proof: str) -> Answer:
        """Compare what the witness holds with the day as we publish it now."""
        ...

    def days(self) -> set[date]:
        """Return the days it is known to hold, as far as it can tell."""
        ...


def as_published(facts: Mapping[str, Any]) -> Published:
    """Return a day read from a file; raises ``ValueError`` or ``KeyError`` where it is none."""
    day = Published(
        date.fromisoformat(str(facts["day"])), int(facts["size"]), str(facts["root"]), str(facts["previous"])
    )
    if facts.get("seal") not in (None, day.seal):
        raise ValueError(f"the seal of {day.day} does not fit its other facts")
    return day


def compared(witness: str, ours: Published, held: Published) -> Answer:
    """Answer for a witness that holds a whole day."""
    if held.seal == ours.seal:
        return Answer(witness, ours.day, Seen.AGREES)
    if (held.size, held.root) == (ours.size, ours.root):
        return Answer(witness, ours.day, Seen.DIFFERS, "the same root, but another history of the days before")
    words = f"it holds {held.size} entries with root {held.root[:16]}…, we {ours.size} with {ours.root[:16]}…"
    return Answer(witness, ours.day, Seen.DIFFERS, words)
