"""Taking files in from the command line: drafts for an office to confirm, never more than drafts."""

from __future__ import annotations

from yangguang.domains.directives.commands.intake import receive_notice
from yangguang.domains.directives.vocabulary import AlreadyKnown
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.queries import in_force
from yangguang.platform.now import now, today
from yangguang.platform.unusable import Unusable

IMPORTER = "import"
INTAKE = "directives.intake"


def intake_office(code: str | None) -> Unit:
    """Return the office of that code, or the highest one with a post that takes notices in."""
    offices = Unit.objects.filter(in_force(today())).select_related("division")
    if code:
        found = offices.filter(code=code).first()
        if found is None:
            raise Unusable(f"There is no office {code} in this instance.", "Give the code of a unit that exists.")
        return found
    taking = offices.filter(posts__roles__capabilities__contains=[INTAKE]).distinct()
    highest = sorted(taking, key=lambda unit: (len(unit.division.code), unit.code))
    if not highest:
        raise Unusable(
            "No office of this instance takes notices in.", f"Give a post a role with {INTAKE}, or name --unit."
        )
    return highest[0]


def import_notice(data: bytes, name: str, office: Unit) -> tuple[str, bool]:
    """Take one file in for an office; return its case number and whether it is new. Raises ``Unreadable``."""
    try:
        notice = receive_notice(data, name, by=Actor(ActorKind.SYSTEM, IMPORTER, office.pk), at=now())
    except AlreadyKnown as known:
        return str(known.facts["number"]), False
    return notice.case.number, True
