"""A limit as the law sets it, and the events of one clock that runs under it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from .terms import Term
from .vocabulary import ClockError, EventKind, Shape, SuspensionRule, Unit

HOURLY = frozenset({Unit.HOURS, Unit.WORKING_HOURS})
_ANCHOR = re.compile(r"(?:(?:(\d{4})-)?(\d{2})-)?(\d{2})")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of time. Its numbers come from the rulebook, with their citation; none are written in code.

    - `term`: its length; None for FIXED and for RECURRING on named days.
    - `on`: for FIXED and RECURRING the days by which to act: `2026-12-31`, every year `12-31`, every month `05`
      (a day the month does not have means its last day). The list holds quarters as four `MM-DD`.
    - `opens_after`: for WINDOW the part of the term, in its unit, that must pass before the window opens.
    - `rolls`: a last day on a closed day moves to the next working day. Say so only where the law does
      (民法典 第二百零三条; 行政复议法 第八十八条 and 行政诉讼法 第一百零一条 through the civil procedure law).
      Counted backwards it moves *earlier*, never later.
    - `backwards`: counted back from the event; `clear` (the default): the act must be done before the first
      counted day, so that the full term lies between; otherwise on the first counted day at the latest.
    - `suspension`: which days a suspension covers, by the limit's own law.
    - `cite`: law and article.
    """

    term: Term | None = None
    shape: Shape = Shape.MAX
    rolls: bool = False
    backwards: bool = False
    clear: bool = True
    opens_after: int = 0
    on: tuple[str, ...] = ()
    suspension: SuspensionRule = SuspensionRule.AFTER_START_THROUGH_END
    cite: str = ""

    def __post_init__(self) -> None:
        for wrong, says in self._contradictions():
            if wrong:
                raise ClockError("bad_limit", says)
        for anchor in self.on:
            if not _ANCHOR.fullmatch(anchor):
                raise ClockError("bad_limit", "看不懂期限日“{anchor}”。", anchor=anchor)

    def _contradictions(self) -> tuple[tuple[bool, str], ...]:
        hourly = self.term is not None and self.term.unit in HOURLY
        continuous = self.term is not None and self.term.unit is Unit.HOURS
        named = self.shape in (Shape.FIXED, Shape.RECURRING)
        delayed = self.opens_after > 0
        return (
            (self.term is None and not self.on, "期限须有长度或者期限日。"),
            (bool(self.on) and not named, "只有固定期限和定期期限可以指定期限日。"),
            (self.term is not None and bool(self.on), "期限的长度与期限日只能有一个。"),
            (self.shape is Shape.FIXED and not self.on, "固定期限须指定期限日。"),
            (self.shape is Shape.MIN and self.rolls and not self.backwards, "最短期限的最后一日不顺延。"),
            (continuous and self.rolls, "以小时计算的期限连续计算，不顺延。"),
            (self.backwards and (hourly or named), "倒算的期限须以日、月、年计算。"),
            (delayed and (self.shape is not Shape.WINDOW or hourly), "只有以日、月、年计算的期间可以有起算间隔。"),
            (self.term is not None and not 0 <= self.opens_after < self.term.amount, "期间的起点须早于终点。"),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a clock, on a day (or, for limits in hours, at a moment).

    - EXTEND and SHORTEN carry a `term`, or `until`, the new last day.
    - SUSPEND may carry a `term`: it then ends by itself when that many days are used up.
    - RESUME ends the suspensions of the same `ground`, all of them where it names none.
    - RESTART begins anew: what was counted, suspended and extended before is void.
    """

    kind: EventKind
    on: dt.date | dt.datetime
    term: Term | None = None
    until: dt.date | None = None
    ground: str = ""
    cite: str = ""

    def __post_init__(self) -> None:
        if self.kind in (EventKind.EXTEND, EventKind.SHORTEN) and (self.term is None) == (self.until is None):
            raise ClockError("bad_event", "延长或者缩短须写明期限或者新的最后一日，二者取一。")

    @property
    def day(self) -> dt.date:
        """The day of the event."""
        return day_of(self.on)


def day_of(moment: dt.date | dt.datetime) -> dt.date:
    """Return the day of a day or a moment."""
    return moment.date() if isinstance(moment, dt.datetime) else moment
