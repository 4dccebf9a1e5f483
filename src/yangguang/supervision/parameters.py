"""Which thresholds hold where on a day: divisions grouped by the rulebook values and the calendar they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yangguang.kernel.clock.calendar import WorkingCalendar
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.models import Case
from yangguang.kernel.organisation.models import Division
from yangguang.kernel.organisation.queries import division_chain
from yangguang.kernel.rulebook import Value, house_rulebook
from yangguang.supervision.rules import Rule


@dataclass(frozen=True, slots=True)
class Ground:
    """Divisions in which a rule runs with the same values under the same calendar."""

    values: Mapping[str, Value]
    calendar: WorkingCalendar
    divisions: list[int] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, Any]:
        """Return what the SQL is given for each named parameter."""
        return {name: value.value for name, value in self.values.items()}

    def told(self) -> dict[str, dict[str, Any]]:
        """Return the values as a signal keeps them: number, unit, rulebook key, citation, and whose overlay."""
        return {
            name: {
                "value": value.value,
                "unit": value.unit.value,
                "unit_zh": value.unit.zh,
                "key": value.key,
                "zh": value.zh,
                "en": value.en,
                "cite": str(value.cite),
                "confidence": value.cite.confidence.value,
                "confidence_zh": value.cite.confidence.zh,
                "overlay": value.overlay,
            }
            for name, value in self.values.items()
        }


def watched_divisions(kinds: Iterable[str]) -> list[Division]:
    """Return the divisions that have cases of some kinds."""
    return list(Division.objects.filter(pk__in=Case.objects.filter(kind__in=list(kinds)).values("division")))


def grounds(rule: Rule, divisions: Iterable[Division], today: date) -> Iterator[Ground]:
    """Yield the groups of divisions that share a rule's values and calendar on a day."""
    book = house_rulebook()
    found: dict[tuple[Any, ...], Ground] = {}
    for division in divisions:
        chain = division_chain(division.code)
        values = {name: book(key, on=today, chain=chain) for name, key in rule.parameters.items()}
        calendar = calendar_in(division.code)
        same = (calendar.version, *((value.key, value.overlay, value.from_) for value in values.values()))
        if same not in found:
            found[same] = Ground(values, calendar)
        found[same].divisions.append(division.pk)
    yield from found.values()
