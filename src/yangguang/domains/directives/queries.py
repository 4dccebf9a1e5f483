"""Reads of the directives room: ledgers of duties, counts by light, what a page needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from yangguang.domains.directives import rules
from yangguang.domains.directives.models import Duty, LightNote, Nomination, Notice, Receipt
from yangguang.domains.directives.vocabulary import (
    COLLECTIVE_PROCESS,
    FINAL_STATES,
    HANDLING_LANE,
    HANDLING_ROLES,
    DutyState,
    Lamp,
    Light,
    Role,
)
from yangguang.kernel.ledger import deadlines
from yangguang.kernel.ledger.models import Case, Deadline, Participation
from yangguang.kernel.ledger.queries import case_in_sight, visible_cases
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.rulebook import house_rulebook

#: what says which acts stand open on a duty, beside its process
ACTED_ON = ("case__division", "receipts", "nominations", "extensions", "plan_proposals", "light_notes")


def notices(by: Actor | None, *, on: date) -> QuerySet[Notice]:
    """Return the notices in an actor's sight, newest first, with the count of their duties."""
    seen = visible_cases(by, on=on, kinds=("notice",))
    listed = Notice.objects.filter(case__in=seen).select_related("case__owner")
    return listed.annotate(duty_count=Count("duties", filter=Q(duties__case__parent=None))).order_by("-case__opened_at")


def notice(number: str, by: Actor | None, *, on: date) -> Notice:
    """Return one notice by its case number, or raise ``NotFound``."""
    return Notice.objects.select_related("case__owner__division").get(
        case=case_in_sight(number, by, on=on, kinds=("notice",))
    )


def correction_of(notice: Notice) -> Notice | None:
    """Return the notice that corrects or replaces this one, if there is one."""
    return Notice.objects.filter(replaces=notice).select_related("case").first()


def duty_beside(duty: Duty, number: str) -> Duty | None:
    """Return the duty of that number in the same division, into which another may be merged."""
    return Duty.objects.filter(case__number=number, case__owner__division=duty.case.division).first()


def duties(by: Actor | None, *, on: date) -> QuerySet[Duty]:
    """Return the duties in an actor's sight with what a ledger row shows, in the order of the notice."""
    seen = visible_cases(by, on=on, kinds=("duty",))
    next_due = Min("case__deadlines__due_on", filter=Q(case__deadlines__state="running"))
    parts = Participation.objects.select_related("unit")
    return (
        Duty.objects.filter(case__in=seen)
        .select_related("case__owner", "case__parent", "notice__case")
        .prefetch_related(Prefetch("case__participations", queryset=parts))
        .annotate(next_due_on=next_due)
        .order_by("-notice__signed_on", "notice", "position", "case__number")
    )


def duty(number: str, by: Actor | None, *, on: date) -> Duty:
    """Return one duty by its case number, or raise ``NotFound``."""
    return (
        Duty.objects.select_related("case__owner", "case__division", "case__parent", "notice__case")
        .prefetch_related("targets", "extensions__deadline", "objections__unit", "receipts__unit", "nominations")
        .prefetch_related(Prefetch("case__participations", queryset=Participation.objects.select_related("unit")))
        .get(case=case_in_sight(number, by, on=on, kinds=("duty",)))
    )


def duties_of_unit(unit: int, by: Actor | None, *, on: date) -> QuerySet[Duty]:
    """Return the duties in which a unit has a part, as far as the actor may see them."""
    part = Participation.objects.filter(unit=unit).exclude(role=Role.SUPERVISING).values("case")
    return duties(by, on=on).filter(case__in=part)


def to_sign(unit: int) -> QuerySet[Receipt]:
    """Return the receipts a unit still has to sign, oldest first."""
    waiting = Receipt.objects.filter(unit=unit, signed_at__isnull=True, duty__case__closed_at__isnull=True)
    return waiting.select_related("duty__case").order_by("duty__case__opened_at")


def lamps(listed: QuerySet[Duty]) -> dict[Lamp, int]:
    """Return how many of the listed duties show each light, all six always there."""
    counted = dict(listed.order_by().values_list("lamp").annotate(n=Count("pk", distinct=True)))
    return {lamp: counted.get(lamp.value, 0) for lamp in Lamp}


