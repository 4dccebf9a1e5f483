"""What may be done with a duty on its page: one table of acts, each a form and a command.

An act of the process is offered when a token lies on its step; an act the
rules allow at any time when the state permits. The command decides again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from yangguang.domains.directives import queries
from yangguang.domains.directives.commands import changing, clocks, handling, issuing, planning, supervising
from yangguang.domains.directives.faces import forms
from yangguang.domains.directives.vocabulary import PROCESS, RUNNING_STATES, DutyState, Role
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import is_allowed
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, NotFound
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.queries import division_subtree
from yangguang.kernel.processes.queries import commands_now
from yangguang.platform.now import beijing_day, today

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Duty, Extension, PlanProposal, Report

Cleaned = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its words, who may try, its form, and the command it calls."""

    code: str
    label: Any
    question: Any
    capability: str
    #: "own": over the actor's own unit; "office": over the supervision office of the duty
    over: str
    make_form: Callable[..., django_forms.Form]
    run: Callable[[Duty, Cleaned, Actor, datetime], object]
    #: name of the process step; empty for acts allowed at any time
    step: str = ""
    states: tuple[DutyState, ...] = ()
    tone: str = ""


def _plain(form: type[django_forms.Form]) -> Callable[..., django_forms.Form]:
    return lambda duty, *args, **kwargs: form(*args, **kwargs)


def _progress(data: Cleaned) -> handling.Progress:
    figures = {int(k.split("-")[1]): v for k, v in data.items() if k.startswith("figure-")}
    return handling.Progress(
        text=data["text"],
        percent=data.get("percent") or 0,
        problems=data["problems"],
        next_steps=data["next_steps"],
        figures=figures,
        final=data.get("final", False),
        explanation=data.get("explanation", ""),
        merges=[int(pk) for pk in data.get("merges", ())],
        attachments=[handling.Attachment(f.name, f) for f in (data.get("evidence"),) if f],
    )


def _open_report(duty: Duty) -> Report:
    report = duty.reports.filter(kind="report", state="given").first()
    if report is None:
        raise NotFound("没有待审核的反馈。")
    return report


def _open_extension(duty: Duty) -> Extension:
    extension = duty.extensions.filter(state="asked").first()
    if extension is None:
        raise NotFound("没有待决定的延期申请。")
    return extension


def _units_of(duty: Duty) -> Any:
    inside = division_subtree(duty.case.division)
    return Unit.objects.filter(division__in=inside, valid_to=None).exclude(pk=duty.case.owner_id).order_by("sort_key")


def _review_form(duty: Duty, *args: Any, **kwargs: Any) -> django_forms.Form:
    open_clocks = [c for c in deadlines.running(duty.case) if c.key.split(":")[0] in clocks.FULFILLED]
    return forms.ReviewForm(*args, clocks=open_clocks, final=_open_report(duty).final, **kwargs)


def _extension_form(duty: Duty, *args: Any, **kwargs: Any) -> django_forms.Form:
    kinds = "|".join(clocks.EXTENDABLE)
    running = deadlines.running(duty.case).filter(state="running", key__regex=f"^({kinds}):")
    return forms.ExtensionForm(*args, clocks=running, **kwargs)


def _nomination_form(duty: Duty, *args: Any, **kwargs: Any) -> django_forms.Form:
    nomination = duty.nominations.filter(settled_at=None).first()
    if nomination is None:
        raise NotFound("没有待指定的单位。")
    return forms.NominationForm(*args, units=issuing.members_of(nomination).order_by("sort_key"), **kwargs)


def _merge(duty: Duty, data: Cleaned, by: Actor, at: datetime) -> None:
    into = queries.duty_beside(duty, data["into"].strip())
    if into is None:
        raise Malformed(errors={"into": "没有这个编号的事项。"})
    changing.merge_duty(duty, into, reason=data["reason"], by=by, at=at)


def _open_plan(duty: Duty) -> PlanProposal:
    proposal = duty.plan_proposals.filter(state="proposed").first()
    if proposal is None:
        raise NotFound("没有待审定的分解计划。")
    return proposal


