"""What the supervision office does: rule on objections, review, verify, strike off, urge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from yangguang.domains.directives import rules
from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, Extension, Receipt, Report
from yangguang.domains.directives.vocabulary import (
    HANDLING_ROLES,
    ChildrenCounted,
    DeadlineMoved,
    DutyConcluded,
    DutyState,
    DutyStruckOff,
    DutyUrged,
    DutyVerified,
    ExtensionDecided,
    ObjectionRuled,
    ReportReviewed,
    Role,
    SameHands,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.processes.commands import hand_over_work, take_step
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day

REVIEW_OUTCOMES = {"rejected": "退回补办", "accepted_stage": "阶段认可", "accepted": "认可办结申请"}
VERIFY_OUTCOMES = {"passed": "核查属实", "failed": "核查不符，退回办理"}
RULINGS = {"redispatched": "改交其他单位", "overruled": "维持交办"}


def rule_on_objection(
    duty: Duty, *, ruling: Literal["redispatched", "overruled"], reason: str, to_unit: int | None = None, by: Actor, at: datetime
) -> None:
    """Rule on an objection (异议裁定): give the duty to another unit, or keep it where it is."""
    _supervise(duty, by, at)
    _typed(reason=reason)
    if ruling == "redispatched" and not to_unit:
        raise Malformed(errors={"to_unit": "请选定改交的单位。"})
    with writing(duty.case, by=by, at=at) as draft:
        objection = duty.objections.select_for_update().filter(ruling="").first()
        if objection is None:
            raise WrongState(state=DutyState(draft.case.state).zh)
        objection.ruling, objection.ruling_reason = ruling, reason.strip()
        objection.save()
        draft.record(ObjectionRuled(ruling=ruling, ruling_name=RULINGS[ruling], reason=reason.strip(), to_unit=to_unit))
        take_step(draft, "rule_on_objection", outcome=ruling)
        if ruling == "redispatched":
            _hand_over(draft, duty, objection.unit_id, to_unit)
        else:
            take_receipt(draft, duty, objection.unit)
        tell_units(draft, [objection.unit_id], subject="异议裁定", body=reason)


def take_receipt(draft: Draft, duty: Duty, unit: Unit) -> None:
    """Count a unit as having received the duty by ruling (强制承办)."""
    Receipt.objects.filter(duty=duty, unit=unit).update(signed_at=draft.at)
    deadlines.meet_deadline(draft, f"{clocks.SIGN}:{unit.pk}")
    clocks.start_receipt_clocks(draft, duty, unit.pk)


def _hand_over(draft: Draft, duty: Duty, old: int, new: int) -> None:
    role = Participation.objects.get(case=draft.case, unit_id=old, role__in=[r.value for r in HANDLING_ROLES]).role
    draft.release(role, old)
    draft.involve(role, new)
    draft.case.owner_id = new
    Receipt.objects.filter(duty=duty, unit_id=old, signed_at__isnull=True).delete()
    Receipt.objects.get_or_create(duty=duty, unit_id=new)
    deadlines.stop_deadline(draft, f"{clocks.SIGN}:{old}", reason="改交其他单位")
    take_step(draft, "dispatch_duty")
    hand_over_work(draft)
    clocks.start_rule_clock(draft, f"{clocks.SIGN}:{new}", "duty.sign", "签收", unit=new)
    tell_units(draft, [new], subject="督查事项交办", body=draft.case.title)


def review_report(
    report: Report,
    *,
    outcome: Literal["rejected", "accepted_stage", "accepted"],
    opinion: str,
    meets: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> None:
    """Review a report (审核): send it back, accept a stage, or accept the claim that the work is done.

    ``meets`` are the keys of the deadlines that an accepted report fulfils.
    """
    duty = report.duty
    _supervise(duty, by, at)
    if outcome == "rejected":
        _typed(opinion=opinion)
    with writing(duty.case, by=by, at=at) as draft:
        fresh = Report.objects.select_for_update().get(pk=report.pk)
        if fresh.state != "given" or draft.case.state != DutyState.UNDER_REVIEW:
            raise WrongState(state=DutyState(draft.case.state).zh)
        if outcome == "accepted" and not fresh.final:
            raise Malformed(errors={"outcome": "这份反馈没有申请办结。"})
        fresh.state = "returned" if outcome == "rejected" else "accepted"
        fresh.opinion = opinion.strip()
        fresh.save(update_fields=["state", "opinion"])
        draft.record(
            ReportReviewed(
                report=fresh.pk, outcome=outcome, outcome_name=REVIEW_OUTCOMES[outcome], opinion=opinion.strip()
            )
        )
        deadlines.meet_deadline(draft, f"{clocks.REVIEW}:{fresh.pk}")
        take_step(draft, "review_report", outcome=outcome)
        if outcome == "rejected":
            _reopen_period(draft, fresh)
        else:
            for key in meets:
                deadlines.meet_deadline(draft, key)
        tell_units(draft, [fresh.unit_id], subject="审核意见", body=opinion)


def _reopen_period(draft: Draft, report: Report) -> None:
    if report.period:
        deadlines.unmeet_deadline(draft, f"{clocks.REPORT}:{report.period}")


def verify_duty(
    duty: Duty, *, outcome: Literal["passed", "failed"], method: str, opinion: str, by: Actor, at: datetime
) -> None:
    """Verify the result on the spot or on paper (核查); never by the hands that did the work."""
    day = beijing_day(at)
    require(by, "directives.verify", on=day, unit=_office(duty.case), kind="duty")
    _typed(method=method, opinion=opinion)
    with writing(duty.case, by=by, at=at) as draft:
        rule = house_rulebook()("duty.verify.separate", on=day, chain=clocks.chain_of(draft))
        handled = Participation.objects.filter(case=draft.case, unit_id=by.unit).exclude(role=Role.SUPERVISING)
        if rule.yes and handled.exists():
            raise SameHands(cite=str(rule.cite))
        draft.record(
            DutyVerified(outcome=outcome, outcome_name=VERIFY_OUTCOMES[outcome], opinion=opinion.strip(), method=method.strip())
        )
        take_step(draft, "verify_duty", outcome=outcome)


def conclude_duty(duty: Duty, *, opinion: str = "", by: Actor, at: datetime) -> None:
    """Find a verified duty handled (办结): its clocks are met; striking it off is a step of its own."""
    _supervise(duty, by, at)
    with writing(duty.case, by=by, at=at) as draft:
        draft.record(DutyConcluded(opinion=opinion.strip()))
        take_step(draft, "conclude_duty")
        for deadline in deadlines.running(draft.case):
            deadlines.meet_deadline(draft, deadline.key)
        duty.percent = 100
        duty.save(update_fields=["percent"])


def strike_off(duty: Duty, *, opinion: str = "", by: Actor, at: datetime) -> None:
    """Strike a verified duty off the list (销号); a collective's parent counts its parts again."""
    _supervise(duty, by, at)
    with writing(duty.case, by=by, at=at) as draft:
        draft.record(DutyStruckOff(opinion=opinion.strip()))
        take_step(draft, "strike_off")
        draft.close(DutyState.STRUCK_OFF)
        parent = draft.case.parent
    if parent is not None:
        count_children(parent.duty, by=by, at=at)


