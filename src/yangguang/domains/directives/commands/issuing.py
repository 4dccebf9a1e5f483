"""Issuing a decomposition: approved rows become duties with owners, parts and clocks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet

from yangguang.domains.directives import rules
from yangguang.domains.directives.commands import clocks
from yangguang.domains.directives.commands.intake import in_state
from yangguang.domains.directives.commands.telling import notes_to, tell_units
from yangguang.domains.directives.models import Duty, Nomination, Notice, Proposal, Receipt, Report, Target
from yangguang.domains.directives.vocabulary import (
    COLLECTIVE_PROCESS,
    HANDLING_LANE,
    PROCESS,
    DecompositionApproved,
    DutyDispatched,
    DutyEstablished,
    DutyState,
    NoticePublished,
    NoticeState,
    ProgressTakenOver,
    Role,
    UnitsNominated,
    WrongState,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import Draft, opening, opening_all, writing
from yangguang.kernel.organisation import queries as organisation
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.vocabulary import Predicate
from yangguang.kernel.outbox.commands import send_notes
from yangguang.kernel.processes.commands import Taken, begin_process, begin_processes, take_step
from yangguang.kernel.processes.queries import commands_now
from yangguang.platform.now import BEIJING, beijing_day

#: subject of the message that a unit has a duty
DISPATCH = "督查事项交办"


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
    require(by, "directives.approve", on=beijing_day(at), unit=notice.case.owner_id, kind="notice")
    with writing(notice.case, by=by, at=at) as draft:
        in_state(draft.case, NoticeState.CONFIRMED)
        if notice.replaces_id:
            raise WrongState("这是更正稿，不能直接交办。", remedy="请在更正对照页核对后办理更正。")
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
    """Set one row up as a duty, take it through approval and dispatch it.

    A duty that is taken over while it runs keeps its own day: its entries say that it
    happened then and was recorded now.
    """
    parts = parts_of_row(row)
    supervising = notice.case.owner_id
    number = f"{notice.case.number.replace('-N', '-D')}-{row.position:03d}"
    then = original_moment(notice, at)
    facts = _facts(notice, number, short_title(row.title, row.text), parts.owner or supervising, by, then)
    with opening(**facts) as draft:
        duty = Duty.objects.create(
            case=draft.case,
            notice=notice,
            position=row.position,
            number=row.number,
            path=row.path,
            text=row.text,
            printed=printed_units(row),
            spans=(row.read or {}).get("spans", {}),
            persons=row.persons,
            printed_deadlines=clocks.keyed(row.deadlines),
            cycle=cycle_word(row.deadlines),
            percent=row.percent if notice.back_entered else 0,
            dispatched_on=beijing_day(then),
            back_entered=notice.back_entered,
        )
        _targets(duty, row.targets)
        if public:
            draft.publish()
        draft.involve(Role.SUPERVISING, supervising)
        for role, units in parts.units.items():
            draft.involve(role, *units)
        _begin(draft, duty, PROCESS if parts.owner else COLLECTIVE_PROCESS, parts)
        dispatch(draft, duty, parts, at=at)
        if duty.back_entered and (row.percent or row.status):
            _take_progress_over(draft, duty, row.status, at=at)
    return duty


def _take_progress_over(draft: Draft, duty: Duty, status: str, *, at: datetime) -> None:
    """Keep how the work stood when it was taken over, as the office entered it: no unit's own report."""
    draft.at = at  # it is told now, though the duty was given out then
    report = Report.objects.create(
        duty=duty, unit_id=duty.notice.case.owner_id, kind="taken_over", percent=duty.percent, text=status,
        given_at=at, state="accepted",
    )  # fmt: skip
    digest = hashlib.sha256(status.encode()).hexdigest()
    draft.record(ProgressTakenOver(report=report.pk, percent=duty.percent, sha256=digest))


def original_moment(notice: Notice, at: datetime) -> datetime:
    """Return when duties of a notice were given out: now, or for one taken over the morning it was signed."""
    if not notice.back_entered or not notice.signed_on or notice.signed_on >= beijing_day(at):
        return at
    return datetime.combine(notice.signed_on, time(9), BEIJING)


def _begin(draft: Draft, duty: Duty, process: str, parts: Parts) -> None:
    draft.record(_established(duty))
    waiting = sum(bool(collective["open"]) for _, collective, _ in parts.collectives)
    begin_process(draft, process, steps=issued_steps(back_entered=duty.back_entered, nominations=waiting))


