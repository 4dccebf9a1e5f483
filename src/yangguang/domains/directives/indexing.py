"""Notices and duties in the search table: brought up to date at the end of every writing that changes what is found.

It is settled there and not by single events, because a case gets its public face, its units and its
words by many acts, and only the end of a writing knows them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.domains.directives.commands.lighting import settle_lights_of
from yangguang.domains.directives.models import Duty, Notice
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.search.commands import Record, put_all
from yangguang.kernel.search.models import Indexed


@dataclass(frozen=True, slots=True)
class Found:
    """What can be found of a case, and by whom."""

    title: str
    body: str
    public: bool
    units: list[int]
    day: date | None = None


def settle_duties(cases: Sequence[Case], at: datetime) -> None:
    """Bring the stored lights of duties and their places in the search up to date."""
    by_id, units = {case.pk: case for case in cases}, _units(cases)
    duties = list(Duty.objects.filter(case__in=cases).select_related("notice"))
    wanted = []
    for duty in duties:
        case = duty.case = by_id[duty.case_id]
        number = duty.notice.document_number if duty.notice else ""
        body = "\n".join(part for part in (" ".join(duty.path), duty.text, number) if part)
        public = case.public_from is not None
        wanted.append((case, Found(case.title, body, public, units[case.pk], duty.dispatched_on)))
    settle_lights_of(duties, at)
    _put(wanted)


def settle_notices(cases: Sequence[Case], _at: datetime) -> None:
    """Bring the places of notices in the search up to date."""
    by_id, units = {case.pk: case for case in cases}, _units(cases)
    wanted = []
    for notice in Notice.objects.filter(case__in=cases):
        case = by_id[notice.case_id]
        words = f"{notice.document_number} {notice.issuer}\n{notice.text}"
        wanted.append((case, Found(case.title, words, case.public_from is not None, units[case.pk], notice.signed_on)))
    _put(wanted)


def _put(wanted: Sequence[tuple[Case, Found]]) -> None:
    """Put anew what is found otherwise than it stands."""
    rows = Indexed.objects.filter(kind__in={c.kind for c, _ in wanted}, ref__in=[c.number for c, _ in wanted])
    fields = ("kind", "ref", "title", "body", "public", "units")
    there = {(kind, ref): rest for kind, ref, *rest in rows.values_list(*fields)}
    stale = [
        (case, found)
        for case, found in wanted
        if there.get((case.kind, case.number)) != [found.title, found.body, found.public, found.units]
    ]
    if not stale:
        return
    names = dict(Unit.objects.filter(pk__in={u for _, found in stale for u in found.units}).values_list("pk", "name"))
    put_all(
        Record(
            case.kind,
            case.number,
            title=found.title,
            body=found.body,
            url_name=f"directives:{case.kind}",
            url_args=[case.number],
            units=found.units,
            public=found.public,
            day=found.day,
            names=[names[unit] for unit in found.units],
        )
        for case, found in stale
    )


def _units(cases: Sequence[Case]) -> dict[int, list[int]]:
    units = {case.pk: {case.owner_id} for case in cases}
    for case, unit in Participation.objects.filter(case__in=cases).values_list("case", "unit"):
        units[case].add(unit)
    return {case: sorted(found) for case, found in units.items()}
