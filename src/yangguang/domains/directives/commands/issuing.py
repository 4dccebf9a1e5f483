"""Issuing a decomposition: approved rows become duties with owners, parts and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.domains.directives import rules
from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.intake import in_state
from yangguang.domains.directives.commands.telling import tell_units
from yangguang.domains.directives.models import Duty, Nomination, Notice, Proposal, Receipt, Target
from yangguang.domains.directives.vocabulary import (
    COLLECTIVE_PROCESS,
    PROCESS,
    DecompositionApproved,
    DutyDispatched,
    DutyEstablished,
    DutyState,
    NoticePublished,
    NoticeState,
    Role,
    UnitsNominated,
    WrongState,
)
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft, opening, writing
from yangguang.kernel.organisation import queries as organisation
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.vocabulary import Predicate
from yangguang.kernel.processes.commands import begin_process, take_step
from yangguang.platform.now import beijing_day


@dataclass(frozen=True, slots=True)
class Parts:
    """Who has what part in a duty: single units by role, and collectives still to be spread out."""

    units: dict[Role, list[int]]
    collectives: list[tuple[Role, dict[str, Any], str]]

    @property
    def owner(self) -> int | None:
        """The convenor: the first lead, else the first responsible unit; None where only collectives handle."""
        handling = self.units[Role.LEAD] or self.units[Role.RESPONSIBLE]
        return handling[0] if handling else None


def approve_decomposition(notice: Notice, *, by: Actor, at: datetime, public_basis: str = "") -> list[Duty]:
    """Approve the rows, set every one up as a duty and give it to its units.

    With ``public_basis`` the duties get their public face at once. One
    transaction: either all duties are issued or none.
    """
    day = beijing_day(at)
    require(by, "directives.approve", on=day, unit=notice.case.owner_id, kind="notice")
    with writing(notice.case, by=by, at=at) as draft:
        in_state(draft.case, NoticeState.CONFIRMED)
        rows = list(notice.proposals.filter(kept=True))
        duties = [establish_duty(notice, row, by=by, at=at, public=bool(public_basis)) for row in rows]
        draft.enter(NoticeState.ISSUED)
        draft.record(DecompositionApproved(duties=len(duties)))
        if public_basis:
            draft.publish()
            draft.record(NoticePublished(basis=public_basis))
    return duties


def publish_notice(notice: Notice, *, basis: str, by: Actor, at: datetime) -> None:
    """Give an issued notice and all its duties their public face, on a named ground."""
    require(by, "directives.approve", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    if not basis.strip():
        raise Malformed("请写明公开依据。", errors={"basis": "请写明公开依据。"})
    with writing(notice.case, by=by, at=at) as draft:
        in_state(draft.case, NoticeState.ISSUED)
        draft.publish()
        draft.record(NoticePublished(basis=basis.strip()))
        for duty in Duty.objects.filter(notice=notice).select_related("case"):
            with writing(duty.case, by=by, at=at) as part:
                part.publish()
                part.record(NoticePublished(basis=basis.strip()))


def establish_duty(notice: Notice, row: Proposal, *, by: Actor, at: datetime, public: bool) -> Duty:
    """Set one row up as a duty, take it through approval and dispatch it."""
    parts = _parts(row)
    supervising = notice.case.owner_id
    serial = notice.case.number.rsplit("-", 1)[1]
    number = f"{notice.case.division.code}-D{beijing_day(at).year}-{serial}-{row.position:03d}"
    facts = _facts(notice, number, _short(row), parts.owner or supervising, by, at)
    with opening(**facts) as draft:
        duty = Duty.objects.create(
            case=draft.case,
            notice=notice,
            position=row.position,
            number=row.number,
            path=row.path,
            text=row.text,
            printed={role: [u["printed"] for u in units] for role, units in row.units.items()},
            spans=(row.read or {}).get("spans", {}),
            persons=row.persons,
            cycle=rules.cycle_of(d["expr"] for d in row.deadlines if d["kind"] == "recurring") or "",
            back_entered=notice.back_entered,
        )
        _targets(duty, row.targets)
        if public:
            draft.publish()
        draft.involve(Role.SUPERVISING, supervising)
        for role, units in parts.units.items():
            draft.involve(role, *units)
        draft.record(
            DutyEstablished(notice=str(notice), position=row.position, back_entered=notice.back_entered)
        )
        begin_process(draft, PROCESS if parts.owner else COLLECTIVE_PROCESS, _process_facts(duty))
        take_step(draft, "submit_decomposition")
        take_step(draft, "approve_decomposition", outcome="approved")
        dispatch(draft, duty, row.deadlines, parts)
    return duty


def dispatch(draft: Draft, duty: Duty, deadlines: Sequence[dict[str, Any]], parts: Parts) -> None:
    """Hand a duty to its units: clocks start, messages go out, collectives are spread out or await nomination."""
    day = beijing_day(draft.at)
    duty.dispatched_on = day
    duty.save(update_fields=["dispatched_on"])
    units = [u for role in (Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT) for u in parts.units[role]]
    Receipt.objects.bulk_create([Receipt(duty=duty, unit_id=u) for u in dict.fromkeys(units)])
    names = list(Unit.objects.filter(pk__in=units).values_list("name", flat=True))
    names += [name for _, _, name in parts.collectives]
    draft.record(DutyDispatched(units=tuple(units), names="、".join(names)))
    take_step(draft, "dispatch_duty")
    clocks.start_clocks(draft, duty, deadlines, units)
    tell_units(draft, units, subject="督查事项交办", body=draft.case.title)
    for role, collective, name in parts.collectives:
        if collective["open"]:
            Nomination.objects.create(duty=duty, role=role, printed=name, predicate=collective["predicate"])
        else:
            members = organisation.members(Predicate.of(collective["predicate"]), draft.case.division, day)
            give_parts(draft, duty, role, [u.pk for u in members if u.pk not in units], deadlines)
    if duty.nominations.filter(settled_at__isnull=True).exists() and parts.owner is None:
        draft.enter(DutyState.AWAITING_NOMINATION)


def give_parts(
    draft: Draft, duty: Duty, role: Role, units: Sequence[int], deadlines: Sequence[dict[str, Any]]
) -> list[Duty]:
    """Make one child duty per unit of a collective, each with an owner, a process and clocks of its own."""
    parent = draft.case
    first = duty.children_total + 1
    children = []
    for k, unit in enumerate(units, start=first):
        facts = _facts(duty.notice, f"{parent.number}-{k:03d}", parent.title, unit, draft.by, draft.at)
        with opening(**facts, parent=parent) as part:
            child = Duty.objects.create(
                case=part.case, notice=duty.notice, position=duty.position, number=duty.number, path=duty.path,
                text=duty.text, printed=duty.printed, spans=duty.spans, persons=duty.persons,
                cycle=duty.cycle, back_entered=duty.back_entered,
            )
            _targets(child, [{"expr": t.expr, "operator": t.operator, "value": t.value, "unit": t.unit} for t in duty.targets.all()])
            if parent.public_from:
                part.publish()
            part.involve(Role.SUPERVISING, duty.notice.case.owner_id)
            part.involve(Role.RESPONSIBLE, unit)
            part.record(DutyEstablished(notice=str(duty.notice), position=duty.position, back_entered=duty.back_entered))
            begin_process(part, PROCESS, _process_facts(child))
            take_step(part, "submit_decomposition")
            take_step(part, "approve_decomposition", outcome="approved")
            dispatch(part, child, deadlines, Parts({Role.LEAD: [], Role.RESPONSIBLE: [unit], Role.SUPPORT: []}, []))
        children.append(child)
    duty.children_total += len(children)
    duty.save(update_fields=["children_total"])
    return children


def nominate_units(nomination: Nomination, units: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Say which units an open collective (有关部门) means; each gets its part of the duty."""
    duty = nomination.duty
    day = beijing_day(at)
    require(by, "directives.supervise", on=day, unit=duty.notice.case.owner_id, kind="duty")
    if not units:
        raise Malformed("请至少指定一个单位。", errors={"units": "请至少指定一个单位。"})
    with writing(duty.case, by=by, at=at) as draft:
        nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
        if nomination.settled_at:
            raise WrongState(state="已指定")
        nomination.settled_at = at
        nomination.save()
        names = list(Unit.objects.filter(pk__in=units).order_by("sort_key").values_list("name", flat=True))
        draft.record(UnitsNominated(collective=nomination.printed, units=tuple(units), names="、".join(names)))
        give_parts(draft, duty, Role(nomination.role), list(units), clocks.printed_deadlines(duty))
        if draft.case.state == DutyState.AWAITING_NOMINATION:
            draft.enter(DutyState.IN_PROGRESS)


