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
from yangguang.kernel.ledger.deadlines import Wanted
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
PRINTED = "来文载明"
TAKEN_OVER = "来文载明（补录：接管时已过期）"


def start_clocks(draft: Draft, duty: Duty, units: Sequence[int], *, today: date) -> None:
    """Start every clock that runs from dispatch on; receipt clocks start when the unit signs.

    A duty that is taken over while it runs has been received long ago: its units need not sign.
    """
    start_clocks_of([(draft, duty, units)], chain_of(draft), today=today)


def start_clocks_of(
    given: Sequence[tuple[Draft, Duty, Sequence[int]]], chain: Sequence[str], *, today: date
) -> None:
    """Start the clocks of many duties of one division at once."""
    started = deadlines.set_deadlines_of((d, _first_clocks(d, duty, us, chain, today)) for d, duty, us in given)
    reports: dict[tuple[str, tuple[date, ...]], list[Wanted]] = {}
    wanted = []
    for (draft, duty, units), clocks in zip(given, started, strict=True):
        if units:  # a duty given to a collective alone is reported by its parts
            ends = tuple(d.due_on for d in clocks if d.due_on and d.key.startswith(f"{BY}:"))
            if (duty.cycle, ends) not in reports:
                reports[duty.cycle, ends] = _reports(duty, today, ends, chain)
            wanted.append((draft, reports[duty.cycle, ends]))
    deadlines.set_deadlines_of(wanted)


def _first_clocks(
    draft: Draft, duty: Duty, units: Sequence[int], chain: Sequence[str], today: date
) -> list[Wanted]:
    wanted = list(filter(None, (printed_clock(draft, duty, item, today=today) for item in duty.printed_deadlines)))
    for unit in units:
        if duty.back_entered:
            wanted += _receipt_clocks(draft, duty, unit, draft.at)
        else:
            wanted.append(_rule_clock(draft, f"{SIGN}:{unit}", "duty.sign", "签收", chain, unit=unit))
    return wanted


def printed_clock(draft: Draft, duty: Duty, item: dict[str, Any], *, today: date) -> Wanted | None:
    """Return the clock of one printed deadline, None where it waits for a receipt or names no day."""
    if item["kind"] == "by" and item.get("date"):
        day = date.fromisoformat(item["date"])
        return Wanted(
            f"{BY}:{item['k']}", deadlines.fixed(day), draft.at, item["expr"][:200],
            cite=PRINTED if day >= today else TAKEN_OVER, soft=bool(item.get("soft")),
        )
    return _relative_clock(duty, item, None, draft.at) if item["kind"] == "relative" else None


def start_signing(draft: Draft, unit: int) -> None:
    """Start a unit's clock for signing; a unit that gets the duty again has a new one."""
    before = signings(draft, unit).count()
    start_rule_clock(draft, f"{SIGN}:{unit}" + (f":{before + 1}" if before else ""), "duty.sign", "签收", unit=unit)


def signings(draft: Draft, unit: int) -> QuerySet[Deadline]:
    """Return a unit's clocks for signing, the last first."""
    return Deadline.objects.filter(case=draft.case, unit=unit, key__startswith=f"{SIGN}:").order_by("-pk")


def start_rule_clock(draft: Draft, key: str, rule: str, label: str, *, unit: int | None = None) -> Deadline:
    """Start a clock whose term is a value of the rulebook."""
    (started,) = deadlines.set_deadlines(draft, [_rule_clock(draft, key, rule, label, chain_of(draft), unit=unit)])
    return started


def _rule_clock(
    draft: Draft, key: str, rule: str, label: str, chain: Sequence[str], *, unit: int | None = None
) -> Wanted:
    value = house_rulebook()(rule, on=beijing_day(draft.at), chain=chain)
    limit = Limit(parse_term(value.term), rolls=value.rolls in ("by_reference", "law_silent"))
    return Wanted(key, limit, draft.at, label, rule=value.key, cite=str(value.cite), unit=unit)