def _decide_plan(duty: Duty, data: Cleaned, by: Actor, at: datetime) -> None:
    approved = data["approved"] == "yes"
    planning.decide_plan(_open_plan(duty), approved=approved, opinion=data["opinion"], by=by, at=at)


def _note_light(duty: Duty, data: Cleaned, by: Actor, at: datetime) -> None:
    planning.note_light(duty, lamp=data["lamp"], reason=data["reason"], until=data["until"], by=by, at=at)


ANY_TIME = RUNNING_STATES

ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "sign",
            _("签收"),
            _("签收后开始计算各项期限。"),
            "directives.handle",
            "own",
            _plain(forms.EmptyForm),
            lambda d, c, by, at: handling.sign_receipt(d, by=by, at=at),
            tone="primary",
        ),
        Act(
            "object",
            _("提出异议"),
            _("不属于本单位职责的，写明理由和依据，由本单位负责人提出。"),
            "directives.object",
            "own",
            _plain(forms.BasisForm),
            lambda d, c, by, at: handling.raise_objection(d, reason=c["reason"], basis=c["basis"], by=by, at=at),
            step="raise_objection",
        ),
        Act(
            "contribute",
            _("协办报送"),
            _("报送给牵头单位汇总，原文保留。"),
            "directives.handle",
            "own",
            lambda d, *a, **k: forms.ProgressForm(*a, duty=d, lead=False, **k),
            lambda d, c, by, at: handling.give_contribution(d, _progress(c), by=by, at=at),
            states=(DutyState.IN_PROGRESS, DutyState.UNDER_REVIEW, DutyState.DISPATCHED),
        ),
        Act(
            "report",
            _("反馈进展"),
            _("报送给督查机构审核。"),
            "directives.handle",
            "own",
            lambda d, *a, **k: forms.ProgressForm(*a, duty=d, **k),
            lambda d, c, by, at: handling.report_progress(d, _progress(c), by=by, at=at),
            step="report_progress",
            tone="primary",
        ),
        Act(
            "extend",
            _("申请延期"),
            _("在期限到来之前申请；原期限与新期限并列保留。"),
            "directives.handle",
            "own",
            _extension_form,
            lambda d, c, by, at: handling.ask_extension(
                d, c["deadline"], proposed_on=c["proposed_on"], reason=c["reason"], by=by, at=at
            ),
            states=(DutyState.DISPATCHED, DutyState.IN_PROGRESS, DutyState.UNDER_REVIEW),
        ),
        Act(
            "rule",
            _("裁定异议"),
            _("改交其他单位，或者维持交办。"),
            "directives.supervise",
            "office",
            lambda d, *a, **k: forms.RulingForm(*a, units=_units_of(d), **k),
            lambda d, c, by, at: supervising.rule_on_objection(
                d,
                ruling=c["ruling"],
                reason=c["reason"],
                to_unit=c["to_unit"].pk if c["to_unit"] else None,
                by=by,
                at=at,
            ),
            step="rule_on_objection",
            tone="primary",
        ),
        Act(
            "nominate",
            _("指定单位"),
            _("明确“有关”单位指谁，各得一份任务。"),
            "directives.supervise",
            "office",
            _nomination_form,
            lambda d, c, by, at: issuing.nominate_units(
                d.nominations.filter(settled_at=None).first(), [u.pk for u in c["units"]], by=by, at=at
            ),
            tone="primary",
        ),
        Act(
            "review",
            _("审核反馈"),
            _("退回补办、阶段认可，或认可办结申请。"),
            "directives.supervise",
            "office",
            _review_form,
            lambda d, c, by, at: supervising.review_report(
                _open_report(d), outcome=c["outcome"], opinion=c["opinion"], meets=c.get("meets", ()), by=by, at=at
            ),
            step="review_report",
            tone="primary",
        ),
        Act(
            "decide",
            _("决定延期"),
            _("同意后原期限保留在旁。"),
            "directives.approve",
            "office",
            _plain(forms.DecisionForm),
            lambda d, c, by, at: supervising.decide_extension(
                _open_extension(d), granted=c["granted"] == "yes", reason=c["reason"], by=by, at=at
            ),
            tone="primary",
        ),
        Act(
            "verify",
            _("核查"),
            _("由承办单位以外的人员核查。"),
            "directives.verify",
            "office",
            _plain(forms.VerifyForm),
            lambda d, c, by, at: supervising.verify_duty(
                d, outcome=c["outcome"], method=c["method"], opinion=c["opinion"], by=by, at=at
            ),
            step="verify_duty",
            tone="primary",
        ),
        Act(
            "conclude",
            _("认定办结"),
            _("各项期限就此了结。"),
            "directives.supervise",
            "office",
            _plain(forms.OpinionForm),
            lambda d, c, by, at: supervising.conclude_duty(d, opinion=c["opinion"], by=by, at=at),
            step="conclude_duty",
            tone="primary",
        ),
        Act(
            "strike-off",
            _("销号"),
            _("从台账上销去；回头看发现问题可重新办理。"),
            "directives.supervise",
            "office",
            _plain(forms.OpinionForm),
            lambda d, c, by, at: supervising.strike_off(d, opinion=c["opinion"], by=by, at=at),
            step="strike_off",
            tone="primary",
        ),
        Act(
            "suspend",
            _("中止"),
            _("时钟停走，直到恢复。"),
            "directives.suspend",
            "office",
            _plain(forms.BasisForm),
            lambda d, c, by, at: changing.suspend_duty(d, reason=c["reason"], basis=c["basis"], by=by, at=at),
            states=ANY_TIME,
        ),
        Act(
            "resume",
            _("恢复办理"),
            _("中止的天数不计入期限。"),
            "directives.suspend",
            "office",
            _plain(forms.ReasonForm),
            lambda d, c, by, at: changing.resume_duty(d, reason=c["reason"], by=by, at=at),
            states=(DutyState.SUSPENDED,),
            tone="primary",
        ),
        Act(
            "merge",
            _("并入"),
            _("并入另一件事项，轨迹保留。"),
            "directives.supervise",
            "office",
            _plain(forms.MergeForm),
            _merge,
            states=changing.OPEN_STATES,
        ),
        Act(
            "cancel",
            _("撤项"),
            _("由分管领导决定，不能撤回。"),
            "directives.approve",
            "office",
            _plain(forms.BasisForm),
            lambda d, c, by, at: changing.cancel_duty(d, reason=c["reason"], basis=c["basis"], by=by, at=at),
            states=changing.OPEN_STATES,
        ),
        Act(
            "carry-over",
            _("结转"),
            _("结转为下一年度的事项。"),
            "directives.approve",
            "office",
            _plain(forms.NewDayForm),
            lambda d, c, by, at: changing.carry_over(d, due_on=c["due_on"], reason=c["reason"], by=by, at=at),
            states=changing.OPEN_STATES,
        ),
        Act(
            "plan",
            _("设定计划进度"),
            _("不按时间平均推进的任务，逐月写明应完成的比例；灯按计划计算。"),
            "directives.supervise",
            "office",
            lambda d, *a, **k: forms.PlanForm(*a, duty=d, **k),
            lambda d, c, by, at: supervising.set_plan(d, c["plan"], reason=c["reason"], by=by, at=at),
            states=changing.OPEN_STATES,
        ),
        Act(
            "propose-plan",
            _("报送分解计划"),
            _("牵头单位写明分几步办、每月完成多少，由督查机构审定。"),
            "directives.handle",
            "own",
            lambda d, *a, **k: forms.PlanProposalForm(*a, duty=d, **k),
            lambda d, c, by, at: planning.propose_plan(d, c["steps"], c["plan"], by=by, at=at),
            states=(DutyState.IN_PROGRESS,),
        ),
        Act(
            "decide-plan",
            _("审定分解计划"),
            _("同意后灯按这份计划计算；不同意的退回修改。"),
            "directives.supervise",
            "office",
            lambda d, *a, **k: forms.PlanDecisionForm(*a, proposal=_open_plan(d), **k),
            _decide_plan,
            states=ANY_TIME,
            tone="primary",
        ),
        Act(
            "note-light",
            _("亮灯说明"),
            _("灯由系统计算，不能改；签一份说明，与灯并列显示到指定的日期。"),
            "directives.approve",
            "office",
            _plain(forms.LightNoteForm),
            _note_light,
            states=ANY_TIME,
        ),
        Act(
            "withdraw-note",
            _("撤回亮灯说明"),
            _("说明不再与灯并列显示，轨迹保留。"),
            "directives.approve",
            "office",
            _plain(forms.ReasonForm),
            lambda d, c, by, at: planning.withdraw_note(d, reason=c["reason"], by=by, at=at),
            states=ANY_TIME,
        ),
        Act(
            "reopen",
            _("重新办理"),
            _("回头看发现问题的，重新计算期限。"),
            "directives.supervise",
            "office",
            _plain(forms.NewDayForm),
            lambda d, c, by, at: changing.reopen_duty(d, reason=c["reason"], due_on=c["due_on"], by=by, at=at),
            states=(DutyState.STRUCK_OFF,),
        ),
    )
}