def _parts(row: Proposal) -> Parts:
    units: dict[Role, list[int]] = {Role.LEAD: [], Role.RESPONSIBLE: [], Role.SUPPORT: []}
    collectives = []
    for role in units:
        for named in row.units.get(role.value, ()):
            if named.get("unit"):
                units[role].append(named["unit"])
            else:
                collectives.append((role, named["collective"], named["printed"]))
    taken: set[int] = set()  # a unit named twice has the weightier part only
    for role, ids in units.items():
        units[role] = [unit for unit in dict.fromkeys(ids) if unit not in taken]
        taken.update(ids)
    return Parts(units, collectives)


def _facts(notice: Notice, number: str, title: str, owner: int, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "kind": "duty",
        "title": title,
        "owner_id": owner,
        "division_id": notice.case.division_id,
        "origin": notice.case,
        "state": DutyState.DRAFT,
        "rulebook_hash": notice.case.rulebook_hash,
        "by": by,
        "at": at,
    }


def _short(row: Proposal) -> str:
    return row.title or (row.text if len(row.text) <= 80 else f"{row.text[:79]}…")


def _process_facts(duty: Duty) -> dict[str, Any]:
    return {"back_entered": duty.back_entered}


def _targets(duty: Duty, targets: Sequence[dict[str, Any]]) -> None:
    Target.objects.bulk_create(
        Target(
            duty=duty, position=k, expr=t["expr"], operator=t.get("operator") or "", value=t.get("value"),
            unit=t.get("unit") or "",
        )
        for k, t in enumerate(targets, start=1)
    )


def issued_on(notice: Notice, case: Case) -> date:
    """Return the day from which "after issue" is counted: the notice's own date, else the day it came in."""
    return notice.signed_on or beijing_day(case.opened_at)
