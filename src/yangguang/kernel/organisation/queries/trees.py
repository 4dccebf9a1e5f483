"""The trees of divisions and units: chains upwards, subtrees downwards, successors through time."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from yangguang.kernel.organisation.models import Division, Unit, UnitName
from yangguang.kernel.organisation.names import division_names
from yangguang.platform.looking import once

# UNION (not UNION ALL) ends the walk even if a cycle was written past the commands.
_DIVISIONS_ABOVE = """
WITH RECURSIVE up(id, parent_id, code, depth) AS (
    SELECT id, parent_id, code, 0 FROM organisation_division WHERE code = %s
    UNION SELECT d.id, d.parent_id, d.code, up.depth + 1
    FROM organisation_division d JOIN up ON d.id = up.parent_id WHERE up.depth < 16
) SELECT id FROM up"""
_DIVISIONS_BELOW = """
WITH RECURSIVE down(id) AS (
    SELECT id FROM organisation_division WHERE id = %s
    UNION SELECT d.id FROM organisation_division d JOIN down ON d.parent_id = down.id
) SELECT id FROM down"""
_UNITS_ABOVE = """
WITH RECURSIVE up(id, superior_id, depth) AS (
    SELECT id, superior_id, 0 FROM organisation_unit WHERE id = %s
    UNION SELECT u.id, u.superior_id, up.depth + 1
    FROM organisation_unit u JOIN up ON u.id = up.superior_id WHERE up.depth < 32
) SELECT id FROM up"""
_UNITS_BELOW = """
WITH RECURSIVE down(id) AS (
    SELECT id FROM organisation_unit WHERE id = ANY(%s)
    UNION SELECT u.id FROM organisation_unit u JOIN down ON u.superior_id = down.id
) SELECT id FROM down"""

# A merged unit, and what was below it, lies in the reach of its heir.
_HEIRS_AND_ABOVE = """
WITH RECURSIVE up(id, superior_id, merged_into_id) AS (
    SELECT id, superior_id, merged_into_id FROM organisation_unit WHERE id = %s
    UNION SELECT u.id, u.superior_id, u.merged_into_id
    FROM organisation_unit u JOIN up ON u.id = up.superior_id OR u.id = up.merged_into_id
) SELECT id FROM up"""
_REACHED = """
WITH RECURSIVE down(id) AS (
    SELECT id FROM organisation_unit WHERE id = ANY(%s)
    UNION SELECT u.id FROM organisation_unit u JOIN down ON u.superior_id = down.id OR u.merged_into_id = down.id
) SELECT id FROM down"""


def in_force(on: date, prefix: str = "") -> Q:
    """Return the condition that a dated row holds on that day, both ends counted."""
    ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & ended


def _ids(sql: str, *arguments: object) -> RawSQL:
    return RawSQL(sql, arguments, output_field=models.BigIntegerField())


def divisions_above(code: str) -> tuple[Division, ...]:
    """Return the division and those above it, the province first."""
    found = {division.pk: division for division in Division.objects.filter(pk__in=_ids(_DIVISIONS_ABOVE, code))}
    chain: list[Division] = []
    here = next((division for division in found.values() if division.code == code), None)
    while here is not None and here not in chain:
        chain.append(here)
        here = found.get(here.parent_id) if here.parent_id else None
    return tuple(reversed(chain))


def division_chain(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to this division: what rulebook and calendars are asked with."""
    return once(("division chain", code), lambda: tuple(division.code for division in divisions_above(code)))


def place_names(division: Division) -> list[tuple[str, ...]]:
    """Return how each division of the chain is written, the province first: what `names.stem` takes off."""
    return [division_names(row.name, row.short_name) for row in divisions_above(division.code)]


def division_subtree(division: Division) -> QuerySet[Division]:
    """Return the division and everything below it."""
    return Division.objects.filter(pk__in=_ids(_DIVISIONS_BELOW, division.pk))


def unit_chain(unit: Unit) -> tuple[Unit, ...]:
    """Return the unit's superiors from the topmost down to the unit itself."""
    found = {row.pk: row for row in Unit.objects.filter(pk__in=_ids(_UNITS_ABOVE, unit.pk))}
    chain: list[Unit] = []
    here = found.get(unit.pk)
    while here is not None and here not in chain:
        chain.append(here)
        here = found.get(here.superior_id) if here.superior_id else None
    return tuple(reversed(chain))


def subtree(*units: Unit) -> QuerySet[Unit]:
    """Return the units and everything below them, at any time; add `in_force` where a day matters."""
    return Unit.objects.filter(pk__in=_ids(_UNITS_BELOW, [unit.pk for unit in units]))


def reached_from(unit: Unit) -> QuerySet[Unit]:
    """Return the unit, its superiors, its heirs and theirs: whoever reaches one of them reaches the unit."""
    return Unit.objects.filter(pk__in=_ids(_HEIRS_AND_ABOVE, unit.pk))


def reached_by(scopes: Iterable[int]) -> QuerySet[Unit]:
    """Return the subtrees of the scopes (ids of units), with the units that were merged into them."""
    return Unit.objects.filter(pk__in=_ids(_REACHED, list(scopes)))


def successor(unit: Unit, on: date) -> Unit:
    """Return who answers for the unit on that day: itself, or the unit it was merged into (at any remove)."""
    seen = {unit.pk}
    while unit.valid_to is not None and unit.valid_to < on and unit.merged_into is not None:
        unit = unit.merged_into
        if unit.pk in seen:
            break
        seen.add(unit.pk)
    return unit


def name_of(unit: Unit, on: date) -> str:
    """Return the official name the unit bore on that day (the present one if none is on record)."""
    held = UnitName.objects.filter(in_force(on), unit=unit, is_short=False).order_by("-valid_from").first()
    return held.name if held else unit.name


def local_counterparts(unit: Unit, division: Division, on: date) -> QuerySet[Unit]:
    """Return the units of a lower division that answer to this one professionally (对口), usually one."""
    return Unit.objects.filter(in_force(on), counterpart=unit, division=division)
