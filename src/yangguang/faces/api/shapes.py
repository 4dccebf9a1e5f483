"""From records to answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from yangguang.domains.directives.models import Duty, Notice
from yangguang.domains.directives.vocabulary import DutyState, Lamp, NoticeState, Role
from yangguang.kernel.clock.account import Skipped
from yangguang.kernel.clock.calendar import DayFact
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Deadline
from yangguang.kernel.ledger.queries import TrailLine
from yangguang.kernel.organisation.models import Division, Unit
from yangguang.kernel.rulebook import Value
from yangguang.platform.now import BEIJING
from yangguang.supervision.models import Card
from yangguang.supervision.vocabulary import CardState, Level

#: clocks of the house's own work, which the public page leaves out too
INTERNAL_CLOCKS = ("sign", "review")


def is_english() -> bool:
    """Whether the reader asked for English."""
    return (get_language() or "").startswith("en")


def coded(member: Any) -> dict[str, str]:
    """Return a labelled code with its word."""
    return {"code": str(member.value), "words": member.en if is_english() else member.zh}


def choice(code: str, words: object) -> dict[str, str]:
    """Return a stored code with its translated word."""
    return {"code": code, "words": str(words)}


def moment(at: datetime) -> str:
    """Return a moment in ISO form in Beijing time."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def notice(row: Notice) -> dict[str, Any]:
    """Return a notice; a list has counted the duties of all its notices at once."""
    counted = getattr(row, "duty_count", None)
    return {
        "number": row.case.number,
        "title": row.case.title,
        "document_number": row.document_number,
        "issuer": row.issuer,
        "signed_on": row.signed_on,
        "state": coded(NoticeState(row.case.state)),
        "opened_at": moment(row.case.opened_at),
        "duties": row.duties.filter(case__parent=None).count() if counted is None else counted,
        "public": row.case.public_from is not None,
        "back_entered": row.back_entered,
    }


def duty(row: Duty) -> dict[str, Any]:
    """Return a duty with the units that have a part in it."""
    case = row.case
    units: dict[str, list[dict[str, str]]] = {}
    for part in case.participations.all():
        units.setdefault(Role(part.role).value, []).append(unit_ref(part.unit))
    due = getattr(row, "next_due_on", None)
    return {
        "number": case.number,
        "notice": row.notice.case.number if row.notice else None,
        "position": row.position,
        "path": row.path,
        "title": case.title,
        "text": row.text,
        "units": units,
        "state": coded(DutyState(case.state)),
        "lamp": coded(Lamp(row.lamp)),
        "lamp_because": row.lamp_because,
        "percent": row.percent,
        "due_on": due,
        "last_report_on": row.last_report_on,
        "parent": case.parent.number if case.parent else None,
        "public": case.public_from is not None,
        "revision": case.revision,
    }


def unit_ref(row: Unit) -> dict[str, str]:
    """Return a unit as a reference."""
    return {"code": row.code, "name": row.name}


def event(line: TrailLine) -> dict[str, Any]:
    """Return a line of the trail."""
    english = is_english()
    return {
        "seq": line.seq,
        "name": line.name,
        "label": line.label_en if english else line.label,
        "sentence": line.sentence_en if english else line.sentence,
        "unit": line.unit,
        "occurred_at": moment(line.occurred_at),
        "recorded_at": moment(line.recorded_at),
        "hash": line.hash,
    }


def clock(row: Deadline) -> dict[str, Any]:
    """Return a deadline with its account, day by day."""
    account = deadlines.account(row)
    return {
        "key": row.key,
        "label": row.label,
        "unit": row.unit.code if row.unit else None,
        "state": row.state,
        "starts_on": row.starts_on,
        "due_on": row.due_on,
        "met_on": row.met_on,
        "provisional": row.provisional,
        "cite": row.cite,
        "calendar_version": row.calendar_version,
        "counted": list(account.counted),
        "skipped": [skipped(one) for one in account.skipped],
        "moved_from": [former.due_on for former in row.reckonings.all()],
    }


def skipped(one: Skipped) -> dict[str, Any]:
    """Return a day that was not counted."""
    return {
        "day": one.day,
        "why": one.why.value,
        "name": one.name,
        "source": one.source,
        "provisional": one.provisional,
    }


def special(fact: DayFact) -> dict[str, Any]:
    """Return a special day of a calendar."""
    return {
        "day": fact.day,
        "is_work": fact.is_work,
        "why": fact.why.value,
        "name": fact.name,
        "source": str(fact.source),
        "confidence": str(fact.source.confidence),
        "provisional": fact.provisional,
    }


def card(row: Card) -> dict[str, Any]:
    """Return a card; the units' own words are not given."""
    signal, case = row.signal, row.case
    return {
        "number": case.number,
        "level": coded(Level(signal.level)),
        "rule": signal.rule,
        "case": case.parent.number if case.parent else "",
        "unit": unit_ref(case.owner),
        "state": coded(CardState(case.state)),
        "raised_on": signal.raised_on,
        "because": signal.because_en if is_english() else signal.because,
        "answer_due_on": getattr(row, "answer_due_on", None),
    }


def rule_value(value: Value) -> dict[str, Any]:
    """Return a value of the rulebook."""
    return {
        "key": value.key,
        "words": value.en if is_english() and value.en else value.zh,
        "value": value.value,
        "unit": value.unit.value,
        "place": value.overlay,
        "valid_from": value.from_,
        "valid_to": value.to,
        "law": value.cite.law,
        "article": value.cite.article,
        "cite": str(value.cite),
        "confidence": value.cite.confidence.value,
    }


def division(row: Division) -> dict[str, Any]:
    """Return a division."""
    return {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "level": choice(row.level, row.get_level_display()),
        "parent": row.parent.code if row.parent else None,
        "branch": row.branch,
    }


def unit(row: Unit) -> dict[str, Any]:
    """Return a unit."""
    return {
        "code": row.code,
        "name": row.name,
        "division": row.division.code,
        "nature": choice(row.nature, row.get_nature_display()),
        "level": choice(row.level, row.get_level_display()),
        "superior": row.superior.code if row.superior else None,
        "counterpart": row.counterpart.code if row.counterpart else None,
        "merged_into": row.merged_into.code if row.merged_into else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }
