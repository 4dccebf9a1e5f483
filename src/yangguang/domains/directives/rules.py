"""Pure decisions about duties: cycles, relative terms, plans, lights, extensions, counting.

Values in, finding and its citation out. No database, no clock on the wall.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from yangguang.domains.directives.vocabulary import (
    FINAL_STATES,
    Cycle,
    DutyState,
    Lamp,
    Light,
    RelativeTerm,
    ReportPeriod,
)
from yangguang.kernel.rulebook import Rulebook

_MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}

#: what a recurring expression must hold to mean a cycle, narrowest first
_CYCLES: tuple[tuple[Cycle, re.Pattern[str]], ...] = (
    (Cycle.MONTHLY, re.compile(r"每个?月|按月|逐月|月报|月通报|月调度|monthly")),
    (Cycle.QUARTERLY, re.compile(r"每个?季度?|按季|逐季|季报|季度通报|季通报|quarterly")),
    (Cycle.HALF_YEARLY, re.compile(r"每半年|半年一|半年报|每年\s*(?:两|二|2)\s*次|half")),
    (Cycle.YEARLY, re.compile(r"每年|年度报告|逐年|按年|yearly")),
)

_NUMERALS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_AMOUNT = re.compile(
    r"(\d+|[〇零一二两兩三四五六七八九十百]+)\s*(個|个)?\s*(工作日|工作天|自然日|日|天|周|月|小时|小時)"
)
_UNITS = {"工作日": "working_days", "工作天": "working_days", "小时": "hours", "小時": "hours"}
_STARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("receipt", re.compile(r"收到|接到|签收|簽收|收文")),
    ("publication", re.compile(r"公布|发布|發布|公开|公開")),
    ("issue", re.compile(r"印发|印發|下发|下發|文发|交办|交辦|本通知|本方案|之日起|通知")),
)


class Calendar(Protocol):
    """What the rules need of a working calendar."""

    def between(self, start: date, end: date) -> int:
        """Return the working days after ``start`` up to and including ``end``."""


def cycle_of(expressions: Iterable[str]) -> Cycle | None:
    """Return the shortest report cycle (报告周期) that recurring expressions name, or None."""
    texts = list(expressions)
    return next((cycle for cycle, pattern in _CYCLES if any(pattern.search(text) for text in texts)), None)


def relative_term(expression: str) -> RelativeTerm | None:
    """Return what a relative deadline is counted in and from, or None where the words do not say.

    >>> relative_term("收到本通知后5个工作日内")
    RelativeTerm(amount=5, unit='working_days', start='receipt')
    """
    found = _AMOUNT.search(expression)
    start = next((name for name, pattern in _STARTS if pattern.search(expression)), None)
    if found is None or start is None:
        return None
    amount, measure = _number(found[1]), found[3]
    if measure == "周":
        return RelativeTerm(amount * 7, "calendar_days", start)
    unit = "months" if measure == "月" else _UNITS.get(measure, "calendar_days")
    return RelativeTerm(amount, unit, start)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _NUMERALS[char]
    return total + digit


def periods(cycle: Cycle, start: date, end: date, book: Rulebook, chain: Sequence[str] = ()) -> list[ReportPeriod]:
    """Return the report periods that begin between two days, with the day each report falls due.

    The due day is the day of the following month that the rulebook names under
    ``duty.report.due``; a period that was under way at the start counts.
    """
    found = []
    first = _first_of_period(cycle, start)
    while first <= end:
        following = _add_months(first, _MONTHS[cycle])
        due_day = book("duty.report.due", on=first, chain=chain).table[cycle.value]
        due = following.replace(day=min(due_day, months.monthrange(following.year, following.month)[1]))
        found.append(ReportPeriod(_period_key(cycle, first), first, following - timedelta(days=1), due))
        first = following
    return found


def _first_of_period(cycle: Cycle, day: date) -> date:
    span = _MONTHS[cycle]
    return date(day.year, (day.month - 1) // span * span + 1, 1)


def _add_months(first: date, count: int) -> date:
    index = first.year * 12 + first.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def _period_key(cycle: Cycle, first: date) -> str:
    names = {
        Cycle.MONTHLY: f"{first.year}-{first.month:02d}",
        Cycle.QUARTERLY: f"{first.year}Q{(first.month + 2) // 3}",
        Cycle.HALF_YEARLY: f"{first.year}H{1 if first.month == 1 else 2}",
        Cycle.YEARLY: str(first.year),
    }
    return names[cycle]


def planned_percent(start: date, end: date, today: date, plan: Mapping[str, int]) -> int:
    """Return how far the work should be on a day (序时进度), in whole percent.

    A plan of the duty's own gives the share reached by each month's end; the
    last month that has ended decides. Without one, time elapsed decides: days
    since the start over the whole span.
    """
    if today >= end:
        return 100
    if plan:
        ended = [month for month in plan if today >= _month_end(month)]
        return plan[max(ended)] if ended else 0
    if today <= start:
        return 0
    return (today - start).days * 100 // max((end - start).days, 1)


def _month_end(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, months.monthrange(year, number)[1])


#: kinds of the clocks that run against the supervision office, not against the handling unit
OFFICE = ("review", "nomination")


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A running clock as the light sees it."""

    label: str
    due_on: date
    provisional: bool
    soft: bool
    kind: str


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What the light of a duty is computed from."""

    state: DutyState
    start: date | None
    percent: int
    plan: Mapping[str, int]
    clocks: Sequence[ClockFacts]


def light(facts: DutyFacts, *, today: date, book: Rulebook, calendar: Calendar, chain: Sequence[str] = ()) -> Light:
    """Return the light of a duty with its reason, rule and citation.

    Order: struck off, done, suspended; then overdue (a deadline passed, or a
    report later than the rule allows), behind (a report late, or progress
    behind the plan), else normal. A provisional day never lights red, nor does the
    supervision office's own delay with a review.
    """
    closed = _closed_light(facts.state)
    if closed:
        return closed
    return (
        _overdue(facts, today, book, calendar, chain)
        or _behind(facts, today, book, calendar, chain)
        or Light(
            Lamp.NORMAL, "各项期限均未到期，进度不低于计划。", "No deadline has passed; progress is on plan.", "", ""
        )
    )


def _closed_light(state: DutyState) -> Light | None:
    if state is DutyState.STRUCK_OFF:
        return Light(Lamp.STRUCK_OFF, "经核查销号。", "Verified and struck off.", "duty.verify.separate", "")
    if state in FINAL_STATES or state is DutyState.COMPLETED:
        return Light(Lamp.DONE, f"事项{state.zh}。", f"The duty is {state.en.lower()}.", "", "")
    if state is DutyState.SUSPENDED:
        return Light(Lamp.SUSPENDED, "事项中止，时钟停走。", "Suspended; its clocks stand still.", "", "")
    return None


def _overdue(
    facts: DutyFacts, today: date, book: Rulebook, calendar: Calendar, chain: Sequence[str]
) -> Light | None:
    limit = book("duty.light.report_late", on=today, chain=chain)
    for clock in sorted(facts.clocks, key=lambda c: c.due_on):
        if today <= clock.due_on or clock.provisional or clock.soft or clock.kind in OFFICE:
            continue
        late = calendar.between(clock.due_on, today)
        if clock.kind != "report":
            return Light(
                Lamp.OVERDUE,
                f"“{clock.label}”于 {clock.due_on} 到期，已过 {late} 个工作日。",
                f"“{clock.label}” fell due on {clock.due_on}; {late} working days have passed.",
                "",
                "",
            )
        if late > limit.number:
            return Light(
                Lamp.OVERDUE,
                f"“{clock.label}”应于 {clock.due_on} 报送，逾期 {late} 个工作日，超过 {limit.number} 个工作日。",
                f"“{clock.label}” was due on {clock.due_on}; {late} working days late, more than {limit.number}.",
                limit.key,
                str(limit.cite),
            )
    return None


def _behind(
    facts: DutyFacts, today: date, book: Rulebook, calendar: Calendar, chain: Sequence[str]
) -> Light | None:
    for clock in facts.clocks:
        if today > clock.due_on and not clock.provisional and clock.kind not in OFFICE:
            late = calendar.between(clock.due_on, today)
            return Light(
                Lamp.BEHIND,
                f"“{clock.label}”应于 {clock.due_on} 完成，已过 {late} 个工作日。",
                f"“{clock.label}” was due on {clock.due_on}, {late} working days ago.",
                "duty.light.report_late",
                str(book("duty.light.report_late", on=today, chain=chain).cite),
            )
    ends = [clock.due_on for clock in facts.clocks if clock.kind == "by"]
    if not ends or facts.start is None or facts.state is not DutyState.IN_PROGRESS:
        return None
    planned = planned_percent(facts.start, max(ends), today, facts.plan)
    margin = book("duty.light.behind", on=today, chain=chain)
    if planned - facts.percent > margin.number:
        return Light(
            Lamp.BEHIND,
            f"计划进度 {planned}%（{facts.start} 至 {max(ends)}，今日 {today}），已报进度 {facts.percent}%，"
            f"落后 {planned - facts.percent} 个百分点。",
            f"Planned {planned}% ({facts.start} to {max(ends)}, today {today}), reported {facts.percent}%: "
            f"{planned - facts.percent} points behind.",
            margin.key,
            str(margin.cite),
        )
    return None


def roll_up(states: Sequence[DutyState]) -> tuple[int, int]:
    """Return how many parts of a collective duty are done, of how many that still count.

    Parts merged away or cancelled do not count, nor one carried over, in whose place
    its successor counts; percentages are never averaged.
    """
    counted = [s for s in states if s not in (DutyState.MERGED, DutyState.CANCELLED, DutyState.CARRIED_OVER)]
    return sum(s in (DutyState.STRUCK_OFF, DutyState.COMPLETED) for s in counted), len(counted)
