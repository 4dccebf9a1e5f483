"""Time rivals in turn within the same rounds, and compare them round by round.

A shared machine drifts; what was measured in the same round has drifted alike. So only the
ratios of a round are compared, and their median is told with the smallest and the largest.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rival:
    """One way to do the work: ours, a peer's, or the floor that bare code reaches."""

    name: str
    role: str
    work: Callable[[], object]
    #: how many items one call does, so that slow rivals may do fewer
    items: int = 1
    #: share of right answers, where it is not all of them
    right: float = 1.0


def race(title: str, rivals: Sequence[Rival], rounds: int) -> None:
    """Run all rivals in every round and print each one's time an item and its ratio to ours (the first)."""
    seconds: dict[str, list[float]] = {rival.name: [] for rival in rivals}
    for rival in rivals:
        rival.work()
    for _ in range(rounds):
        for rival in rivals:
            began = time.perf_counter()
            rival.work()
            seconds[rival.name].append((time.perf_counter() - began) / rival.items)
    ours = seconds[rivals[0].name]
    print(f"\n{title}   ({rounds} rounds, interleaved)")
    for rival in rivals:
        times = seconds[rival.name]
        line = f"  {rival.role:<6} {rival.name:<44} {_spread([1e6 * each for each in times])} us"
        if rival is not rivals[0]:
            line += f"   ours takes {_spread([own / other for own, other in zip(ours, times, strict=True)])} of it"
        if rival.right < 1:
            line += f"   right in {rival.right:.1%} only"
        print(line, flush=True)


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} [{min(values):.3g}-{max(values):.3g}]"
