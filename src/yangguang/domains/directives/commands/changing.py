"""Acts the rules allow at any time: suspend, resume, merge, cancel, carry over, reopen."""

from __future__ import annotations

from datetime import date, datetime

from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.guards import require_office, require_state, require_typed
from yangguang.domains.directives.commands.issuing import issued_steps
from yangguang.domains.directives.commands.supervising import count_children
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, Target
from yangguang.domains.directives.vocabulary import (
    PROCESS,
    RUNNING_STATES,
    DutyCancelled,
    DutyCarriedOver,
    DutyDispatched,
    DutyEstablished,
    DutyMerged,
    DutyReopened,
    DutyResumed,
    DutyState,
    DutySuspended,
    PartsOpen,
    Role,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.vocabulary import Actor, Event, Malformed
from yangguang.kernel.ledger.writing import Draft, opening, writing
from yangguang.kernel.processes.commands import begin_process, current_state, end_process, restart_process
from yangguang.platform.now import beijing_day

#: duties that the law still lets change: under way or standing still
OPEN_STATES = (*RUNNING_STATES, DutyState.SUSPENDED)


def suspend_duty(duty: Duty, *, reason: str, basis: str, by: Actor, at: datetime) -> None:
    """Suspend a duty (中止) on a named ground: all its clocks, and those of its running parts, stand still."""
    _decide(duty, by, at, "directives.suspend", reason=reason, basis=basis)
    with writing(duty.case, by=by, at=at) as draft:
        require_state(draft.case, *RUNNING_STATES)
        draft.enter(DutyState.SUSPENDED)
        draft.case.suspended_on = beijing_day(at)
        entry = draft.record(DutySuspended(reason=reason.strip(), basis=basis.strip()))
        deadlines.suspend_all(draft, entry=entry)
        _tell(draft, "事项中止", reason)
        for part in _parts(draft.case, *RUNNING_STATES):
            suspend_duty(part, reason=reason, basis=basis, by=by, at=at)


def resume_duty(duty: Duty, *, reason: str = "", by: Actor, at: datetime) -> None:
    """Let a suspended duty go on: every clock is given the days it stood still.

    Parts that were suspended with it go on with it; one suspended on its own ground stays.
    """
    _decide(duty, by, at, "directives.suspend")
    with writing(duty.case, by=by, at=at) as draft:
        require_state(draft.case, DutyState.SUSPENDED)
        together = [p for p in _parts(draft.case, DutyState.SUSPENDED) if p.case.state_since == draft.case.state_since]
        draft.enter(current_state(draft.case))
        draft.case.suspended_on = None
        entry = draft.record(DutyResumed(reason=reason.strip()))
        deadlines.resume_all(draft, entry=entry)
        _tell(draft, "事项恢复办理", reason)
        for part in together:
            resume_duty(part, reason=reason, by=by, at=at)


def merge_duty(duty: Duty, into: Duty, *, reason: str, by: Actor, at: datetime) -> None:
    """Let a duty go into another (并入); its trail stays and points there."""
    _decide(duty, by, at, "directives.supervise", reason=reason)
    target = Case.objects.get(pk=into.case_id)
    if into.pk == duty.pk or target.closed_at or target.parent_id == duty.case_id:
        raise Malformed(errors={"into": "请选择另一件在办的事项。"})
    with writing(duty.case, by=by, at=at) as draft:
        _refuse_open_parts(draft.case)
        _end(draft, DutyState.MERGED, DutyMerged(into=target.number, reason=reason.strip()))
        _tell(draft, "事项并入", reason)
    _recount(duty, by, at)


def cancel_duty(duty: Duty, *, reason: str, basis: str, by: Actor, at: datetime) -> None:
    """Take a duty off the list before it is done (撤项), with all its open parts; the leader decides."""
    _decide(duty, by, at, "directives.approve", reason=reason, basis=basis)
    with writing(duty.case, by=by, at=at) as draft:
        end_cancelled(draft, reason=reason, basis=basis)
    _recount(duty, by, at)


def end_cancelled(draft: Draft, *, reason: str, basis: str) -> None:
    """Cancel the case of an open writing and its open parts; a correction of the notice does so too."""
    _end(draft, DutyState.CANCELLED, DutyCancelled(reason=reason.strip(), basis=basis.strip()))
    _tell(draft, "事项撤项", reason)
    for part in _parts(draft.case, *OPEN_STATES):
        with writing(part.case, by=draft.by, at=draft.at) as inner:
            end_cancelled(inner, reason=reason, basis=basis)


def carry_over(duty: Duty, *, due_on: date, reason: str, by: Actor, at: datetime) -> Duty:
    """Let an unfinished duty go on as a new one of the next year (结转), bound to the old one."""
    _decide(duty, by, at, "directives.approve", reason=reason)
    year = due_on.year
    if year <= beijing_day(at).year:
        raise Malformed(errors={"due_on": "结转到下一年度，新的期限应在明年或以后。"})
    with writing(duty.case, by=by, at=at) as draft:
        require_state(draft.case, *OPEN_STATES)
        _refuse_open_parts(draft.case)
        if draft.case.process_key != PROCESS:
            raise WrongState("分给多家的事项不整体结转。", remedy="请对尚未完成的分项逐家结转。")
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
        require_state(draft.case, DutyState.STRUCK_OFF)
        draft.reopen(DutyState.IN_PROGRESS)
        draft.record(DutyReopened(reason=reason.strip()))
        restart_process(draft, "report_progress")
        times = draft.case.deadlines.filter(key__startswith=f"{clocks.AGAIN}:").count()
        deadlines.set_deadline(
            draft, f"{clocks.AGAIN}:{times + 1}", deadlines.fixed(due_on), start=at, label="回头看整改期限",
            cite="督查机构确定",
        )
        duty.percent = 0
        duty.save(update_fields=["percent"])
        clocks.start_reports(draft, duty, beijing_day(at))
        _tell(draft, "事项重新办理", reason)
    _recount(duty, by, at)


def _renew(duty: Duty, number: str, due_on: date, by: Actor, at: datetime) -> Duty:
    old = duty.case
    facts = {
        "kind": "duty", "title": old.title, "owner": old.owner, "division": old.division, "origin": old,
        "state": DutyState.DRAFT, "rulebook_hash": old.rulebook_hash, "public_from": old.public_from,
    }
    with opening(number=number, by=by, at=at, parent=old.parent, **facts) as draft:
        new = Duty.objects.create(
            case=draft.case, notice=duty.notice, position=duty.position, number=duty.number, path=duty.path,
            text=duty.text, printed=duty.printed, spans=duty.spans, persons=duty.persons, cycle=duty.cycle,
            collective=duty.collective, dispatched_on=beijing_day(at), percent=duty.percent,
        )
        Target.objects.bulk_create(
            Target(duty=new, position=t.position, expr=t.expr, operator=t.operator, value=t.value, unit=t.unit,
                   reached=t.reached, as_of=t.as_of)
            for t in duty.targets.all()
        )
        for part in old.participations.all():
            draft.involve(part.role, part.unit_id)
        draft.record(DutyEstablished(notice=old.number, position=duty.position))
        begin_process(draft, PROCESS, steps=issued_steps())
        units = old.participations.exclude(role=Role.SUPERVISING).values_list("unit_id", "unit__name")
        draft.record(DutyDispatched(units=tuple(dict(units)), names="、".join(dict(units).values())))
        for unit in dict(units):
            new.receipts.create(unit_id=unit)
            clocks.start_signing(draft, unit)
        deadlines.set_deadline(
            draft, f"{clocks.BY}:0", deadlines.fixed(due_on), start=at, label="结转后期限", cite="分管领导决定"
        )
        clocks.start_reports(draft, new, beijing_day(at))
        tell_units(draft, list(dict(units)), subject="督查事项交办", body=old.title)
    return new


def _end(draft: Draft, state: DutyState, event: Event) -> None:
    require_state(draft.case, *OPEN_STATES)
    draft.record(event)
    end_process(draft)
    for deadline in deadlines.running(draft.case):
        deadlines.stop_deadline(draft, deadline.key, reason=state.zh)
    draft.close(state)


def _parts(case: Case, *states: DutyState) -> list[Duty]:
    return list(Duty.objects.filter(case__parent=case, case__state__in=states).select_related("case").order_by("pk"))


def _refuse_open_parts(case: Case) -> None:
    parts = _parts(case, *OPEN_STATES)
    if parts:
        raise PartsOpen(open=len(parts))


def _decide(duty: Duty, by: Actor, at: datetime, capability: str, **typed: str) -> None:
    require_office(duty, by, at, capability)
    require_typed(**typed)


def _tell(draft: Draft, subject: str, body: str) -> None:
    units = draft.case.participations.exclude(role=Role.SUPERVISING).values_list("unit_id", flat=True)
    tell_units(draft, list(dict.fromkeys(units)), subject=subject, body=body)


def _recount(duty: Duty, by: Actor, at: datetime) -> None:
    if duty.case.parent_id:
        count_children(duty.case.parent.duty, by=by, at=at)