def offered(duty: Duty, by: Actor, at: datetime, commands: frozenset[str] | None = None) -> list[Act]:
    """Return the acts this officer may take on this duty now, the process's own steps first.

    ``commands`` are those of the process now, where a list has asked for many duties at once.
    """
    held = duty.case.participations.all()
    parts = {part.role for part in held if part.unit_id == by.unit and part.role != Role.SUPERVISING}
    office = next((part.unit_id for part in held if part.role == Role.SUPERVISING), None)
    steps = commands_now(duty.case) if commands is None else commands
    if duty.case.state == DutyState.SUSPENDED:
        steps = frozenset()
    day = beijing_day(at)

    def may(act: Act) -> bool:
        if act.over == "own" and not parts:
            return False
        unit = by.unit if act.over == "own" else office
        capability = supervising.extension_approver(duty.case, day).word if act.code == "decide" else act.capability
        return is_allowed(by, capability, on=day, unit=unit, kind="duty")

    return [act for act in ACTS.values() if _stands(act, duty, by, steps) and may(act)]


def _waits(rows: Any, state: str) -> bool:
    return any(row.state == state for row in rows.all())


def _stands(act: Act, duty: Duty, by: Actor, steps: frozenset[str]) -> bool:
    special = {
        "sign": lambda: (
            handling.may_sign(duty.case, by.unit)
            and any(receipt.unit_id == by.unit and receipt.signed_at is None for receipt in duty.receipts.all())
        ),
        "nominate": lambda: (
            duty.case.state in RUNNING_STATES and any(one.settled_at is None for one in duty.nominations.all())
        ),
        "decide": lambda: duty.case.closed_at is None and _waits(duty.extensions, "asked"),
        "carry-over": lambda: duty.case.process_key == PROCESS and duty.case.state in act.states,
        "reopen": lambda: duty.case.process_key == PROCESS and duty.case.state in act.states,
        "propose-plan": lambda: (
            duty.case.owner_id == by.unit
            and duty.case.state in act.states
            and not _waits(duty.plan_proposals, "proposed")
        ),
        "decide-plan": lambda: duty.case.state in act.states and _waits(duty.plan_proposals, "proposed"),
        "withdraw-note": lambda: any(
            note.withdrawn_on is None and note.until >= today() for note in duty.light_notes.all()
        ),
        "contribute": lambda: duty.case.owner_id != by.unit and duty.case.state in act.states,
        "report": lambda: duty.case.owner_id == by.unit and act.step in steps,
        "object": lambda: duty.case.owner_id == by.unit and act.step in steps,
    }
    if act.code in special:
        return bool(special[act.code]())
    return act.step in steps if act.step else duty.case.state in act.states
