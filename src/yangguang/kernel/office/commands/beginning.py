"""The first rows of a real instance: its division, its government's office, its first administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.commands.divisions import create_division
from yangguang.kernel.office.commands.people import add_person, appoint, create_post, define_role
from yangguang.kernel.office.commands.units import create_unit
from yangguang.kernel.office.vocabulary import (
    EVERYTHING,
    IMPORTS,
    SETUP,
    UNKNOWN_START,
    AlreadyBegun,
    OrganisationImported,
)
from yangguang.kernel.organisation.models import Officer
from yangguang.kernel.organisation.vocabulary import Level, Nature
from yangguang.platform.now import beijing_day

#: code of the role that manages the whole instance
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new instance must be told: whose it is, and who administers it."""

    division_code: str
    division_name: str
    level: Level
    unit_code: str
    unit_name: str
    person_number: str
    person_name: str
    post_name: str = "系统管理员"


def begin_organisation(beginning: Beginning, *, at: datetime) -> Officer:
    """Enter the division, its government and the first administrator, who then imports the rest; once only.

    The administrator manages the organisation and the accounts, and sees no content of any case.
    """
    by, day = Actor.system(SETUP), beijing_day(at)
    with writing(IMPORTS, by=by, at=at) as draft:
        if Officer.objects.exists():
            raise AlreadyBegun
        division = create_division(
            beginning.division_code,
            beginning.division_name,
            level=beginning.level,
            valid_from=UNKNOWN_START,
            by=by,
            at=at,
        )
        unit = create_unit(
            beginning.unit_code,
            beginning.unit_name,
            division=division,
            nature=Nature.GOVERNMENT,
            valid_from=UNKNOWN_START,
            by=by,
            at=at,
        )
        role = define_role(ADMINISTRATOR, "系统管理员", EVERYTHING, by=by, at=at)
        post = create_post(unit, beginning.post_name, [role], valid_from=day, by=by, at=at)
        person = add_person(beginning.person_number, beginning.person_name, by=by, at=at)
        officer = appoint(person, post, valid_from=day, by=by, at=at)
        draft.record(OrganisationImported(sha256="", created=6, same=0))
    return officer