def _established(duty: Duty) -> DutyEstablished:
    return DutyEstablished(notice=str(duty.notice), position=duty.position, back_entered=duty.back_entered)


def issued_steps(*, back_entered: bool = False, nominations: int = 0) -> tuple[Taken, ...]:
    """Return the steps that an approved duty has behind it when it reaches its units."""
    return (
        Taken("submit_decomposition"),
        Taken("approve_decomposition", "approved"),
        Taken("dispatch_duty", facts={"back_entered": back_entered, "nominations": nominations}),
    )


def dispatch(draft: Draft, duty: Duty, parts: Parts, *, at: datetime) -> None:
    """Hand a duty to its units: clocks start, messages go out, collectives are spread out or await nomination.

    ``at`` is the present moment, which for a duty taken over lies after the draft's own.
    """
    today = beijing_day(at)
    units = list(dict.fromkeys(u for role in (Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT) for u in parts.units[role]))
    signed_at = draft.at if duty.back_entered else None
    Receipt.objects.bulk_create([Receipt(duty=duty, unit_id=u, signed_at=signed_at) for u in units])
    named = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
    names = [*(named[u] for u in units), *(name for _, _, name in parts.collectives)]
    draft.record(DutyDispatched(units=tuple(units), names="、".join(names)))
    clocks.start_clocks(draft, duty, units, today=today)
    tell_units(draft, units, subject=DISPATCH, body=draft.case.title)
    for role, collective, name in parts.collectives:
        add_collective(draft, duty, role, collective, name, at=at)


def add_collective(
    draft: Draft, duty: Duty, role: Role, collective: dict[str, Any], name: str, *, at: datetime
) -> None:
    """Spread a duty out over the members of a collective, or let an open one wait for nomination."""
    if collective["open"]:
        Nomination.objects.create(duty=duty, role=role, printed=name, predicate=collective["predicate"])
        key = f"{clocks.NOMINATION}:{duty.nominations.count()}"
        clocks.start_rule_clock(draft, key, "duty.nomination", f"指定“{name}”"[:200])
        return
    members = organisation.members(Predicate.of(collective["predicate"]), draft.case.division, beijing_day(draft.at))
    have = set(draft.case.participations.values_list("unit_id", flat=True))
    have |= set(Case.objects.filter(parent=draft.case, kind="duty", closed_at=None).values_list("owner_id", flat=True))
    give_parts(draft, duty, [u for u in members if u.pk not in have], name, at=at)


def give_parts(draft: Draft, duty: Duty, units: Sequence[Unit], collective: str, *, at: datetime) -> list[Duty]:
    """Make one child duty per unit of a collective, each with an owner, a process and clocks of its own.

    The parts are written together: as many statements for one county as for all.
    """
    if not units:
        return []
    parent, office = draft.case, duty.notice.case.owner_id
    first = Case.objects.filter(parent=parent, kind="duty").count() + 1
    numbers = [f"{parent.number}-{k:03d}" for k, _ in enumerate(units, start=first)]
    facts = _facts(duty.notice, "", parent.title, 0, draft.by, draft.at)
    del facts["number"], facts["owner_id"]
    with opening_all(numbers, owners=[unit.pk for unit in units], parent=parent, **facts) as drafts:
        children = Duty.objects.bulk_create(
            Duty(
                case=part.case, notice=duty.notice, position=duty.position, number=duty.number, path=duty.path,
                text=duty.text, printed=duty.printed, spans=duty.spans, persons=duty.persons,
                printed_deadlines=duty.printed_deadlines, collective=collective[:200], cycle=duty.cycle,
                percent=duty.percent, back_entered=duty.back_entered, dispatched_on=beijing_day(draft.at),
            )
            for part in drafts
        )  # fmt: skip
        _copy_targets(duty, children)
        given = [(part, child, [unit.pk]) for part, child, unit in zip(drafts, children, units, strict=True)]
        for part, child, owner in given:
            if parent.public_from:
                part.publish()
            part.involve(Role.SUPERVISING, office)
            part.involve(Role.RESPONSIBLE, *owner)
            part.record(_established(child))
        begin_processes(
            drafts, PROCESS, steps=issued_steps(back_entered=duty.back_entered),
            lanes=lambda case, role: case.owner_id if role == HANDLING_LANE else office,
        )  # fmt: skip
        signed_at = draft.at if duty.back_entered else None
        Receipt.objects.bulk_create([Receipt(duty=c, unit_id=u, signed_at=signed_at) for _, c, (u,) in given])
        notes = []
        for (part, _, owner), unit in zip(given, units, strict=True):
            part.record(DutyDispatched(units=tuple(owner), names=unit.name))
            notes += notes_to(part, owner, subject=DISPATCH, body=parent.title)
        clocks.start_clocks_of(given, clocks.chain_of(draft), today=beijing_day(at))
        send_notes(notes, at=draft.at)
    duty.children_total += len(children)
    duty.save(update_fields=["children_total"])
    return children


