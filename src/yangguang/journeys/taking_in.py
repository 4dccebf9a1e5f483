"""A whole organisation from a workbook, and links to their accounts for the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from yangguang.kernel.accounts.commands import invite_staff
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.ledger.spoken import told
from yangguang.kernel.ledger.vocabulary import Actor, Refused
from yangguang.kernel.office.commands import Import, apply_import
from yangguang.kernel.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Invited:
    """One person of the workbook: the token of the link, or the sentence why there is none."""

    number: str
    name: str
    username: str
    token: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a workbook changed, and who was invited."""

    imported: Import
    invited: list[Invited] = field(default_factory=list)


def take_in(content: bytes, *, by: Actor, at: datetime) -> TakenIn:
    """Write what the workbook changes, all of it or nothing; then invite its people who have a login name.

    Who has an account already is left alone, so that the same workbook can be taken in again. An invitation that is
    refused does not undo the import: it is told in its line.
    """
    imported = apply_import(content, by=by, at=at)
    taken = TakenIn(imported)
    names: dict[str, tuple[str, str]] = {}
    for row in imported.rows:
        if row.sheet == "person" and row["username"]:
            names.setdefault(row["number"], (row["name"], row["username"]))
    have = set(
        Account.objects.filter(is_active=True, person__number__in=names).values_list("person__number", flat=True)
    )
    for number, (name, username) in names.items():
        if number not in have:
            taken.invited.append(_invite(number, name, username, by, at))
    return taken


def _invite(number: str, name: str, username: str, by: Actor, at: datetime) -> Invited:
    try:
        token = invite_staff(Person.objects.get(number=number), username, by=by, at=at)
    except Refused as refused:
        says = "；".join(told(refused).errors.values()) or told(refused).says
        return Invited(number, name, username, refused=says)
    return Invited(number, name, username, token=token)
