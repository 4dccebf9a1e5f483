"""The words of the clock: units, shapes, events, states, reasons and the errors."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

#: All of mainland China keeps one time, without summer time since 1992.
BEIJING = dt.timezone(dt.timedelta(hours=8), "CST")


class Unit(StrEnum):
    """In what a limit is counted. The unit belongs to each limit, never to the number (see README)."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    #: continuous, through nights and holidays (民法典 第二百零一条第二款)
    HOURS = "hours"
    #: only while the offices of the jurisdiction are open
    WORKING_HOURS = "working_hours"


class Shape(StrEnum):
    """What a limit demands."""

    #: act not later than the last day
    MAX = "max"
    #: something must run at least so long (a notice, a comment period)
    MIN = "min"
    #: act only inside the span
    WINDOW = "window"
    #: act once in every span, or on every named day of the year or month
    RECURRING = "recurring"
    #: act by a named day
    FIXED = "fixed"


class SuspensionRule(StrEnum):
    """Which days a suspension covers that began to run on day A and ended on day B, by the limit's own law."""

    #: A itself still counts, B does not: the convention of 民法典 第二百零一条 applied to both ends
    AFTER_START_THROUGH_END = "after_start_through_end"
    #: A does not count, B counts again
    FROM_START_BEFORE_END = "from_start_before_end"
    #: neither A nor B counts (time needed to ask others: 政府信息公开条例 第三十三条第三款)
    FROM_START_THROUGH_END = "from_start_through_end"
    #: both A and B count
    BETWEEN = "between"


class EventKind(StrEnum):
    """What can happen to a clock."""

    START = "start"
    RESTART = "restart"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    SHORTEN = "shorten"
    STOP = "stop"


class State(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class Measure(StrEnum):
    """In what `used`, `total` and `remaining` of a reckoning are given."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MINUTES = "minutes"


class Why(StrEnum):
    """Why a day is worked or not, or why it was not counted."""

    WORKDAY = "workday"
    #: a weekend day worked by notice (调休上班)
    MADE_UP_WORKDAY = "made_up_workday"
    WEEKEND = "weekend"
    #: a day off by the decree itself (法定节假日)
    STATUTORY_HOLIDAY = "statutory_holiday"
    #: a weekday off because a statutory day fell on a weekend (补假), computed where no notice exists yet
    IN_LIEU = "in_lieu"
    #: a weekday off by notice (放假调休)
    HOLIDAY_SWAP = "holiday_swap"
    #: a holiday lengthened while it was running
    EXTENDED_HOLIDAY = "extended_holiday"
    #: a single commemoration day
    SPECIAL_HOLIDAY = "special_holiday"
    #: a festival of a nationality, fixed by the local government (放假办法 第四条)
    LOCAL_FESTIVAL = "local_festival"
    #: the clock was suspended
    PAUSED = "paused"


#: Chinese names of the reasons, for explanations read by people.
WHY_ZH: dict[Why, str] = {
    Why.WORKDAY: "工作日",
    Why.MADE_UP_WORKDAY: "调休上班",
    Why.WEEKEND: "周末",
    Why.STATUTORY_HOLIDAY: "法定节假日",
    Why.IN_LIEU: "补假",
    Why.HOLIDAY_SWAP: "放假调休",
    Why.EXTENDED_HOLIDAY: "延长假期",
    Why.SPECIAL_HOLIDAY: "纪念日放假",
    Why.LOCAL_FESTIVAL: "民族节日",
    Why.PAUSED: "中止，不计入",
}


class ClockError(ValueError):
    """A question the clock cannot answer.

    `code` is stable and for programs; `says` is the sentence for people (Chinese, a gettext message id) with
    `values` to fill in; `cite` is the law that stands against it; `remedy` the next step.
    """

    def __init__(self, code: str, says: str, /, *, cite: str = "", remedy: str = "", **values: object) -> None:
        super().__init__(says.format(**values))
        self.code = code
        self.says = says
        self.values = values
        self.cite = cite
        self.remedy = remedy
