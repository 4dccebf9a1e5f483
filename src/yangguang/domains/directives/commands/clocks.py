"""The clocks of a duty: what the notice printed becomes deadlines of the ledger.

A duty has at once: signing per unit, the days the notice names, terms counted
from issue or from each unit's receipt, and a report for every period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from yangguang.domains.directives import rules
from yangguang.domains.directives.models import Duty, Receipt
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

BY, RELATIVE, REPORT, SIGN, AGAIN = "by", "relative", "report", "sign", "again"
REVIEW, NOMINATION = rules.OFFICE
#: the clocks that an accepted report may fulfil
FULFILLED = (BY, RELATIVE, AGAIN)
#: the clocks for which more time may be asked
EXTENDABLE = (*FULFILLED, REPORT)
TAKEN_OVER = "来文载明（补录：接管时已过期）"


def start_clocks(draft: Draft, duty: Duty, units: Sequence[int], *, today: date) -> None:
    """Start every clock that runs from dispatch on; receipt clocks start when the unit signs.

    A duty that is taken over while it runs has been received long ago: its units need not sign.
    """
    for unit in units:
        if duty.back_entered:
            start_receipt_clocks(draft, duty, unit, received=draft.at)
        else:
            start_signing(draft, unit)
    for item in duty.printed_deadlines:
        start_printed(draft, duty, item, today=today)
    if units:  # a duty given to a collective alone is reported by its parts
        start_reports(draft, duty, today)


def start_printed(draft: Draft, duty: Duty, item: dict[str, Any], *, today: date) -> None:
    """Start the clock of one printed deadline that does not wait for anybody's receipt."""
    if item["kind"] == "by" and item.get("date"):
        _start_by(draft, item, "来文载明" if date.fromisoformat(item["date"]) >= today else TAKEN_OVER)
    elif item["kind"] == "relative":
        _start_relative(draft, duty, item, None, draft.at)


def start_signing(draft: Draft, unit: int) -> None:
    """Start a unit's clock for signing; a unit that gets the duty again has a new one."""
    before = signings(draft, unit).count()
    start_rule_clock(draft, f"{SIGN}:{unit}" + (f":{before + 1}" if before else ""), "duty.sign", "签收", unit=unit)


def signings(draft: Draft, unit: int) -> QuerySet[Deadline]:
    """Return a unit's clocks for signing, the last first."""
    return Deadline.objects.filter(case=draft.case, unit=unit, key__startswith=f"{SIGN}:").order_by("-pk")


def start_rule_clock(draft: Draft, key: str, rule: str, label: str, *, unit: int | None = None) -> Deadline:
    """Start a clock whose term is a value of the rulebook."""
    value = house_rulebook()(rule, on=beijing_day(draft.at), chain=chain_of(draft))
    limit = Limit(parse_term(value.term), rolls=value.rolls in ("by_reference", "law_silent"))
    return deadlines.set_deadline(
        draft, key, limit, start=draft.at, label=label, rule=value.key, cite=str(value.cite), unit=unit
    )


def _start_by(draft: Draft, item: dict[str, Any], cite: str) -> None:
    limit = deadlines.fixed(date.fromisoformat(item["date"]))
    deadlines.set_deadline(
        draft, f"{BY}:{item['k']}", limit, start=draft.at, label=item["expr"][:200], cite=cite,
        soft=bool(item.get("soft")),
    )


def _start_relative(draft: Draft, duty: Duty, item: dict[str, Any], unit: int | None, start: datetime | date) -> None:
    term = rules.relative_term(item["expr"])
    if term is None or (term.start == "receipt") != (unit is not None):
        return
    key = f"{RELATIVE}:{item['k']}" + (f":{unit}" if unit else "")
    if Deadline.objects.filter(case=draft.case, key=key).exists():
        return
    notice = duty.notice
    if term.start in ("issue", "publication") and notice and notice.signed_on:
        start = notice.signed_on
    limit = Limit(Term(term.amount, Unit(term.unit)), rolls=term.unit in ("calendar_days", "months"))
    deadlines.set_deadline(
        draft,
        key,
        limit,
        start=start,
        label=item["expr"][:200],
        cite="来文载明",
        unit=unit,
        soft=bool(item.get("soft")),
    )


def start_receipt_clocks(draft: Draft, duty: Duty, unit: int, *, received: datetime) -> None:
    """Start the terms that the notice counts from a unit's own receipt."""
    for item in duty.printed_deadlines:
        if item["kind"] == "relative":
            _start_relative(draft, duty, item, unit, received)


def start_missing_receipt_clocks(draft: Draft, duty: Duty) -> None:
    """Start the terms from receipt that a correction added, for every unit that has signed."""
    for receipt in Receipt.objects.filter(duty=duty, signed_at__isnull=False):
        start_receipt_clocks(draft, duty, receipt.unit_id, received=receipt.signed_at)


def start_reports(draft: Draft, duty: Duty, today: date) -> int:
    """Lay out the report days up to the last deadline, or to the year's end, and return how many are new."""
    book, chain = house_rulebook(), chain_of(draft)
    cycle = Cycle(duty.cycle or book("duty.report.cycle", on=today, chain=chain).word)
    year_end = date(today.year, 12, 31)
    ends = deadlines.running(draft.case).filter(key__regex=f"^({BY}|{AGAIN}):", due_on__isnull=False)
    last = min(max(ends.values_list("due_on", flat=True), default=year_end), year_end)
    cite = str(book("duty.report.due", on=today, chain=chain).cite)
    new = 0
    for period in rules.periods(cycle, today, max(last, today), book, chain):
        key = f"{REPORT}:{period.key}"
        if not Deadline.objects.filter(case=draft.case, key=key).exists():
            deadlines.set_deadline(
                draft, key, deadlines.fixed(period.due_on), start=period.first,
                label=f"{period.key} 进展报告", rule="duty.report.due", cite=cite,
            )
            new += 1
    return new


def stop_reports(draft: Draft, *, after: date, reason: str) -> None:
    """Stop the report days that begin after a day: the cycle has changed."""
    later = Deadline.objects.filter(case=draft.case, key__startswith=f"{REPORT}:", state="running", due_on__gt=after)
    for key in list(later.values_list("key", flat=True)):
        deadlines.stop_deadline(draft, key, reason=reason)


def keyed(printed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return printed deadlines with the number that names the clock of each."""
    return [{**item, "k": k} for k, item in enumerate(printed)]


def chain_of(draft: Draft) -> tuple[str, ...]:
    """Return the division chain whose overlays hold for the case being written."""
    return division_chain(draft.case.division.code)
