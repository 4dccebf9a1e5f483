"""Notices and duties in the search table: brought up to date at the end of every writing that changes what is found.

It is settled there and not by single events, because a case gets its public face, its units and its
words by many acts, and only the end of a writing knows them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yangguang.domains.directives.commands.lighting import settle_light
from yangguang.domains.directives.models import Duty, Notice
from yangguang.kernel.ledger.models import Case, Participation
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.search.commands import put
from yangguang.kernel.search.models import Indexed


@dataclass(frozen=True, slots=True)
class Found:
    """What can be found of a case, and by whom."""

    title: str
    body: str
    public: bool
    units: list[int]
    day: date | None = None


def settle_duty(case: Case, at: datetime) -> None:
    """Bring a duty's stored light and its place in the search up to date."""
    settle_light(case, at)
    wanted = Duty.objects.filter(case=case)
    row = wanted.values_list("path", "text", "dispatched_on", "notice__document_number").first()
    if row is not None:
        path, text, day, number = row
        body = "\n".join(part for part in (" ".join(path), text, number) if part)
        _put(case, Found(case.title, body, case.public_from is not None, _units(case), day))


def settle_notice(case: Case, _at: datetime) -> None:
    """Bring a notice's place in the search up to date."""
    notice = Notice.objects.filter(case=case).first()
    if notice is not None:
        words = f"{notice.document_number} {notice.issuer}\n{notice.text}"
        _put(case, Found(case.title, words, case.public_from is not None, _units(case), notice.signed_on))


def _put(case: Case, found: Found) -> None:
    rows = Indexed.objects.filter(kind=case.kind, ref=case.number)
    if rows.values_list("title", "body", "public", "units").first() == (
        found.title,
        found.body,
        found.public,
        found.units,
    ):
        return
    put(
        case.kind,
        case.number,
        title=found.title,
        body=found.body,
        url_name=f"directives:{case.kind}",
        url_args=[case.number],
        units=found.units,
        public=found.public,
        day=found.day,
        names=_names(found.units),
    )


def _units(case: Case) -> list[int]:
    parts = Participation.objects.filter(case=case).values_list("unit_id", flat=True)
    return sorted({case.owner_id, *parts})


def _names(units: Iterable[int]) -> list[str]:
    return list(Unit.objects.filter(pk__in=units).order_by("pk").values_list("name", flat=True))
