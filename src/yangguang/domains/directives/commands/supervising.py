"""What the supervision office does: rule on objections, review, verify, strike off, urge."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from django.db.models import Q

from yangguang.domains.directives import rules
from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.guards import (
    advance,
    office_of,
    require_office,
    require_state,
    require_typed,
)
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, Extension, Receipt, Report
from yangguang.domains.directives.vocabulary import (
    HANDLING_ROLES,
    RUNNING_STATES,
    ChildrenCounted,
    DeadlineMoved,
    DutyConcluded,
    DutyState,
    DutyStruckOff,
    DutyUrged,
    DutyVerified,
    ExtensionDecided,
    ObjectionRuled,
    PlanSet,
    ReportReviewed,
    Role,
    SameHands,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft, writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.processes.commands import hand_over_work
from yangguang.kernel.processes.queries import commands_now
from yangguang.kernel.rulebook import Value, house_rulebook
from yangguang.platform.now import beijing_day

REVIEW_OUTCOMES = {"rejected": "退回补办", "accepted_stage": "阶段认可", "accepted": "认可办结申请"}
VERIFY_OUTCOMES = {"passed": "核查属实", "failed": "核查不符，退回办理"}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
RULINGS = {"redispatched": "改交其他单位", "overruled": "维持交办"}


def rule_on_objection(
    duty: Duty,
    *,
    ruling: Literal["redispatched", "overruled"],
    reason: str,
    to_unit: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Rule on an objection (异议裁定): give the duty to another unit, or keep it where it is."""
    require_office(duty, by, at)
    require_typed(reason=reason)
    if ruling == "redispatched" and (not to_unit or to_unit == duty.case.owner_id):
        raise Malformed(errors={"to_unit": "请选定改交的其他单位。"})
    with writing(duty.case, by=by, at=at) as draft:
        objection = duty.objections.select_for_update().filter(ruling="").first()
        if objection is None:
            raise WrongState(state=DutyState(draft.case.state))
        objection.ruling, objection.ruling_reason = ruling, reason.strip()
        objection.save()
        draft.record(ObjectionRuled(ruling=ruling, ruling_name=RULINGS[ruling], reason=reason.strip(), to_unit=to_unit))
        advance(draft, "rule_on_objection", outcome=ruling)
        if ruling == "redispatched":
            hand_over(draft, duty, objection.unit_id, to_unit)
        else:
            take_receipt(draft, duty, objection.unit)
        tell_units(draft, [objection.unit_id], subject="异议裁定", body=reason)


def take_receipt(draft: Draft, duty: Duty, unit: Unit) -> None:
    """Count a unit as having received the duty by ruling (强制承办)."""
    Receipt.objects.filter(duty=duty, unit=unit).update(signed_at=draft.at)
    for clock in clocks.signings(draft, unit.pk):
        deadlines.meet_deadline(draft, clock.key)
    clocks.start_receipt_clocks(draft, duty, unit.pk, received=draft.at)


def hand_over(draft: Draft, duty: Duty, old: int, new: int) -> None:
    """Give a duty to another unit in the old one's roles; the new one signs afresh, with a clock of its own."""
    handling = [role.value for role in HANDLING_ROLES]
    for part in Participation.objects.filter(case=draft.case, unit_id=old, role__in=handling):
        draft.release(part.role, old)
        draft.involve(part.role, new)
    draft.release(Role.SUPPORT, new)
    draft.case.owner_id = new
    Receipt.objects.filter(duty=duty, unit_id=old, signed_at__isnull=True).delete()
    Receipt.objects.update_or_create(duty=duty, unit_id=new, defaults={"signed_at": None})
    for clock in clocks.signings(draft, old):
        deadlines.stop_deadline(draft, clock.key, reason="改交其他单位")
    advance(draft, "dispatch_duty", facts={"back_entered": False})
    hand_over_work(draft)
    clocks.start_signing(draft, new)
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
    require_office(duty, by, at)
    if outcome == "rejected":
        require_typed(opinion=opinion)
    with writing(duty.case, by=by, at=at) as draft:
        fresh = Report.objects.select_for_update().get(pk=report.pk)
        if fresh.state != "given" or draft.case.state != DutyState.UNDER_REVIEW:
            raise WrongState(state=DutyState(draft.case.state))
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
        advance(draft, "review_report", outcome=outcome)
        if outcome == "rejected":
            _reopen_period(draft, fresh)
        else:
            for key in meets:
                if key.split(":")[0] in clocks.FULFILLED:
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
    require_office(duty, by, at, "directives.verify")
    require_typed(method=method, opinion=opinion)
    with writing(duty.case, by=by, at=at) as draft:
        rule = house_rulebook()("duty.verify.separate", on=day, chain=clocks.chain_of(draft))
        here = Q(case=draft.case) | Q(case__parent=draft.case)
        handled = Participation.objects.filter(here, unit_id=by.unit).exclude(role=Role.SUPERVISING)
        if rule.yes and handled.exists():
            raise SameHands(cite=str(rule.cite))
        draft.record(
            DutyVerified(
                outcome=outcome, outcome_name=VERIFY_OUTCOMES[outcome], opinion=opinion.strip(), method=method.strip()
            )
        )
        advance(draft, "verify_duty", outcome=outcome)


