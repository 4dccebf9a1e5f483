"""What a duty's plan and light are told by people: the lead unit's own plan, and signed notes beside the light."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from yangguang.domains.directives.commands.clocks import chain_of
from yangguang.domains.directives.commands.guards import office_of, require_office, require_state, require_typed
from yangguang.domains.directives.commands.supervising import checked_plan, record_plan
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, LightNote, PlanProposal
from yangguang.domains.directives.queries import light_note, light_of
from yangguang.domains.directives.vocabulary import (
    RUNNING_STATES,
    DutyState,
    Lamp,
    LightNoted,
    LightNoteWithdrawn,
    PlanDecided,
    PlanProposed,
    WrongState,
)
from yangguang.kernel.clock.limits import Event, Limit
from yangguang.kernel.clock.reckoning import reckon
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.clock.vocabulary import EventKind
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.deadlines import calendar_of
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, NotAllowed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.rulebook import house_rulebook
from yangguang.platform.now import beijing_day

#: what a note may say; the other lights follow from acts that have entries of their own
NOTED_LAMPS = (Lamp.NORMAL, Lamp.BEHIND, Lamp.OVERDUE)


def propose_plan(duty: Duty, steps: str, plan: Mapping[str, int], *, by: Actor, at: datetime) -> PlanProposal:
    """Propose, as the lead unit, the steps of the duty and the percent reached by each month's end (分解)."""
    require(by, "directives.handle", on=beijing_day(at), unit=by.unit, kind="duty")
    require_typed(steps=steps)
    ordered = checked_plan(plan)
    with writing(duty.case, by=by, at=at) as draft:
        if draft.case.owner_id != by.unit:
            raise NotAllowed("分解计划由牵头单位报送。", remedy="协办单位请向牵头单位提出。")
        require_state(draft.case, DutyState.IN_PROGRESS)
        if duty.plan_proposals.filter(state="proposed").exists():
            raise WrongState("已有一份分解计划待审定。", remedy="请等督查机构审定；退回后可以重新报送。")
        unit = Unit.objects.get(pk=by.unit)
        proposal = PlanProposal.objects.create(
            duty=duty, unit=unit, steps=steps.strip(), plan=ordered, proposed_at=at
        )
        draft.record(
            PlanProposed(
                proposal=proposal.pk, unit=unit.pk, unit_name=unit.name, plan=ordered, steps=steps.strip()
            )
        )
        tell_units(draft, [office_of(draft.case)], subject="分解计划待审定", body=steps)
    return proposal


def decide_plan(proposal: PlanProposal, *, approved: bool, opinion: str, by: Actor, at: datetime) -> None:
    """Approve the lead unit's plan, which the light is then compared with, or send it back with the reason."""
    duty = proposal.duty
    require_office(duty, by, at)
    if not approved:
        require_typed(opinion=opinion)
    with writing(duty.case, by=by, at=at) as draft:
        fresh = PlanProposal.objects.select_for_update().get(pk=proposal.pk)
        if fresh.state != "proposed":
            raise WrongState(state="已决定")
        require_state(draft.case, *RUNNING_STATES)
        fresh.state, fresh.opinion = ("approved" if approved else "returned"), opinion.strip()
        fresh.save(update_fields=["state", "opinion"])
        name = "同意" if approved else "退回修改"
        draft.record(
            PlanDecided(proposal=fresh.pk, outcome=fresh.state, outcome_name=name, opinion=opinion.strip())
        )
        if approved and fresh.plan:
            record_plan(draft, Duty.objects.get(pk=duty.pk), fresh.plan, reason="牵头单位报送，督查机构审定")
        tell_units(draft, [fresh.unit_id], subject="分解计划审定", body=f"{name}。{opinion}")


def note_light(duty: Duty, *, lamp: str, reason: str, until: date, by: Actor, at: datetime) -> LightNote:
    """Sign a note that stands beside the light until a day; the computed light is kept, shown and counted as before.

    Who approves decompositions may, for no longer than the rulebook allows.
    """
    require_office(duty, by, at, "directives.approve")
    require_typed(reason=reason)
    if lamp not in {meant.value for meant in NOTED_LAMPS}:
        raise Malformed(errors={"lamp": "请选择一种灯。"})
    day = beijing_day(at)
    with writing(duty.case, by=by, at=at) as draft:
        require_state(draft.case, *RUNNING_STATES)
        most = house_rulebook()("duty.light.note", on=day, chain=chain_of(draft))
        latest = reckon(
            Limit(parse_term(most.term)), [Event(EventKind.START, day)], calendar_of(draft.case)
        ).due_on
        if latest is None or not day <= until <= latest:
            raise Malformed(
                errors={"until": "说明的止日须在 {day} 至 {latest} 之间。"}, cite=str(most.cite), day=day, latest=latest
            )
        LightNote.objects.filter(duty=duty, withdrawn_on=None, until__gte=day).update(withdrawn_on=day)
        meant = Lamp(lamp)
        note = LightNote.objects.create(
            duty=duty, unit_id=by.unit, lamp=meant.value, reason=reason.strip(), noted_on=day, until=until
        )
        computed = light_of(duty, day).lamp
        draft.record(
            LightNoted(
                computed=computed.value, computed_name=computed.zh, lamp=meant.value, lamp_name=meant.zh,
                until=until, reason=reason.strip(),
            )
        )
        tell_units(draft, [draft.case.owner_id, office_of(draft.case)], subject="亮灯说明", body=reason)
    return note


def withdraw_note(duty: Duty, *, reason: str, by: Actor, at: datetime) -> None:
    """Take the note beside the light back before its day."""
    require_office(duty, by, at, "directives.approve")
    require_typed(reason=reason)
    with writing(duty.case, by=by, at=at) as draft:
        note = light_note(duty, beijing_day(at))
        if note is None:
            raise WrongState("现在没有亮灯说明。", remedy="请刷新页面。")
        note.withdrawn_on = beijing_day(at)
        note.save(update_fields=["withdrawn_on"])
        draft.record(LightNoteWithdrawn(reason=reason.strip()))
