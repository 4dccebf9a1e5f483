"""A clock as one row: what the column and SQL forms take, after its events have been read once.

Restarts, resumptions, lengthening and shortening in the limit's own unit become a start, a length and spans of days
that do not count. Only the scalar form answers the rest: hours, terms counted backwards, turns, pieces in two units
and days that were named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .calendar import WorkingCalendar
from .history import Moment, read_history
from .limits import HOURLY, Event, Limit, day_of
from .suspensions import Span
from .terms import Term
from .vocabulary import Shape


@dataclass(frozen=True, slots=True)
class FlatClock:
    """`open_from` is the first day of a suspension without a known end: a last day on or after it is not known."""

    start: dt.date
    term: Term
    spans: tuple[Span, ...]
    rolls: bool
    open_from: dt.date | None


def flatten(
    limit: Limit, events: Sequence[Event], calendar: WorkingCalendar, as_of: Moment | None = None
) -> FlatClock | None:
    """Return a clock as one row; None where only the scalar form answers."""
    if limit.backwards or limit.shape is Shape.RECURRING:
        return None
    history = read_history(limit, events, calendar, as_of)
    piece = history.pieces[0] if len(history.pieces) == 1 else None
    if not isinstance(piece, Term) or piece.unit in HOURLY:
        return None
    return FlatClock(day_of(history.start), piece, tuple(history.gaps), limit.rolls, history.open_from)