def conclude_duty(duty: Duty, *, opinion: str = "", by: Actor, at: datetime) -> None:
    """Find a verified duty handled (办结): its clocks are met; striking it off is a step of its own."""
    require_office(duty, by, at)
    with writing(duty.case, by=by, at=at) as draft:
        draft.record(DutyConcluded(opinion=opinion.strip()))
        advance(draft, "conclude_duty")
        for deadline in deadlines.running(draft.case):
            deadlines.meet_deadline(draft, deadline.key)
        duty.percent = 100
        duty.save(update_fields=["percent"])


def strike_off(duty: Duty, *, opinion: str = "", by: Actor, at: datetime) -> None:
    """Strike a verified duty off the list (销号); a collective's parent counts its parts again."""
    require_office(duty, by, at)
    with writing(duty.case, by=by, at=at) as draft:
        draft.record(DutyStruckOff(opinion=opinion.strip()))
        advance(draft, "strike_off")
        draft.close(DutyState.STRUCK_OFF)
        parent = draft.case.parent
    if parent is not None:
        count_children(parent.duty, by=by, at=at)


def count_children(parent: Duty, *, by: Actor, at: datetime) -> None:
    """Count the parts of a duty given to a collective; when all are done the waiting parent goes on."""
    states = Case.objects.filter(parent=parent.case, kind="duty").values_list("state", flat=True)
    done, total = rules.roll_up([DutyState(state) for state in states])
    with writing(parent.case, by=by, at=at) as draft:
        parent.children_done, parent.children_total = done, total
        if parent.case.owner_id == office_of(parent.case):
            parent.percent = done * 100 // total if total else 0
        parent.save(update_fields=["children_done", "children_total", "percent"])
        draft.record(ChildrenCounted(done=done, total=total))
        waits = draft.case.state != DutyState.SUSPENDED and "children_done" in commands_now(draft.case)
        if total and done == total and waits:
            advance(draft, "children_done")


def urge_duties(duties: Sequence[Duty], *, message: str, by: Actor, at: datetime) -> list[Duty]:
    """Urge the handling units of several duties (批量催办); each gets its own entry and message.

    Closed and suspended duties are passed over; those urged are returned.
    """
    urged = []
    for duty in duties:
        require_office(duty, by, at)
        if Case.objects.get(pk=duty.case_id).state not in RUNNING_STATES:
            continue
        with writing(duty.case, by=by, at=at) as draft:
            duty.urged = Duty.objects.values_list("urged", flat=True).get(pk=duty.pk) + 1
            duty.save(update_fields=["urged"])
            draft.record(DutyUrged(nth=duty.urged, message=message.strip() or "请抓紧办理并按期反馈。"))
            tell_units(draft, [draft.case.owner_id], subject=f"第{duty.urged}次催办", body=message)
            urged.append(duty)
    return urged


def set_plan(duty: Duty, plan: Mapping[str, int], *, reason: str, by: Actor, at: datetime) -> None:
    """Give a duty its own plan (计划进度): month "YYYY-MM" to the percent reached by its end.

    For work that does not go evenly with time; an empty plan is time elapsed again. Months must
    follow each other with percents that never fall.
    """
    require_office(duty, by, at)
    require_typed(reason=reason)
    ordered = checked_plan(plan)
    with writing(duty.case, by=by, at=at) as draft:
        require_state(draft.case, *RUNNING_STATES, DutyState.SUSPENDED)
        record_plan(draft, duty, ordered, reason=reason.strip())


def checked_plan(plan: Mapping[str, int]) -> dict[str, int]:
    """Return a plan in the order of its months; one that is no plan is refused."""
    ordered = dict(sorted(plan.items()))
    if any(not _MONTH.fullmatch(month) for month in ordered):
        raise Malformed(errors={"plan": "月份请写成 2026-06 这样。"})
    shares = list(ordered.values())
    if shares != sorted(shares) or any(not 0 <= share <= 100 for share in shares):
        raise Malformed(errors={"plan": "计划进度为 0 到 100，后面的月份不低于前面的月份。"})
    return ordered


def record_plan(draft: Draft, duty: Duty, plan: dict[str, int], *, reason: str) -> None:
    """Put a plan into force and say so."""
    old, duty.plan = duty.plan, plan
    duty.save(update_fields=["plan"])
    draft.record(PlanSet(old=old, plan=plan, reason=reason))


def extension_approver(case: Case, day: date) -> Value:
    """Return the rulebook's answer to who may grant more time: the word is a capability."""
    return house_rulebook()("duty.extension.approver", on=day, chain=division_chain(case.division.code))


def decide_extension(
    extension: Extension, *, granted: bool, reason: str, by: Actor, at: datetime
) -> None:
    """Grant or refuse more time; the old day stays beside the new one. The rulebook names who may."""
    duty = extension.duty
    day = beijing_day(at)
    if not granted:
        require_typed(reason=reason)
    with writing(duty.case, by=by, at=at) as draft:
        approver = extension_approver(draft.case, day)
        require_office(duty, by, at, approver.word)
        fresh = Extension.objects.select_for_update().select_related("deadline").get(pk=extension.pk)
        if fresh.state != "asked":
            raise WrongState(state="已决定")
        if granted and fresh.deadline.state != "running":
            raise WrongState("这个期限已经不在计算，不能延期。", remedy="请按“不同意”了结申请，并说明情况。")
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

