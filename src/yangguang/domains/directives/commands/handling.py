"""What units do with a duty: sign, object, contribute, report, ask for more time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.db.models import QuerySet

from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.guards import advance
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, Extension, Objection, Receipt, Report
from yangguang.domains.directives.vocabulary import (
    ContributionGiven,
    DutyState,
    ExtensionAsked,
    ExtensionsUsedUp,
    ExtensionTooLate,
    ExtensionTooLong,
    ObjectionRaised,
    ObjectionTooLate,
    ProgressReported,
    ReceiptSigned,
    Role,
    WrongState,
)
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.documents.commands import store
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, Deadline, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, NotAllowed
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file handed in as evidence."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Progress:
    """A unit's words on its progress, as typed on the form."""

    text: str
    percent: int = 0
    problems: str = ""
    next_steps: str = ""
    figures: Mapping[int, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    merges: Sequence[int] = ()
    explanation: str = ""
    final: bool = False

    def checked(self) -> Progress:
        """Return it, or raise ``Malformed`` with a sentence for each field in error."""
        errors = {}
        if not self.text.strip():
            errors["text"] = "请写明进展情况。"
        if not 0 <= self.percent <= 100:
            errors["percent"] = "进度请填 0 到 100。"
        for target, figure in self.figures.items():
            if figure and _decimal(figure) is None:
                errors[f"figure-{target}"] = "请填数字。"
        if self.final and self.percent != 100:
            errors["percent"] = "申请办结时进度应为 100。"
        if errors:
            raise Malformed(errors=errors)
        return self


def sign_receipt(duty: Duty, *, by: Actor, at: datetime) -> None:
    """Sign for a duty (签收): the signing clock is met, clocks counted from receipt start."""
    unit = _own_unit(duty, by, at, "directives.handle")
    with writing(duty.case, by=by, at=at) as draft:
        receipt = Receipt.objects.select_for_update().filter(duty=duty, unit=unit).first()
        if receipt is None or receipt.signed_at:
            raise WrongState(state="已签收" if receipt else DutyState(draft.case.state))
        if not may_sign(draft.case, unit.pk):
            raise WrongState(state=DutyState(draft.case.state))
        receipt.signed_at = at
        receipt.save(update_fields=["signed_at"])
        draft.record(ReceiptSigned(unit=unit.pk, unit_name=unit.name))
        for clock in clocks.signings(draft, unit.pk):
            deadlines.meet_deadline(draft, clock.key)
        clocks.start_receipt_clocks(draft, duty, unit.pk, received=at)
        if unit.pk == draft.case.owner_id and draft.case.state == DutyState.DISPATCHED:
            advance(draft, "sign_receipt", outcome="signed")


def may_sign(case: Case, unit: int) -> bool:
    """Whether a unit may sign now: never a closed or suspended duty, nor the owner while its objection is open."""
    stopped = (DutyState.SUSPENDED, DutyState.RETURNED) if unit == case.owner_id else (DutyState.SUSPENDED,)
    return case.closed_at is None and case.state not in stopped


def raise_objection(duty: Duty, *, reason: str, basis: str, by: Actor, at: datetime) -> Objection:
    """Dispute the assignment (异议) with reason and basis, inside the rule's days; the unit's head signs it."""
    unit = _own_unit(duty, by, at, "directives.object")
    day = beijing_day(at)
    errors = {k: "必填。" for k, v in {"reason": reason, "basis": basis}.items() if not v.strip()}
    if errors:
        raise Malformed(errors=errors)
    with writing(duty.case, by=by, at=at) as draft:
        if unit.pk != draft.case.owner_id:
            raise NotAllowed("只有承办（牵头）单位可以退回交办。", remedy="协办单位对分工有异议的，请向牵头单位提出。")
        value = house_rulebook()("duty.objection", on=day, chain=clocks.chain_of(draft))
        given = clocks.signings(draft, unit.pk).values_list("starts_on", flat=True).first() or day
        last = deadlines.calendar_of(draft.case).after(given, parse_term(value.term).amount)
        if day > last:
            raise ObjectionTooLate(cite=str(value.cite), due_on=last)
        objection = Objection.objects.create(duty=duty, unit=unit, reason=reason, basis=basis, raised_at=at)
        draft.record(ObjectionRaised(unit=unit.pk, unit_name=unit.name, reason=reason, basis=basis))
        for clock in clocks.signings(draft, unit.pk):  # the step is "sign or object": its clock is met by either
            deadlines.meet_deadline(draft, clock.key)
        advance(draft, "raise_objection", outcome="objected")
        tell_units(draft, _supervisors(draft.case), subject="交办异议", body=reason)
    return objection


def give_contribution(duty: Duty, progress: Progress, *, by: Actor, at: datetime) -> Report:
    """Give a supporting unit's part to the lead (协办报送), kept unedited."""
    unit = _own_unit(duty, by, at, "directives.handle")
    progress = progress.checked()
    with writing(duty.case, by=by, at=at) as draft:
        _running(draft.case)
        if unit.pk == draft.case.owner_id:
            raise NotAllowed("牵头单位不向自己报送。", remedy="请在“反馈进展”里汇总后报送督查机构。")
        report = _report(duty, unit, "contribution", progress, by, at)
        draft.record(
            ContributionGiven(report=report.pk, unit=unit.pk, unit_name=unit.name, sha256=_fingerprint(progress))
        )
        tell_units(draft, [draft.case.owner_id], subject="协办单位报送", body=unit.name)
    return report


def report_progress(duty: Duty, progress: Progress, *, by: Actor, at: datetime, revision: int | None = None) -> Report:
    """Report to the supervision office (反馈); supporting units that gave nothing in the period are named."""
    unit = _own_unit(duty, by, at, "directives.handle")
    progress = progress.checked()
    with writing(duty.case, by=by, at=at, revision=revision) as draft:
        if unit.pk != draft.case.owner_id:
            raise NotAllowed("由牵头单位汇总反馈。", remedy="协办单位请在本页“协办报送”里报送给牵头单位。")
        if draft.case.state != DutyState.IN_PROGRESS:
            raise WrongState(state=DutyState(draft.case.state))
        merged = _merged(duty, progress.merges)
        lowered = _lowered(duty, progress)
        report = _report(duty, unit, "report", progress, by, at)
        period = _period(draft.case, beijing_day(at))
        report.period, report.notes, report.explanation = period, lowered, progress.explanation.strip()
        report.save(update_fields=["period", "notes", "explanation"])
        report.merges.set(merged)
        duty.percent, duty.last_report_on = progress.percent, beijing_day(at)
        duty.save(update_fields=["percent", "last_report_on"])
        _count(duty, progress, at)
        draft.record(
            ProgressReported(
                report=report.pk, unit=unit.pk, unit_name=unit.name, percent=progress.percent, final=progress.final,
                period=period, sha256=_fingerprint(progress), missing=tuple(silent_units(duty)), merges=tuple(merged),
                lowered=len(lowered),
            )
        )
        if period:
            deadlines.meet_deadline(draft, f"{clocks.REPORT}:{period}")
        advance(draft, "report_progress")
        clocks.start_rule_clock(draft, f"{clocks.REVIEW}:{report.pk}", "duty.review", "审核反馈")
        tell_units(draft, _supervisors(draft.case), subject="进展反馈", body=draft.case.title)
    return report


def ask_extension(
    duty: Duty, deadline: Deadline, *, proposed_on: date, reason: str, by: Actor, at: datetime
) -> Extension:
    """Ask for more time (申请延期) before the day has passed, as often and as long as the rule allows."""
    unit = _own_unit(duty, by, at, "directives.handle")
    day = beijing_day(at)
    if not reason.strip():
        raise Malformed("请写明延期理由。", errors={"reason": "请写明延期理由。"})
    with writing(duty.case, by=by, at=at) as draft:
        _running(draft.case)
        deadline = _own_clock(draft.case, deadline, unit)
        if proposed_on <= (deadline.due_on or day):
            raise Malformed(errors={"proposed_on": "新的日期应晚于原期限。"})
        _check_extension(draft, duty, deadline, proposed_on, day)
        extension = Extension.objects.create(
            duty=duty, deadline=deadline, unit=unit, reason=reason.strip(), due_on=deadline.due_on,
            proposed_on=proposed_on, asked_at=at,
        )
        draft.record(
            ExtensionAsked(
                extension=extension.pk, unit=unit.pk, unit_name=unit.name, label=deadline.label,
                due_on=deadline.due_on, proposed_on=proposed_on, reason=reason.strip(),
            )
        )
        tell_units(draft, _supervisors(draft.case), subject="延期申请", body=reason)
    return extension


def _own_clock(case: Case, deadline: Deadline, unit: Unit) -> Deadline:
    fresh = Deadline.objects.filter(pk=deadline.pk, case=case, state="running").first()
    if fresh is None or fresh.key.split(":")[0] not in clocks.EXTENDABLE:
        raise Malformed(errors={"deadline": "这个期限不能申请延期。"})
    if unit.pk != (fresh.unit_id or case.owner_id):
        raise NotAllowed("只有这个期限的责任单位可以申请延期。", remedy="协办单位需要调整时间的，请向牵头单位提出。")
    return fresh


def _check_extension(draft: Draft, duty: Duty, deadline: Deadline, proposed_on: date, day: date) -> None:
    book, chain = house_rulebook(), clocks.chain_of(draft)
    before = book("duty.extension.before_expiry", on=day, chain=chain)
    if before.yes and deadline.due_on and day > deadline.due_on:
        raise ExtensionTooLate(cite=str(before.cite), due_on=deadline.due_on)
    times = book("duty.extension.times", on=day, chain=chain)
    asked = duty.extensions.filter(deadline=deadline).exclude(state="refused").count()
    if asked >= times.number:
        raise ExtensionsUsedUp(cite=str(times.cite), times=asked)
    length = book("duty.extension.length", on=day, chain=chain)
    latest = deadlines.latest_extension(deadline, parse_term(length.term))
    if proposed_on > latest:
        raise ExtensionTooLong(cite=str(length.cite), proposed_on=proposed_on, latest_on=latest)


def _own_unit(duty: Duty, by: Actor, at: datetime, capability: str) -> Unit:
    require(by, capability, on=beijing_day(at), unit=by.unit, kind="duty")
    parts = Participation.objects.filter(case=duty.case, unit_id=by.unit).exclude(role=Role.SUPERVISING)
    if not parts.exists():
        raise NotAllowed("本单位不是这项任务的承办、协办单位。")
    return Unit.objects.get(pk=by.unit)


def _running(case: Case) -> None:
    if case.state not in (DutyState.IN_PROGRESS, DutyState.UNDER_REVIEW, DutyState.DISPATCHED):
        raise WrongState(state=DutyState(case.state))


def _report(duty: Duty, unit: Unit, kind: str, progress: Progress, by: Actor, at: datetime) -> Report:
    report = Report.objects.create(
        duty=duty, unit=unit, kind=kind, percent=progress.percent, text=progress.text.strip(),
        problems=progress.problems.strip(), next_steps=progress.next_steps.strip(),
        figures={str(k): v for k, v in progress.figures.items() if v}, final=progress.final, given_at=at,
    )
    for attachment in progress.attachments:
        document = store(
            attachment.content, name=attachment.name, kind="evidence", stream=duty.case.stream_id, by=by.key, at=at
        )
        report.evidence.add(document)
    return report


def _count(duty: Duty, progress: Progress, at: datetime) -> None:
    for target in duty.targets.all():
        figure = _decimal(progress.figures.get(target.pk, ""))
        if figure is not None:
            target.reached, target.as_of = figure, beijing_day(at)
            target.save(update_fields=["reached", "as_of"])


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().rstrip("%％").replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _fingerprint(progress: Progress) -> str:
    return hashlib.sha256(f"{progress.text}\n{progress.problems}\n{progress.next_steps}".encode()).hexdigest()


def _period(case: Case, day: date) -> str:
    reports = Deadline.objects.filter(case=case, key__startswith=f"{clocks.REPORT}:", state="running")
    current = reports.filter(starts_on__lte=day).order_by("due_on").first()
    return current.key.split(":", 1)[1] if current else ""


def contributions_since(duty: Duty) -> QuerySet[Report]:
    """Return what other units gave the lead since the last report that was accepted, oldest first."""
    accepted = duty.reports.filter(kind="report", state="accepted").order_by("-given_at")
    since = accepted.values_list("given_at", flat=True).first()
    given = duty.reports.filter(kind="contribution").select_related("unit")
    return (given.filter(given_at__gt=since) if since else given).order_by("given_at", "pk")


def silent_units(duty: Duty) -> list[int]:
    """Return the units with a part in the duty, other than its owner, that gave nothing since then."""
    heard = set(contributions_since(duty).values_list("unit_id", flat=True))
    parts = Participation.objects.filter(case=duty.case).exclude(role=Role.SUPERVISING).exclude(unit=duty.case.owner_id)
    return [u for u in dict.fromkeys(parts.values_list("unit_id", flat=True)) if u not in heard]


def _merged(duty: Duty, chosen: Sequence[int]) -> list[int]:
    offered = set(contributions_since(duty).values_list("pk", flat=True))
    if not set(chosen) <= offered:
        raise Malformed(errors={"merges": "只能汇总其他单位自上次认可以来报送的内容。"})
    return list(chosen)


def _lowered(duty: Duty, progress: Progress) -> list[str]:
    """Name the cumulative figures that fell: a slip or an honest correction, both need an explanation."""
    notes = []
    for target in duty.targets.all():
        figure = _decimal(progress.figures.get(target.pk, ""))
        if figure is not None and target.reached is not None and figure < target.reached:
            notes.append(f"“{target.expr}”由 {_plain(target.reached)} 降为 {_plain(figure)}。")
    if notes and not progress.explanation.strip():
        raise Malformed(errors={"explanation": "{notes}累计数下降，请说明原因。"}, notes="".join(notes))
    return notes


def _plain(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _supervisors(case: Case) -> list[int]:
    return list(Participation.objects.filter(case=case, role=Role.SUPERVISING).values_list("unit_id", flat=True))
