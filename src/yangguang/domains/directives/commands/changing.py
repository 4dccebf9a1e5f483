"""Acts the rules allow at any time: suspend, resume, merge, cancel, carry over, reopen."""

from __future__ import annotations

from datetime import date, datetime

from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.supervising import count_children
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty
from yangguang.domains.directives.vocabulary import (
    FINAL_STATES,
    RUNNING_STATES,
    DutyCancelled,
    DutyCarriedOver,
    DutyEstablished,
    DutyMerged,
    DutyReopened,
    DutyResumed,
    DutyState,
    DutySuspended,
    Role,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.ledger.vocabulary import Actor, Event, Malformed
from yangguang.kernel.ledger.writing import Draft, opening, writing
from yangguang.kernel.processes.commands import begin_process, current_state, end_process, restart_process, take_step
from yangguang.platform.now import beijing_day


def suspend_duty(duty: Duty, *, reason: str, basis: str, by: Actor, at: datetime) -> None:
    """Suspend a duty (中止) on a named ground: all its clocks stand still."""
    _decide(duty, by, at, "directives.suspend", reason=reason, basis=basis)
    with writing(duty.case, by=by, at=at) as draft:
        _in(draft.case, *RUNNING_STATES)
        draft.enter(DutyState.SUSPENDED)
        draft.case.suspended_on = beijing_day(at)
        entry = draft.record(DutySuspended(reason=reason.strip(), basis=basis.strip()))
        deadlines.suspend_all(draft, entry=entry)
        _tell(draft, "事项中止", reason)


def resume_duty(duty: Duty, *, reason: str = "", by: Actor, at: datetime) -> None:
    """Let a suspended duty go on: every clock is given the days it stood still."""
    _decide(duty, by, at, "directives.suspend")
    with writing(duty.case, by=by, at=at) as draft:
        _in(draft.case, DutyState.SUSPENDED)
        draft.enter(current_state(draft.case))
        draft.case.suspended_on = None
        entry = draft.record(DutyResumed(reason=reason.strip()))
        deadlines.resume_all(draft, entry=entry)
        _tell(draft, "事项恢复办理", reason)


def merge_duty(duty: Duty, into: Duty, *, reason: str, by: Actor, at: datetime) -> None:
    """Let a duty go into another (并入); its trail stays and points there."""
    _decide(duty, by, at, "directives.supervise", reason=reason)
    if into.pk == duty.pk or into.case.closed_at:
        raise Malformed(errors={"into": "请选择另一件在办的事项。"})
    with writing(duty.case, by=by, at=at) as draft:
        _end(draft, DutyState.MERGED, DutyMerged(into=into.case.number, reason=reason.strip()))
        _tell(draft, "事项并入", reason)
    _recount(duty, by, at)


def cancel_duty(duty: Duty, *, reason: str, basis: str, by: Actor, at: datetime) -> None:
    """Take a duty off the list before it is done (撤项); the leader decides."""
    _decide(duty, by, at, "directives.approve", reason=reason, basis=basis)
    with writing(duty.case, by=by, at=at) as draft:
        _end(draft, DutyState.CANCELLED, DutyCancelled(reason=reason.strip(), basis=basis.strip()))
        _tell(draft, "事项撤项", reason)
    _recount(duty, by, at)


def carry_over(duty: Duty, *, due_on: date, reason: str, by: Actor, at: datetime) -> Duty:
    """Let an unfinished duty go on as a new one of the next year (结转), bound to the old one."""
    _decide(duty, by, at, "directives.approve", reason=reason)
    if due_on <= beijing_day(at):
        raise Malformed(errors={"due_on": "新的期限应晚于今天。"})
    year = due_on.year
    with writing(duty.case, by=by, at=at) as draft:
        _in(draft.case, *RUNNING_STATES, DutyState.SUSPENDED)
        number = f"{draft.case.number}-{year}"
        new = _renew(duty, number, due_on, by, at)
        _end(draft, DutyState.CARRIED_OVER, DutyCarriedOver(to=number, reason=reason.strip()))
        _tell(draft, "事项结转", reason)
    _recount(duty, by, at)
    return new


def reopen_duty(duty: Duty, *, reason: str, due_on: date, by: Actor, at: datetime) -> None:
    """Take a struck-off duty up again after a look back (回头看), with a fresh clock."""
    _decide(duty, by, at, "directives.supervise", reason=reason)
    if due_on <= beijing_day(at):
        raise Malformed(errors={"due_on": "新的期限应晚于今天。"})
    with writing(duty.case, by=by, at=at) as draft:
        _in(draft.case, DutyState.STRUCK_OFF)
        draft.reopen(DutyState.IN_PROGRESS)
        draft.record(DutyReopened(reason=reason.strip()))
        restart_process(draft, "report_progress")
        times = draft.case.deadlines.filter(key__startswith="again:").count()
        deadlines.set_deadline(
            draft, f"again:{times + 1}", deadlines.fixed(due_on), start=at, label="回头看整改期限", cite="督查机构确定"
        )
        duty.percent = 0
        duty.save(update_fields=["percent"])
        _tell(draft, "事项重新办理", reason)
    _recount(duty, by, at)


def _renew(duty: Duty, number: str, due_on: date, by: Actor, at: datetime) -> Duty:
    old = duty.case
    facts = {
        "kind": "duty", "title": old.title, "owner": old.owner, "division": old.division, "origin": old,
        "state": DutyState.DRAFT, "rulebook_hash": old.rulebook_hash, "public_from": old.public_from,
    }
    with opening(number=number, by=by, at=at, **facts) as draft:
        new = Duty.objects.create(
            case=draft.case, notice=duty.notice, position=duty.position, number=duty.number, path=duty.path,
            text=duty.text, printed=duty.printed, spans=duty.spans, persons=duty.persons, cycle=duty.cycle,
            dispatched_on=beijing_day(at), percent=duty.percent,
        )
        for part in old.participations.all():
            draft.involve(part.role, part.unit_id)
        draft.record(DutyEstablished(notice=old.number, position=duty.position))
        begin_process(draft, "duty", {})
        take_step(draft, "submit_decomposition")
        take_step(draft, "approve_decomposition", outcome="approved")
        take_step(draft, "dispatch_duty")
        for unit in dict.fromkeys(old.participations.exclude(role=Role.SUPERVISING).values_list("unit_id", flat=True)):
            new.receipts.create(unit_id=unit)
            clocks.start_rule_clock(draft, f"{clocks.SIGN}:{unit}", "duty.sign", "签收", unit=unit)
        deadlines.set_deadline(
            draft, f"{clocks.BY}:0", deadlines.fixed(due_on), start=at, label="结转后期限", cite="分管领导决定"
        )
        clocks.start_reports(draft, new)
    return new


def _end(draft: Draft, state: DutyState, event: Event) -> None:
    if draft.case.state in FINAL_STATES:
        raise WrongState(state=DutyState(draft.case.state).zh)
    draft.record(event)
    end_process(draft)
    for deadline in deadlines.running(draft.case):
        deadlines.stop_deadline(draft, deadline.key, reason=state.zh)
    draft.close(state)


def _decide(duty: Duty, by: Actor, at: datetime, capability: str, **typed: str) -> None:
    office = Participation.objects.get(case=duty.case, role=Role.SUPERVISING).unit_id
    require(by, capability, on=beijing_day(at), unit=office, kind="duty")
    errors = {name: "必填。" for name, value in typed.items() if not value.strip()}
    if errors:
        raise Malformed(errors=errors)


def _in(case: Case, *states: DutyState) -> None:
    if case.state not in states:
        raise WrongState(state=DutyState(case.state).zh)


def _tell(draft: Draft, subject: str, body: str) -> None:
    units = draft.case.participations.exclude(role=Role.SUPERVISING).values_list("unit_id", flat=True)
    tell_units(draft, list(dict.fromkeys(units)), subject=subject, body=body)


def _recount(duty: Duty, by: Actor, at: datetime) -> None:
    if duty.case.parent_id:
        count_children(duty.case.parent.duty, by=by, at=at)
