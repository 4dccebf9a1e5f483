"""Telling units what concerns them: one in-app message per unit and entry."""

from __future__ import annotations

from collections.abc import Iterable

from yangguang.kernel.ledger.writing import Draft
from yangguang.kernel.outbox.commands import send


def tell_units(draft: Draft, units: Iterable[int], *, subject: str, body: str) -> None:
    """Tell units of the entry just recorded; the same entry never tells a unit twice."""
    case = draft.case
    if case is None:
        raise TypeError("messages of this room concern a case")
    for unit in dict.fromkeys(units):
        key = f"{draft.stream.key}#{draft.stream.length}:{unit}"
        send(f"{subject}：{case.title}"[:200], body, key=key, at=draft.at, unit=unit, case=case.number)