def _copy_targets(duty: Duty, children: Sequence[Duty]) -> None:
    Target.objects.bulk_create(
        Target(duty=child, position=k, expr=t.expr, operator=t.operator, value=t.value, unit=t.unit)
        for t_all in [list(duty.targets.all())]
        for child in children
        for k, t in enumerate(t_all, start=1)
    )


def nominate_units(nomination: Nomination, units: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Say which units an open collective (有关部门) means; each gets its part of the duty."""
    duty = nomination.duty
    require(by, "directives.supervise", on=beijing_day(at), unit=duty.notice.case.owner_id, kind="duty")
    meant = members_of(nomination).filter(pk__in=units)
    if not units or len(meant) != len(set(units)):
        raise Malformed(errors={"units": "请在这个集体所指的单位中至少指定一个。"})
    with writing(duty.case, by=by, at=at) as draft:
        nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
        duty = Duty.objects.select_related("notice__case").get(pk=duty.pk)
        if nomination.settled_at or draft.case.closed_at or draft.case.state == DutyState.SUSPENDED:
            raise WrongState(state="已指定" if nomination.settled_at else DutyState(draft.case.state))
        nomination.settled_at = at
        nomination.save(update_fields=["settled_at"])
        ordered = list(meant.order_by("sort_key"))
        names = "、".join(unit.name for unit in ordered)
        draft.record(UnitsNominated(collective=nomination.printed, units=tuple(u.pk for u in ordered), names=names))
        place = duty.nominations.filter(pk__lte=nomination.pk).count()
        deadlines.meet_deadline(draft, f"{clocks.NOMINATION}:{place}")
        have = set(draft.case.participations.values_list("unit_id", flat=True))
        give_parts(draft, duty, [u for u in ordered if u.pk not in have], nomination.printed, at=at)
        if "nominate_units" in commands_now(draft.case):
            waiting = duty.nominations.filter(settled_at__isnull=True).count()
            take_step(draft, "nominate_units", facts={"nominations": waiting})


def members_of(nomination: Nomination) -> QuerySet[Unit]:
    """Return the units from which an open collective is to be named, as of the day the duty was set up."""
    case = nomination.duty.case
    return organisation.members(Predicate.of(nomination.predicate), case.division, beijing_day(case.opened_at))


def parts_of_row(row: Proposal) -> Parts:
    """Return who is to have what part in the duty of a row."""
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


def printed_units(row: Proposal) -> dict[str, list[str]]:
    """Return the names of units of a row as printed, by role."""
    return {role: [u["printed"] for u in units] for role, units in row.units.items()}


def cycle_word(printed: Sequence[dict[str, Any]]) -> str:
    """Return the report cycle that printed deadlines name, empty where they name none."""
    return rules.cycle_of(d["expr"] for d in printed if d["kind"] == "recurring") or ""


def _facts(notice: Notice, number: str, title: str, owner: int, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "kind": "duty",
        "title": title,
        "owner_id": owner,
        "division": notice.case.division,
        "origin": notice.case,
        "state": DutyState.DRAFT,
        "rulebook_hash": notice.case.rulebook_hash,
        "by": by,
        "at": at,
    }


def short_title(title: str, text: str) -> str:
    """Return what a duty is called: its title, else the beginning of its words."""
    return title or (text if len(text) <= 80 else f"{text[:79]}…")


def _targets(duty: Duty, targets: Sequence[dict[str, Any]]) -> None:
    Target.objects.bulk_create(
        Target(
            duty=duty, position=k, expr=t["expr"], operator=t.get("operator") or "", value=t.get("value"),
            unit=t.get("unit") or "",
        )
        for k, t in enumerate(targets, start=1)
    )

