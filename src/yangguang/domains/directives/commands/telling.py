"""Telling units what concerns them: one in-app message per unit and entry."""

from __future__ import annotations

from collections.abc import Iterable

from yangguang.kernel.ledger.writing import Draft
from yangguang.kernel.outbox.commands import Note, send_notes


def tell_units(draft: Draft, units: Iterable[int], *, subject: str, body: str) -> None:
    """Tell units of the entry just recorded; the same entry never tells a unit twice."""
    send_notes(notes_to(draft, units, subject=subject, body=body), at=draft.at)


def notes_to(draft: Draft, units: Iterable[int], *, subject: str, body: str) -> list[Note]:
    """Return the messages to units on the entry just recorded."""
    case = draft.case
    if case is None:
        raise TypeError("messages of this room concern a case")
    key = f"{draft.stream.key}#{draft.stream.length}"
    return [Note(f"{subject}：{case.title}", body, f"{key}:{unit}", unit, case.number) for unit in dict.fromkeys(units)]
