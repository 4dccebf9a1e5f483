"""Writes on units, their names through time, and what documents call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from yangguang.kernel.ledger.authority import require
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Malformed
from yangguang.kernel.ledger.writing import writing
from yangguang.kernel.office.vocabulary import (
    NAMES,
    STREAM,
    UNITS,
    AliasLearned,
    AlreadyRegistered,
    CollectiveDefined,
    HasEnded,
    MeansAnother,
    UnitCreated,
    UnitMerged,
    UnitMoved,
    UnitNamed,
    UnitRenamed,
    WouldLoop,
)
from yangguang.kernel.organisation.models import Alias, Collective, Division, Officer, Post, Unit, UnitName
from yangguang.kernel.organisation.names import comparison_key, pinyin_key, stem
from yangguang.kernel.organisation.queries import place_names, resolve_unit, unit_chain
from yangguang.kernel.organisation.vocabulary import How, Level, Nature, Predicate, PredicateRefused
from yangguang.platform.now import beijing_day

_DAY = timedelta(days=1)


def create_unit(
    code: str,
    name: str,
    *,
    division: Division,
    nature: Nature,
    valid_from: date,
    by: Actor,
    at: datetime,
    superior: Unit | None = None,
    level: Level | None = None,
    counterpart: Unit | None = None,
    plate_of: Unit | None = None,
    short_names: Sequence[str] = (),
) -> Unit:
    """Enter a unit (单位) with its official name; the level is the division's unless given."""
    require(by, UNITS, on=beijing_day(at), unit=superior.pk if superior else None)
    unit = Unit(
        code=code,
        name=name,
        division=division,
        nature=nature,
        level=level or division.level,
        superior=superior,
        counterpart=counterpart,
        plate_of=plate_of,
        valid_from=valid_from,
        sort_key=pinyin_key(name),
    )
    with writing(STREAM, by=by, at=at) as draft:
        if Unit.objects.filter(code=code).exists():
            raise AlreadyRegistered(what=code)
        check_fields(unit)
        unit.save(force_insert=True)
        _bear(unit, name, valid_from)
        for short in short_names:
            _bear(unit, short, valid_from, is_short=True)
        draft.record(UnitCreated(unit=unit.pk, code=code, title=name, valid_from=valid_from.isoformat()))
    return unit


def rename_unit(
    unit: Unit, name: str, *, valid_from: date, by: Actor, at: datetime, short_names: Sequence[str] = ()
) -> None:
    """Give a unit another official name from a day; old names keep leading to it, marked as former."""
    require(by, UNITS, on=beijing_day(at), unit=unit.pk)
    with writing(STREAM, by=by, at=at) as draft:
        _in_force(unit, valid_from)
        present = UnitName.objects.select_for_update().get(unit=unit, is_short=False, valid_to__isnull=True)
        if present.valid_from >= valid_from:
            raise HasEnded(what=present.name, on=valid_from.isoformat())
        before = unit.name
        unit.names.filter(valid_to__isnull=True, valid_from__lt=valid_from).update(valid_to=valid_from - _DAY)
        unit.name, unit.sort_key = name, pinyin_key(name)
        unit.save(update_fields=["name", "sort_key"])
        _bear(unit, name, valid_from)
        for short in short_names:
            _bear(unit, short, valid_from, is_short=True)
        draft.record(UnitRenamed(unit=unit.pk, before=before, title=name, valid_from=valid_from.isoformat()))


def add_short_name(unit: Unit, name: str, *, valid_from: date, by: Actor, at: datetime) -> None:
    """Enter an official short name (简称) of a unit."""
    require(by, UNITS, on=beijing_day(at), unit=unit.pk)
    with writing(STREAM, by=by, at=at) as draft:
        _in_force(unit, valid_from)
        if unit.names.filter(key=comparison_key(name), valid_to__isnull=True).exists():
            raise AlreadyRegistered(what=name)
        _bear(unit, name, valid_from, is_short=True)
        draft.record(UnitNamed(unit=unit.pk, title=name))


def merge_unit(unit: Unit, into: Unit, *, valid_from: date, by: Actor, at: datetime) -> None:
    """End a unit the day before; from that day its heir answers for it, its posts and appointments end."""
    day = beijing_day(at)
    require(by, UNITS, on=day, unit=unit.pk)
    require(by, UNITS, on=day, unit=into.pk)
    with writing(STREAM, by=by, at=at) as draft:
        _in_force(unit, valid_from)
        _in_force(into, valid_from)
        if unit == into or unit in unit_chain(into):
            raise WouldLoop(what=into.name)
        last = valid_from - _DAY
        unit.merged_into, unit.valid_to = into, last
        check_record(unit)
        unit.save()
        posts = Post.objects.filter(unit=unit)
        for rows in (unit.names.all(), posts, Officer.objects.filter(post__in=posts)):
            rows.filter(valid_to__isnull=True, valid_from__lte=last).update(valid_to=last)
        draft.record(
            UnitMerged(
                unit=unit.pk, title=unit.name, heir=into.pk, heir_title=into.name, valid_from=valid_from.isoformat()
            )
        )


