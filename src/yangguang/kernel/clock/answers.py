"""What the clock answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .account import Account, Skipped
from .vocabulary import Measure, State


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a clock stands.

    - `due_on`: the last day (for MIN: the last day that must have run); None while the clock is suspended
      without a known end. `due_at` is the moment, for limits in hours only.
    - `opens_on`: first day on which acting is lawful: after the full term for MIN, inside the span for WINDOW.
    - `provisional`: the answer rests on days that no notice settles yet. No red light may rest on it.
    - `used`, `total`, `remaining`: in `measure`; `remaining` is negative once overdue.
    - `calendar_version`: to be kept with the answer; a new version calls for a new reckoning.
    - `account`: every day after the start through `due_on` (through `as_of` while suspended; backwards: the
      counted days before the event), counted or not and why; `counted` and `skipped` are its two halves.
    """

    due_on: dt.date | None
    due_at: dt.datetime | None
    opens_on: dt.date | None
    provisional: bool
    state: State
    used: int
    total: int
    remaining: int
    measure: Measure
    calendar_version: str
    cite: str
    account: Account

    @property
    def counted(self) -> tuple[dt.date, ...]:
        """The days that were counted, in order; for limits in hours the days on which time ran."""
        return self.account.counted()

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days that were not counted, in order, with reason and source."""
        return self.account.skipped()


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time passed, three ways, always published together: all days, days of the limit's kind, less suspensions.

    `gross` is in calendar days, `counted` and `net` in `measure`.
    """

    gross: int
    counted: int
    net: int
    measure: Measure