def facts_of(duty: Duty, clocks: Sequence[Deadline]) -> rules.DutyFacts:
    """Return what the light of a duty is computed from; a clock that binds another unit is not the owner's fault."""
    counted = [
        rules.ClockFacts(c.label, c.due_on, c.provisional, c.soft, c.key.split(":", 1)[0])
        for c in clocks
        if c.state == "running" and c.due_on and c.unit_id in (None, duty.case.owner_id)
    ]
    # what only a collective handles has no progress of its own: its parts are compared with the plan, each by itself
    start = None if duty.case.process_key == COLLECTIVE_PROCESS else duty.dispatched_on
    return rules.DutyFacts(DutyState(duty.case.state), start, duty.percent, duty.plan, counted)


def light_of(
    duty: Duty, today: date, clocks: Sequence[Deadline] | None = None, chain: Sequence[str] | None = None
) -> Light:
    """Return the light of a duty on a day, with its reason and citation: computed, never typed."""
    case = duty.case
    clocks = list(deadlines.running(case)) if clocks is None else clocks
    return rules.light(
        facts_of(duty, clocks),
        today=today,
        book=house_rulebook(),
        calendar=deadlines.calendar_of(case),
        chain=chain or division_chain(case.division.code),
    )


def light_note(duty: Duty, today: date) -> LightNote | None:
    """Return the signed note that stands beside the light on a day."""
    notes = LightNote.objects.filter(duty=duty, withdrawn_on=None, noted_on__lte=today, until__gte=today)
    return notes.select_related("unit").first()


def parts_of(duty: Duty) -> Mapping[Role, list[Participation]]:
    """Return who has what part in a duty, in the order printed."""
    parts: dict[Role, list[Participation]] = {role: [] for role in Role}
    for part in duty.case.participations.all():
        parts[Role(part.role)].append(part)
    return parts


def children_of(duty: Duty) -> QuerySet[Duty]:
    """Return the parts of a duty given to a collective, with their units."""
    return Duty.objects.filter(case__parent=duty.case).select_related("case__owner").order_by("case__number")


def open_nominations(by: Actor, *, on: date) -> QuerySet[Nomination]:
    """Return the collectives that still wait for somebody to say whom they mean."""
    seen = visible_cases(by, on=on, kinds=("duty",))
    return Nomination.objects.filter(settled_at__isnull=True, duty__case__in=seen).select_related("duty__case")


@dataclass(frozen=True, slots=True)
class UnitTally:
    """One unit's duties by light, for rankings that anyone can check."""

    unit: int
    name: str
    total: int
    by_lamp: Mapping[str, int]
    reports_due: int
    reports_late: int


def tallies(by: Actor | None, *, on: date) -> list[UnitTally]:
    """Return the duties of each handling unit by light, and its reports due and late so far."""
    cases = visible_cases(by, on=on, kinds=("duty",))
    rows = (
        Duty.objects.filter(case__in=cases)
        .order_by()
        .values("case__owner", "case__owner__name", "case__owner__sort_key", "lamp")
        .annotate(n=Count("pk"))
    )
    reports = (
        Deadline.objects.filter(case__in=cases, key__startswith="report:", due_on__lte=on)
        .order_by()
        .values("case__owner")
        .annotate(due=Count("pk"), late=Count("pk", filter=Q(state="running") | Q(met_on__gt=on)))
    )
    late = {row["case__owner"]: (row["due"], row["late"]) for row in reports}
    found: dict[int, dict[str, int]] = {}
    names: dict[int, tuple[str, str]] = {}
    for row in rows:
        found.setdefault(row["case__owner"], {})[row["lamp"]] = row["n"]
        names[row["case__owner"]] = (row["case__owner__sort_key"], row["case__owner__name"])
    return [
        UnitTally(unit, names[unit][1], sum(lit.values()), lit, *late.get(unit, (0, 0)))
        for unit, lit in sorted(found.items(), key=lambda item: names[item[0]])
    ]


def handling_cases(unit: int) -> QuerySet[Case]:
    """Return the open duty cases a unit handles, for its calendar feed."""
    part = Participation.objects.filter(unit=unit, role__in=[r.value for r in HANDLING_ROLES]).values("case")
    return Case.objects.filter(kind="duty", pk__in=part).exclude(state__in=[s.value for s in FINAL_STATES])


def unit_of_lane(case: Case, role: str) -> int | None:
    """Return the unit that holds a lane of the duty's process: the owner handles, the office does the rest."""
    if role == HANDLING_LANE:
        return case.owner_id
    office = Participation.objects.filter(case=case, role=Role.SUPERVISING).values_list("unit_id", flat=True).first()
    return office or case.owner_id
