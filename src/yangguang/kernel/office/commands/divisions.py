"""Writes on divisions."""

from __future__ import annotations

from datetime import date, datetime

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.vocabulary import Actor
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.commands.units import check_fields, check_record, rekey_units
from yangguang.kernel.office.vocabulary import DIVISIONS, STREAM, AlreadyRegistered, DivisionCreated, DivisionRenamed
from yangguang.kernel.organisation.models import Division
from yangguang.kernel.organisation.names import pinyin_key, short_division_name
from yangguang.kernel.organisation.queries import division_subtree
from yangguang.kernel.organisation.vocabulary import Level
from yangguang.platform.now import beijing_day


def create_division(
    code: str,
    name: str,
    *,
    level: Level,
    valid_from: date,
    by: Actor,
    at: datetime,
    parent: Division | None = None,
    branch: bool = False,
    short_name: str = "",
) -> Division:
    """Enter a division (区划) under its GB/T 2260 code, or a park beside the tree (`branch`)."""
    require(by, DIVISIONS, on=beijing_day(at))
    division = Division(
        code=code,
        name=name,
        short_name=short_name or short_division_name(name),
        level=level,
        parent=parent,
        branch=branch,
        valid_from=valid_from,
        sort_key=pinyin_key(name),
    )
    with writing(STREAM, by=by, at=at) as draft:
        if Division.objects.filter(code=code).exists():
            raise AlreadyRegistered(what=code)
        check_fields(division)
        division.save(force_insert=True)
        draft.record(DivisionCreated(code=code, title=name))
    return division


def rename_division(division: Division, name: str, *, by: Actor, at: datetime, short_name: str = "") -> None:
    """Give a division another name, and compare the names of its units by it from now on."""
    require(by, DIVISIONS, on=beijing_day(at))
    with writing(STREAM, by=by, at=at) as draft:
        before = division.name
        division.name, division.short_name = name, short_name or short_division_name(name)
        division.sort_key = pinyin_key(name)
        check_record(division)
        division.save()
        rekey_units(division_subtree(division))
        draft.record(DivisionRenamed(code=division.code, before=before, title=name))
