"""What a corrected notice says differently: rows matched by their words, number and heading. Pure.

Works on what the papers say, before and after, not on what has become of the duties since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: share of character pairs two rows must have in common to be the same duty; with the same number, less
ALIKE, ALIKE_NUMBERED = 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Row:
    """A duty as a paper names it. ``units`` are role → names of units or collectives as matched here."""

    position: int
    number: str
    text: str
    #: the words without script, width and punctuation
    key: str
    title: str = ""
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deadlines: Sequence[Mapping[str, Any]] = ()
    targets: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a duty, as it was and as it is now, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the old paper and the row of the new one that is the same duty; None where there is none."""

    old: Row | None
    new: Row | None

    @property
    def differences(self) -> list[Difference]:
        """The fields that changed; empty where a row was added or taken out as a whole."""
        return differences(self.old, self.new) if self.old and self.new else []


def match_rows(old: Sequence[Row], new: Sequence[Row]) -> list[Match]:
    """Return which row became which, in the order of the new paper, those taken out at the end.

    The same words match first, then rows of the same number that are alike, then the most alike.
    """
    rest, found = list(old), dict[int, Row]()

    def settle(row: Row, before: Row) -> None:
        found[row.position] = before
        rest.remove(before)

    for row in new:
        same = [o for o in rest if o.key == row.key]
        if same:
            settle(row, min(same, key=lambda o: (o.number != row.number, abs(o.position - row.position))))
    pairs = {row.position: _pairs(row.key) for row in old}
    likeness = sorted(
        (
            (-_alike(pairs[before.position], _pairs(row.key)), abs(before.position - row.position), before, row)
            for row in new
            if row.position not in found
            for before in rest
        ),
        key=lambda item: item[:2],
    )
    for share, _far, before, row in likeness:
        enough = ALIKE_NUMBERED if before.number and before.number == row.number else ALIKE
        if -share >= enough and row.position not in found and before in rest:
            settle(row, before)
    return [*(Match(found.get(row.position), row) for row in new), *(Match(before, None) for before in rest)]


def _pairs(key: str) -> set[str]:
    return {key[i : i + 2] for i in range(len(key) - 1)} or {key}


def _alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def differences(old: Row, new: Row) -> list[Difference]:
    """Return the fields in which two papers differ about a duty."""
    labels = {"lead": "牵头单位", "responsible": "责任单位", "support": "协办单位"}
    both = [
        Difference("任务内容", old.text if old.key != new.key else "", new.text if old.key != new.key else ""),
        *(
            Difference(label, "、".join(old.units.get(role, ())), "、".join(new.units.get(role, ())))
            for role, label in labels.items()
        ),
        Difference("期限", _deadline_words(old.deadlines), _deadline_words(new.deadlines)),
        Difference("指标", _target_words(old.targets), _target_words(new.targets)),
    ]
    return [one for one in both if one.old != one.new]


def _deadline_words(printed: Iterable[Mapping[str, Any]]) -> str:
    return "；".join(f"{d['expr']}（{d['date']}）" if d.get("date") else str(d["expr"]) for d in printed)


def _target_words(printed: Iterable[Mapping[str, Any]]) -> str:
    return "；".join(str(t["expr"]) for t in printed)


def rekey(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each deadline of the new paper the number of the clock it continues, or one of its own.

    The same words continue their clock, whatever stands around them; else the next unclaimed one of the same kind.
    """
    free = [dict(item) for item in old]
    taken: dict[int, int] = {}
    for same in (_same_words, _same_kind):
        for place, item in enumerate(new):
            before = None if place in taken else next((f for f in free if same(f, item)), None)
            if before is not None:
                taken[place] = before["k"]
                free.remove(before)
    following = max((item["k"] for item in old), default=-1) + 1
    keyed = []
    for place, item in enumerate(new):
        if place not in taken:
            taken[place], following = following, following + 1
        keyed.append({**item, "k": taken[place]})
    return keyed


def _same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["kind"] == other["kind"] and one["expr"] == other["expr"])


def _same_kind(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["kind"] == other["kind"])
