"""What the site says about a receipt that somebody holds: the server's own check, beside the stand-alone one."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.proofs import merkle
from yangguang.kernel.proofs.models import ClosedDay
from yangguang.kernel.proofs.queries import receipt
from yangguang.kernel.proofs.vocabulary import RECEIPT, leaf_of

#: a receipt is a few kilobytes; a longer text is none
MOST = 65_536
#: no path in a tree that we could ever grow is longer
MOST_STEPS = 128


class Outcome(enum.StrEnum):
    """What a check comes to."""

    GOOD = "good"
    COMPLETED = "completed"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    OTHER_ROOT = "other_root"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome, the day that stands for it, and the receipt with its proof where one is at hand."""

    outcome: Outcome
    day: ClosedDay | None = None
    receipt: dict[str, Any] | None = None


def check_receipt(text: str) -> Checked:
    """Check a receipt against the roots we publish; the entry's own content is neither needed nor told."""
    try:
        given = _read(text)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Checked(Outcome.UNREADABLE)
    if given["proof"] is None:
        return _completed(given)
    proof = given["proof"]
    day = ClosedDay.objects.filter(day=proof["day"]).first()
    if day is None or (day.root, day.size) != (proof["root"], proof["size"]):
        return Checked(Outcome.OTHER_ROOT, day, given)
    leaf, path = leaf_of(given["hash"]), [bytes.fromhex(step) for step in proof["path"]]
    if merkle.includes(leaf, proof["position"], day.size, path, bytes.fromhex(day.root)):
        return Checked(Outcome.GOOD, day, given)
    return Checked(Outcome.BROKEN, day, given)


def _completed(given: dict[str, Any]) -> Checked:
    """Answer for a receipt from before its day was closed: by its hash alone, with the proof if there is one now."""
    found = Entry.objects.filter(hash=given["hash"], stream=given["stream"], seq=given["seq"]).first()
    if found is None:
        return Checked(Outcome.UNKNOWN, None, given)
    whole = receipt(found)
    if whole["proof"] is None:
        return Checked(Outcome.WAITING, None, given)
    return Checked(Outcome.COMPLETED, ClosedDay.objects.get(day=whole["proof"]["day"]), whole)


def _read(text: str) -> dict[str, Any]:
    """Return the receipt a text holds; raises where it is none. Nothing is believed about types."""
    given = json.loads(text[: MOST + 1])
    if given["format"] != RECEIPT or len(bytes.fromhex(given["hash"])) != 32:
        raise ValueError("no receipt")
    read: dict[str, Any] = {
        "format": RECEIPT,
        "stream": str(given["stream"]),
        "seq": _whole(given["seq"]),
        "recorded_at": str(given["recorded_at"]),
        "hash": str(given["hash"]),
        "proof": None,
    }
    if given["proof"] is not None:
        proof = given["proof"]
        path = [str(step) for step in proof["path"]]
        if len(path) > MOST_STEPS or any(len(bytes.fromhex(step)) != 32 for step in path):
            raise ValueError("no path")
        read["proof"] = {
            "day": date.fromisoformat(proof["day"]).isoformat(),
            "position": _whole(proof["position"]),
            "size": _whole(proof["size"]),
            "root": str(proof["root"]),
            "path": path,
        }
    if "\x00" in read["stream"]:
        raise ValueError("no text")
    return read


def _whole(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 2**31:
        raise ValueError("no number")
    return number
