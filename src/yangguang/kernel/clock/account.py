"""The account of every day of a reckoning: counted or not, why, by what source. It is worked out when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from .calendar import DayFact, EveryDay, Gaps, Ruler, WorkingCalendar
from .vocabulary import Why

#: source of a day that was not counted because the clock was suspended and nothing more precise is known
PAUSE_SOURCE = "中止期间"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was not counted: why, by which festival (may be empty) and source."""

    day: dt.date
    why: Why
    name: str
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days first..last (ordinals, both included) counted by one ruler, those in the gaps not counted."""

    first: int
    last: int
    ruler: Ruler
    gaps: Gaps

    def paused(self) -> set[int]:
        """Return the days of the stretch that lie in a gap."""
        return {
            day
            for first, last in self.gaps
            for day in range(max(first, self.first), min(last, self.last) + 1)
        }


@dataclass(frozen=True, slots=True)
class Account:
    """The days of a reckoning, in stretches of one ruler each.

    Days from `rolls_from` on, before the last, were passed over because the last day may not fall on them.
    """

    calendar: WorkingCalendar
    stretches: tuple[Stretch, ...]
    rolls_from: int | None = None

    def days(self) -> Iterator[tuple[DayFact, Why | None]]:
        """Yield every day with None where it was counted, otherwise with the reason why not."""
        final = self.stretches[-1].last if self.stretches else 0
        for stretch in self.stretches:
            every = isinstance(stretch.ruler, EveryDay)
            paused = stretch.paused()
            rolls_from = final if self.rolls_from is None else self.rolls_from
            for ordinal, fact in enumerate(self.calendar.facts(stretch.first, stretch.last), stretch.first):
                if ordinal in paused:
                    yield fact, Why.PAUSED
                elif fact.is_work or (every and not rolls_from <= ordinal < final):
                    yield fact, None
                else:
                    yield fact, fact.why

    def counted(self) -> tuple[dt.date, ...]:
        """Return the days that were counted, in order."""
        return tuple(fact.day for fact, why in self.days() if why is None)

    def skipped(self) -> tuple[Skipped, ...]:
        """Return the days that were not counted, in order."""
        return tuple(_skipped(fact, why) for fact, why in self.days() if why is not None)


def _skipped(fact: DayFact, why: Why) -> Skipped:
    if why is Why.PAUSED:
        return Skipped(fact.day, why, "", PAUSE_SOURCE, False)
    return Skipped(fact.day, why, fact.name, str(fact.source), fact.provisional)
