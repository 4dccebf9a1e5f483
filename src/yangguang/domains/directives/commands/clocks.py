"""The clocks of a duty: what the notice printed becomes deadlines of the ledger.

A duty has at once: signing per unit, the days the notice names, terms counted
from issue or from each unit's receipt, and a report for every period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from yangguang.domains.directives import rules
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.vocabulary import Cycle
from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import Term, parse_term
from yangguang.kernel.clock.vocabulary import Unit
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.writing import Draft
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day

BY, RELATIVE, REPORT, SIGN, REVIEW = "by", "relative", "report", "sign", "review"


def start_clocks(draft: Draft, duty: Duty, printed: Sequence[dict[str, Any]], units: Sequence[int]) -> None:
    """Start every clock that runs from dispatch on; receipt clocks start when the unit signs."""
    for unit in units:
        start_rule_clock(draft, f"{SIGN}:{unit}", "duty.sign", "签收", unit=unit)
    for k, item in enumerate(printed):
        if item["kind"] == "by" and item.get("date"):
            _start_by(draft, k, item)
        elif item["kind"] == "relative":
            _start_relative(draft, duty, k, item, None)
    if units:  # a duty given to a collective alone is reported by its parts
        start_reports(draft, duty)


def start_rule_clock(draft: Draft, key: str, rule: str, label: str, *, unit: int | None = None) -> Deadline:
    """Start a clock whose term is a value of the rulebook."""
    value = house_rulebook()(rule, on=beijing_day(draft.at), chain=chain_of(draft))
    limit = Limit(parse_term(value.term), rolls=value.rolls in ("by_reference", "law_silent"))
    return deadlines.set_deadline(
        draft, key, limit, start=draft.at, label=label, rule=value.key, cite=str(value.cite), unit=unit
    )


def _start_by(draft: Draft, k: int, item: dict[str, Any]) -> None:
    due = date.fromisoformat(item["date"])
    limit = deadlines.fixed(due)
    deadlines.set_deadline(
        draft, f"{BY}:{k}", limit, start=draft.at, label=item["expr"], cite="来文载明", soft=bool(item.get("soft"))
    )


def _start_relative(draft: Draft, duty: Duty, k: int, item: dict[str, Any], unit: int | None) -> None:
    term = rules.relative_term(item["expr"])
    if term is None or (term.start == "receipt") != (unit is not None):
        return
    notice = duty.notice
    start: datetime | date = draft.at
    if term.start in ("issue", "publication") and notice and notice.signed_on:
        start = notice.signed_on
    limit = Limit(Term(term.amount, Unit(term.unit)), rolls=term.unit in ("calendar_days", "months"))
    deadlines.set_deadline(
        draft,
        f"{RELATIVE}:{k}" + (f":{unit}" if unit else ""),
        limit,
        start=start,
        label=item["expr"],
        cite="来文载明",
        unit=unit,
        soft=bool(item.get("soft")),
    )


def start_receipt_clocks(draft: Draft, duty: Duty, unit: int) -> None:
    """Start the terms that the notice counts from a unit's own receipt."""
    for k, item in enumerate(printed_deadlines(duty)):
        if item["kind"] == "relative":
            _start_relative(draft, duty, k, item, unit)


def start_reports(draft: Draft, duty: Duty) -> None:
    """Lay out the report days up to the last deadline, or to the year's end; never more than a year ahead."""
    today = beijing_day(draft.at)
    book, chain = house_rulebook(), chain_of(draft)
    cycle = Cycle(duty.cycle or book("duty.report.cycle", on=today, chain=chain).word)
    year_end = date(today.year, 12, 31)
    ends = Deadline.objects.filter(case=draft.case, key__startswith=f"{BY}:").values_list("due_on", flat=True)
    last = min(max([*(e for e in ends if e), today], default=year_end), year_end) if ends else year_end
    cite = str(book("duty.report.due", on=today, chain=chain).cite)
    for period in rules.periods(cycle, today, max(last, today), book, chain):
        key = f"{REPORT}:{period.key}"
        if not Deadline.objects.filter(case=draft.case, key=key).exists():
            deadlines.set_deadline(
                draft, key, deadlines.fixed(period.due_on), start=period.first,
                label=f"{period.key} 进展报告", rule="duty.report.due", cite=cite,
            )


def printed_deadlines(duty: Duty) -> list[dict[str, Any]]:
    """Return the deadlines as confirmed for the duty's row."""
    row = duty.notice.proposals.filter(position=duty.position).first() if duty.notice else None
    return list(row.deadlines) if row else []


def chain_of(draft: Draft) -> tuple[str, ...]:
    """Return the division chain whose overlays hold for the case being written."""
    return division_chain(draft.case.division.code)