def _relative_clock(duty: Duty, item: dict[str, Any], unit: int | None, start: datetime | date) -> Wanted | None:
    """Return the clock of a term from issue (without a unit) or from a unit's receipt."""
    term = rules.relative_term(item["expr"])
    if term is None or (term.start == "receipt") != (unit is not None):
        return None
    notice = duty.notice
    if term.start in ("issue", "publication") and notice and notice.signed_on:
        start = notice.signed_on
    limit = Limit(Term(term.amount, Unit(term.unit)), rolls=term.unit in ("calendar_days", "months"))
    key = f"{RELATIVE}:{item['k']}" + (f":{unit}" if unit else "")
    return Wanted(key, limit, start, item["expr"][:200], cite=PRINTED, unit=unit, soft=bool(item.get("soft")))


def _receipt_clocks(draft: Draft, duty: Duty, unit: int, received: datetime) -> list[Wanted]:
    relative = (item for item in duty.printed_deadlines if item["kind"] == "relative")
    return list(filter(None, (_relative_clock(duty, item, unit, received) for item in relative)))


def start_receipt_clocks(draft: Draft, duty: Duty, unit: int, *, received: datetime) -> None:
    """Start the terms that the notice counts from a unit's own receipt, unless they run already."""
    have = set(Deadline.objects.filter(case=draft.case, unit=unit).values_list("key", flat=True))
    deadlines.set_deadlines(draft, [w for w in _receipt_clocks(draft, duty, unit, received) if w.key not in have])


def start_missing_receipt_clocks(draft: Draft, duty: Duty) -> None:
    """Start the terms from receipt that a correction added, for every unit that has signed."""
    for receipt in Receipt.objects.filter(duty=duty, signed_at__isnull=False):
        start_receipt_clocks(draft, duty, receipt.unit_id, received=receipt.signed_at)


def start_reports(draft: Draft, duty: Duty, today: date) -> int:
    """Lay out the report days that are not there yet, and return how many are new."""
    ends = deadlines.running(draft.case).filter(key__regex=f"^({BY}|{AGAIN}):", due_on__isnull=False)
    wanted = _reports(duty, today, list(ends.values_list("due_on", flat=True)), chain_of(draft))
    have = set(draft.case.deadlines.filter(key__startswith=f"{REPORT}:").values_list("key", flat=True))
    return len(deadlines.set_deadlines(draft, [want for want in wanted if want.key not in have]))


def _reports(duty: Duty, today: date, ends: Sequence[date], chain: Sequence[str]) -> list[Wanted]:
    """Return the report days up to the last deadline, or to the year's end; never more than a year ahead."""
    book = house_rulebook()
    cycle = Cycle(duty.cycle or book("duty.report.cycle", on=today, chain=chain).word)
    year_end = date(today.year, 12, 31)
    last = max(min(max(ends, default=year_end), year_end), today)
    cite = str(book("duty.report.due", on=today, chain=chain).cite)
    return [
        Wanted(
            f"{REPORT}:{period.key}", deadlines.fixed(period.due_on), period.first, f"{period.key} 进展报告",
            rule="duty.report.due", cite=cite,
        )
        for period in rules.periods(cycle, today, last, book, chain)
    ]


def stop_reports(draft: Draft, *, after: date, reason: str) -> None:
    """Stop the report days that begin after a day: the cycle has changed."""
    later = Deadline.objects.filter(case=draft.case, key__startswith=f"{REPORT}:", state="running", due_on__gt=after)
    for key in list(later.values_list("key", flat=True)):
        deadlines.stop_deadline(draft, key, reason=reason)


def clocks_of(draft: Draft, k: int) -> QuerySet[Deadline]:
    """Return the running clocks of one printed deadline: one, or one a unit where it counts from receipt."""
    kinds = "|".join((BY, RELATIVE))
    return deadlines.running(draft.case).filter(key__regex=f"^({kinds}):{k}(:|$)")


def has_clock(draft: Draft, k: int) -> bool:
    """Whether a printed deadline ever had a clock."""
    return Deadline.objects.filter(case=draft.case, key__regex=f"^({BY}|{RELATIVE}):{k}(:|$)").exists()


def keyed(printed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return printed deadlines with the number that names the clock of each."""
    return [{**item, "k": k} for k, item in enumerate(printed)]


def chain_of(draft: Draft) -> tuple[str, ...]:
    """Return the division chain whose overlays hold for the case being written."""
    return division_chain(draft.case.division.code)
