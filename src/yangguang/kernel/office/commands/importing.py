"""Taking in a whole organisation from a workbook: first a dry run, then all of it or nothing."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.vocabulary import Actor, Malformed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.commands.divisions import create_division
from yangguang.kernel.office.commands.people import add_person, appoint, create_post
from yangguang.kernel.office.commands.units import create_unit
from yangguang.kernel.office.plans import LEVELS, NATURES, YES_NO, Change, Import, Known, plan
from yangguang.kernel.office.sheets import Row, RowError, read_workbook, write_template
from yangguang.kernel.office.vocabulary import DIVISIONS, IMPORTS, PEOPLE, UNITS, UNKNOWN_START, OrganisationImported
from yangguang.kernel.organisation.models import Division, Officer, Person, Post, Role, Unit
from yangguang.platform.now import beijing_day

__all__ = ["Change", "Import", "RowError", "apply_import", "plan_import", "workbook"]


def workbook() -> bytes:
    """Return the empty workbook to fill in, with titles and hints."""
    return write_template()


def plan_import(content: bytes) -> Import:
    """Return what a workbook would change and every row that is wrong; nothing is written (dry run)."""
    rows, errors = read_workbook(content)
    return plan(rows, errors, _known())


def apply_import(content: bytes, *, by: Actor, at: datetime) -> Import:
    """Write what the workbook changes, all of it or nothing; Malformed with its errors by place otherwise."""
    day = beijing_day(at)
    for capability in (DIVISIONS, UNITS, PEOPLE):
        require(by, capability, on=day)
    with writing(IMPORTS, by=by, at=at) as draft:
        planned = plan_import(content)
        if planned.errors:
            raise Malformed(
                "工作簿有错误，没有导入任何内容。",
                errors={f"{number}": str(error) for number, error in enumerate(planned.errors, start=1)},
            )
        for change in planned.changes:
            if change.is_new:
                _WRITERS[change.row.sheet](change.row, by, at)
        draft.record(
            OrganisationImported(
                sha256=sha256(content).hexdigest(),
                created=planned.created,
                same=len(planned.changes) - planned.created,
            )
        )
    return planned


def _known() -> Known:
    posts = Post.objects.filter(valid_to__isnull=True)
    held = Officer.objects.filter(valid_to__isnull=True, post__in=posts)
    return Known(
        divisions=dict(Division.objects.values_list("code", "name")),
        units=dict(Unit.objects.values_list("code", "name")),
        people=dict(Person.objects.values_list("number", "name")),
        roles=frozenset(Role.objects.values_list("code", flat=True)),
        posts=frozenset(posts.values_list("unit__code", "name")),
        held=frozenset(held.values_list("person__number", "post__unit__code", "post__name")),
    )


def _write_division(row: Row, by: Actor, at: datetime) -> None:
    create_division(
        row["code"],
        row["name"],
        level=LEVELS[row["level"]],
        parent=Division.objects.get(code=row["parent"]) if row["parent"] else None,
        short_name=row["short_name"],
        branch=YES_NO[row["branch"]],
        valid_from=_start(row, UNKNOWN_START),
        by=by,
        at=at,
    )


def _write_unit(row: Row, by: Actor, at: datetime) -> None:
    create_unit(
        row["code"],
        row["name"],
        division=Division.objects.get(code=row["division"]),
        nature=NATURES[row["nature"]],
        superior=_unit(row["superior"]),
        level=LEVELS[row["level"]] if row["level"] else None,
        counterpart=_unit(row["counterpart"]),
        plate_of=_unit(row["plate_of"]),
        short_names=row.listed("short_names"),
        valid_from=_start(row, UNKNOWN_START),
        by=by,
        at=at,
    )


def _write_post(row: Row, by: Actor, at: datetime) -> None:
    create_post(
        Unit.objects.get(code=row["unit"]),
        row["name"],
        list(Role.objects.filter(code__in=row.listed("roles"))),
        scope=_unit(row["scope"]),
        valid_from=_start(row, beijing_day(at)),
        by=by,
        at=at,
    )


def _write_person(row: Row, by: Actor, at: datetime) -> None:
    person = Person.objects.filter(number=row["number"]).first() or add_person(row["number"], row["name"], by=by, at=at)
    if row["post"]:
        post = Post.objects.get(unit__code=row["unit"], name=row["post"], valid_to__isnull=True)
        if not Officer.objects.filter(person=person, post=post, valid_to__isnull=True).exists():
            appoint(person, post, valid_from=_start(row, max(post.valid_from, beijing_day(at))), by=by, at=at)


_WRITERS = {"division": _write_division, "unit": _write_unit, "post": _write_post, "person": _write_person}


def _unit(code: str) -> Unit | None:
    return Unit.objects.get(code=code) if code else None


def _start(row: Row, otherwise: date) -> date:
    return date.fromisoformat(row["valid_from"]) if row["valid_from"] else otherwise