def move_unit(unit: Unit, *, superior: Unit | None, counterpart: Unit | None, by: Actor, at: datetime) -> None:
    """Put a unit under another superior, or let it answer to another counterpart (对口)."""
    day = beijing_day(at)
    require(by, UNITS, on=day, unit=unit.pk)
    require(by, UNITS, on=day, unit=superior.pk if superior else None)
    with writing(STREAM, by=by, at=at) as draft:
        if superior is not None and unit in unit_chain(superior):
            raise WouldLoop(what=unit.name)
        unit.superior, unit.counterpart = superior, counterpart
        check_record(unit)
        unit.save(update_fields=["superior", "counterpart"])
        draft.record(
            UnitMoved(
                unit=unit.pk,
                title=unit.name,
                superior=superior.pk if superior else None,
                counterpart=counterpart.pk if counterpart else None,
            )
        )


def learn_alias(
    unit: Unit, text: str, *, by: Actor, at: datetime, context: Division | None = None, valid_from: date | None = None
) -> Alias:
    """Remember that a printed name means this unit, everywhere or in the papers of one division.

    Confirming the same twice changes nothing; a name that already means another unit there is refused.
    """
    day = beijing_day(at)
    require(by, NAMES, on=day)
    key = comparison_key(text)
    if not key:
        raise Malformed("别名不能为空。", errors={"text": "别名不能为空。"})
    known = Alias.objects.filter(unit=unit, key=key, context=context).first()
    if known is not None:
        return known
    with writing(STREAM, by=by, at=at) as draft:
        meant = resolve_unit(text, context or unit.division, day)
        if meant.unit is not None and meant.unit != unit and meant.how is not How.OUTER_NAME:
            raise MeansAnother(text=text, other=meant.unit.name)
        alias = Alias.objects.create(
            unit=unit,
            text=text,
            context=context,
            valid_from=valid_from or unit.valid_from,
            learned_by_id=int(by.key) if by.kind is ActorKind.OFFICER else None,
            learned_at=at,
            key=key,
            stem=stem(text, place_names(unit.division)),
        )
        draft.record(AliasLearned(unit=unit.pk, title=unit.name, text=text, context=context.code if context else ""))
    return alias


def define_collective(
    name: str,
    predicate: Mapping[str, Any],
    *,
    valid_from: date,
    by: Actor,
    at: datetime,
    division: Division | None = None,
    open: bool = False,  # noqa: A002 - the word of the table
) -> Collective:
    """Enter a name for many units with its predicate; open ones wait for nomination."""
    require(by, NAMES, on=beijing_day(at))
    try:
        read = Predicate.of(predicate)
    except PredicateRefused as error:
        raise Malformed(errors={"predicate": str(error)}) from error
    unknown = set(read.units) - set(Unit.objects.filter(code__in=read.units).values_list("code", flat=True))
    if unknown:
        raise Malformed(errors={"predicate": "没有这些单位代码：{codes}"}, codes="、".join(sorted(unknown)))
    with writing(STREAM, by=by, at=at) as draft:
        earlier = Collective.objects.filter(key=comparison_key(name), division=division, valid_to__isnull=True)
        if earlier.filter(valid_from__gte=valid_from).exists():
            raise AlreadyRegistered(what=name)
        earlier.update(valid_to=valid_from - _DAY)
        collective = Collective.objects.create(
            name=name,
            key=comparison_key(name),
            division=division,
            predicate=read.written,
            open=open,
            valid_from=valid_from,
        )
        draft.record(CollectiveDefined(title=name, predicate=read.written))
    return collective


def rekey_units(divisions: QuerySet[Division]) -> None:
    """Compute anew what the names of the units of some divisions are compared by; inside a writing only."""
    for model, text in ((UnitName, "name"), (Alias, "text")):
        for row in model._default_manager.filter(unit__division__in=divisions).select_related("unit__division"):  # noqa: SLF001
            row.key = comparison_key(getattr(row, text))
            row.stem = stem(getattr(row, text), place_names(row.unit.division))
            row.save(update_fields=["key", "stem"])


def _bear(unit: Unit, name: str, valid_from: date, *, is_short: bool = False) -> None:
    UnitName.objects.create(
        unit=unit,
        name=name,
        is_short=is_short,
        valid_from=valid_from,
        key=comparison_key(name),
        stem=stem(name, place_names(unit.division)),
    )


def _in_force(unit: Unit, on: date) -> None:
    if unit.valid_from > on or (unit.valid_to is not None and unit.valid_to < on):
        raise HasEnded(what=unit.name, on=on.isoformat())


def check_fields(record: models.Model) -> None:
    """Raise Malformed where a field of a new record does not hold; relations come from rows just read."""
    relations = [field.name for field in record._meta.concrete_fields if field.is_relation]  # noqa: SLF001
    try:
        record.clean_fields(exclude=relations)
    except ValidationError as error:
        raise _malformed(error) from error


def check_record(record: models.Model) -> None:
    """Raise Malformed where fields or constraints of a changed record do not hold."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise _malformed(error) from error


def _malformed(error: ValidationError) -> Malformed:
    return Malformed(errors={field: "；".join(says) for field, says in error.message_dict.items()})
