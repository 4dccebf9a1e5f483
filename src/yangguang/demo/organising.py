"""The invented province set up as a real one would be: by the commands of the office, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yangguang.demo.vocabulary import PASSWORD
from yangguang.kernel.accounts.commands import open_demo_account, register_citizen, shared_password
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.office import commands as office
from yangguang.kernel.office.commands.beginning import Beginning
from yangguang.kernel.office.vocabulary import SETUP, UNKNOWN_START
from yangguang.kernel.organisation.models import Division, Officer, Person, Role, Unit
from yangguang.kernel.organisation.vocabulary import Level, Nature

#: names of the posts that units get without a line of their own
CLERK_POST, HEAD_POST = "经办人", "负责人"
PROVINCE, GOVERNMENT = "99", "99-gov"


@dataclass
class Organiser:
    """Sets the province up from its content file, acting as the set-up of an instance does."""

    content: Mapping[str, Any]
    at: datetime
    numbered: int = 1
    by: Actor = field(default_factory=lambda: Actor.system(SETUP))

    def organise(self) -> None:
        """Write divisions, units, their history, roles, people, delegations and logins."""
        self._begin()
        self._divisions()
        for row in self.content["units"]:
            self._unit(row)
        self._changes()
        self._roles()
        self._people()
        self._logins()

    def _begin(self) -> None:
        first = self.content["beginning"]
        office.begin_organisation(
            Beginning(
                division_code=PROVINCE,
                division_name="青禾省",
                level=Level.PROVINCE,
                unit_code=GOVERNMENT,
                unit_name="青禾省人民政府",
                person_number=first["number"],
                person_name=first["name"],
            ),
            at=self.at,
        )

    def _divisions(self) -> None:
        made = {PROVINCE: Division.objects.get(code=PROVINCE)}
        for row in self.content["divisions"]:
            code = row["code"]
            parent = max((known for known in made if code.startswith(known)), key=len)
            made[code] = office.create_division(
                code,
                row["name"],
                level=Level(row["level"]),
                parent=made[parent],
                branch=row.get("branch", False),
                short_name=row.get("short", ""),
                valid_from=UNKNOWN_START,
                by=self.by,
                at=self.at,
            )

    def _unit(self, row: Mapping[str, Any]) -> None:
        office.create_unit(
            row["code"],
            row["name"],
            division=Division.objects.get(code=row["in"]),
            nature=Nature(row["nature"]),
            superior=unit_of(row.get("under")),
            counterpart=unit_of(row.get("counterpart")),
            plate_of=unit_of(row.get("plate_of")),
            short_names=row.get("short", ()),
            valid_from=UNKNOWN_START,
            by=self.by,
            at=self.at,
        )

    def _changes(self) -> None:
        for row in self.content["renamed"]:
            office.rename_unit(
                Unit.objects.get(code=row["unit"]),
                row["name"],
                short_names=row["short"],
                valid_from=row["from"],
                by=self.by,
                at=self.at,
            )
        for row in self.content["merged"]:
            unit, heir = (Unit.objects.get(code=row[key]) for key in ("unit", "into"))
            office.merge_unit(unit, heir, valid_from=row["from"], by=self.by, at=self.at)
        for row in self.content["aliases"]:
            office.learn_alias(Unit.objects.get(code=row["unit"]), row["text"], by=self.by, at=self.at)
        for row in self.content["collectives"]:
            office.define_collective(
                row["name"], {"units": row["units"]}, valid_from=UNKNOWN_START, by=self.by, at=self.at
            )

    def _roles(self) -> None:
        for code, row in self.content["roles"].items():
            office.define_role(code, row["name"], row["capabilities"], by=self.by, at=self.at)

    def _people(self) -> None:
        for row in self.content["units"]:
            for key, post, role in (("clerk", CLERK_POST, "handler"), ("head", HEAD_POST, "head")):
                if key in row:
                    self._appoint({"name": row[key], "unit": row["code"], "post": post, "roles": [role]})
        for row in self.content["people"]:
            self._appoint(row)
        for row in self.content["delegations"]:
            giver, taker = (officer_of_login(row[key]) for key in ("giver", "taker"))
            office.delegate(
                giver,
                taker,
                row["capabilities"],
                valid_from=row["from"],
                valid_to=row["to"],
                by=Actor.officer(giver.pk, giver.post.unit_id),
                at=self.at,
            )

    def _appoint(self, row: Mapping[str, Any]) -> None:
        self.numbered += 1
        unit, day = Unit.objects.get(code=row["unit"]), self._day
        roles = [Role.objects.get(code=code) for code in row["roles"]]
        scope = unit_of(row.get("scope"))
        post = office.create_post(unit, row["post"], roles, scope=scope, valid_from=day, by=self.by, at=self.at)
        person = office.add_person(f"QH-{self.numbered:04d}", row["name"], by=self.by, at=self.at)
        office.appoint(person, post, valid_from=day, by=self.by, at=self.at)
        if "login" in row:
            open_demo_account(person, row["login"], PASSWORD, by=self.by, at=self.at)

    def _logins(self) -> None:
        administrator = Person.objects.get(number=self.content["beginning"]["number"])
        open_demo_account(administrator, self.content["administrator_login"], PASSWORD, by=self.by, at=self.at)
        for row in self.content["citizens"]:
            account = Account(username=row["login"], is_demo=True, password=shared_password(PASSWORD))
            register_citizen(account, real_name=row["name"], phone=row["phone"], at=self.at)

    @property
    def _day(self) -> date:
        return self.at.date()


def unit_of(code: str | None) -> Unit | None:
    """Return the unit of a code, None for none."""
    return Unit.objects.get(code=code) if code else None


def officer_of_login(username: str) -> Officer:
    """Return the officer behind a demonstration login."""
    return Officer.objects.select_related("post__unit").get(person__accounts__username=username)