def count_children(parent: Duty, *, by: Actor, at: datetime) -> None:
    """Count the parts of a duty given to a collective; when all are done the waiting parent goes on."""
    states = [DutyState(s) for s in Case.objects.filter(parent=parent.case, kind="duty").values_list("state", flat=True)]
    done, total = rules.roll_up(states)
    with writing(parent.case, by=by, at=at) as draft:
        parent.children_done, parent.children_total = done, total
        if parent.case.owner_id == _office(parent.case):
            parent.percent = done * 100 // total if total else 0
        parent.save(update_fields=["children_done", "children_total", "percent"])
        draft.record(ChildrenCounted(done=done, total=total))
        if total and done == total and draft.case.process_key.endswith("collective"):
            take_step(draft, "children_done")


def urge_duties(duties: list[Duty], *, message: str, by: Actor, at: datetime) -> list[Duty]:
    """Urge the handling units of several duties (批量催办); each gets its own entry and message."""
    urged = []
    for duty in duties:
        _supervise(duty, by, at)
        with writing(duty.case, by=by, at=at) as draft:
            if draft.case.closed_at:
                continue
            duty.urged += 1
            duty.save(update_fields=["urged"])
            draft.record(DutyUrged(nth=duty.urged, message=message.strip() or "请抓紧办理并按期反馈。"))
            tell_units(draft, [draft.case.owner_id], subject="催办通知", body=message)
            urged.append(duty)
    return urged


def decide_extension(
    extension: Extension, *, granted: bool, reason: str, by: Actor, at: datetime
) -> None:
    """Grant or refuse more time; the old day stays beside the new one. The rulebook names who may."""
    duty = extension.duty
    day = beijing_day(at)
    if not granted:
        _typed(reason=reason)
    with writing(duty.case, by=by, at=at) as draft:
        approver = house_rulebook()("duty.extension.approver", on=day, chain=clocks.chain_of(draft))
        require(by, approver.word, on=day, unit=_office(duty.case), kind="duty")
        fresh = Extension.objects.select_for_update().select_related("deadline").get(pk=extension.pk)
        if fresh.state != "asked":
            raise WrongState(state="已决定")
        fresh.state, fresh.decision = ("granted" if granted else "refused"), reason.strip()
        fresh.save(update_fields=["state", "decision"])
        entry = draft.record(
            ExtensionDecided(
                extension=fresh.pk, outcome=fresh.state, outcome_name="同意" if granted else "不同意",
                reason=reason.strip(), new_due_on=fresh.proposed_on if granted else None, cite=str(approver.cite),
            )
        )
        if granted:
            deadlines.extend_to(draft, fresh.deadline, fresh.proposed_on, entry=entry, reason="延期")
            draft.record(
                DeadlineMoved(label=fresh.deadline.label, old=fresh.due_on, new=fresh.proposed_on, reason="延期获批")
            )
        tell_units(draft, [fresh.unit_id], subject="延期决定", body=reason)


def _office(case: Case) -> int:
    return Participation.objects.get(case=case, role=Role.SUPERVISING).unit_id


def _supervise(duty: Duty, by: Actor, at: datetime) -> None:
    require(by, "directives.supervise", on=beijing_day(at), unit=_office(duty.case), kind="duty")


def _typed(**fields: str) -> None:
    errors = {name: "必填。" for name, value in fields.items() if not value.strip()}
    if errors:
        raise Malformed(errors=errors)
