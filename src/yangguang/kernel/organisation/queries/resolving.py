"""From a name as printed to the unit that is meant, on that day, seen from the division whose paper it is.

What is not certain is offered as candidates for a person to choose from, never decided here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from yangguang.kernel.organisation.collectives import CollectiveReading, Issuer, read_collective
from yangguang.kernel.organisation.models import Alias, Collective, Division, Unit, UnitName
from yangguang.kernel.organisation.names import (
    comparison_key,
    division_names,
    fold,
    is_contraction,
    level_prefix,
    levels_of,
    signboards,
)
from yangguang.kernel.organisation.queries.trees import division_subtree, divisions_above, in_force, successor
from yangguang.kernel.organisation.vocabulary import How, Level, Predicate, Within

#: How sure each way of recognising is; below `OUTER_NAME` nothing is decided.
CONFIDENCE = {
    How.NAME: 1.0,
    How.SIGNBOARDS: 1.0,
    How.SHORT_NAME: 0.98,
    How.ALIAS: 0.96,
    How.ABBREVIATION: 0.95,
    How.COLLECTIVE: 0.95,
    How.FORMER_NAME: 0.9,
    How.MERGED: 0.9,
    How.OUTER_NAME: 0.85,
    How.CANDIDATES: 0.5,
    How.NOTHING: 0.0,
}
_PREFERENCE = (How.ALIAS, How.NAME, How.SHORT_NAME, How.ABBREVIATION)
_ELSEWHERE = 100
_BELOW = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be meant, and by which way it was found."""

    unit: Unit
    how: How


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer for one printed name: one unit, a collective, or candidates to choose from (or nothing)."""

    text: str
    how: How
    units: tuple[Unit, ...] = ()
    collective: CollectiveReading | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def confidence(self) -> float:
        """How sure the answer is, between 0 and 1."""
        return CONFIDENCE[self.how]

    @property
    def unit(self) -> Unit | None:
        """The one unit meant, if it is certain."""
        return self.units[0] if len(self.units) == 1 else None


@dataclass(frozen=True, slots=True)
class _Hit:
    unit: Unit
    how: How
    distance: int


def resolve_unit(text: str, division: Division, on: date) -> Resolution:
    """Resolve one printed name; for a whole paper make one `Resolver` and ask it for each name."""
    return Resolver(division, on).resolve(text)


def members(collective: CollectiveReading | Collective | Predicate, division: Division, on: date) -> QuerySet[Unit]:
    """Return the units a collective means on that day, seen from a division; for open ones: who may be nominated.

    Second signboards are left out, so that nobody is counted twice.
    """
    predicate = _predicate(collective)
    if predicate.units:
        return Unit.objects.filter(in_force(on), code__in=predicate.units)
    found = Unit.objects.filter(in_force(on), plate_of__isnull=True)
    if predicate.levels:
        found = found.filter(level__in=predicate.levels)
    if predicate.natures:
        found = found.filter(nature__in=predicate.natures)
    if predicate.branch is not None:
        found = found.filter(division__branch=predicate.branch)
    home = _home(division, predicate)
    if predicate.within is Within.DIVISION:
        return found.filter(division=home)
    found = found.filter(division__in=division_subtree(home))
    return found.exclude(division=home) if predicate.within is Within.BELOW else found


def _predicate(collective: CollectiveReading | Collective | Predicate) -> Predicate:
    if isinstance(collective, Predicate):
        return collective
    if isinstance(collective, Collective):
        return Predicate.of(collective.predicate)
    return collective.predicate


def _home(division: Division, predicate: Predicate) -> Division:
    """A county's paper that speaks of 市直各单位 means those of its own city."""
    if predicate.within is Within.DIVISION and predicate.levels and division.level not in predicate.levels:
        for above in divisions_above(division.code):
            if above.level in predicate.levels:
                return above
    return division


@dataclass
class Resolver:
    """Resolves the names of one paper; keeps the division's chain between names."""

    division: Division
    on: date

    def resolve(self, text: str) -> Resolution:
        """Return what a printed name means: registered names first, then collectives, then suggestions."""
        whole = self._known(text)
        if whole is not None:
            return whole
        collective = self._collective(text)
        if collective is not None:
            return Resolution(text, How.COLLECTIVE, collective=collective)
        if plates := signboards(text):
            return self._signboards(text, *plates)
        suggested = tuple(self._suggestions(text))
        return Resolution(text, How.CANDIDATES if suggested else How.NOTHING, candidates=suggested)

    def _known(self, text: str) -> Resolution | None:
        """Recognise by the names of the day, else by names of other days (renamed or merged units)."""
        key = comparison_key(text)
        if not key:
            return None
        readings = list(self._readings(key))
        hits = list(self._hits(text, key, readings))
        today = [hit for hit, name in hits if _holds(name, self.on) and _holds(hit.unit, self.on)]
        if today:
            return self._decide(text, today)
        later = []
        for hit, _name in hits:
            heir = successor(hit.unit, self.on)
            how = How.FORMER_NAME if heir == hit.unit else How.MERGED
            if _holds(heir, self.on):
                later.append(_Hit(heir, how, hit.distance))
        return self._decide(text, later) if later else None

    def _decide(self, text: str, hits: list[_Hit]) -> Resolution:
        nearest = min(hit.distance for hit in hits)
        near = sorted((hit for hit in hits if hit.distance == nearest), key=_preference)
        best: dict[Unit, How] = {}
        for hit in near:
            best.setdefault(_main(hit.unit), How.SIGNBOARDS if hit.unit.plate_of_id else hit.how)
        if len(best) == 1:
            ((unit, how),) = best.items()
            return Resolution(text, how, units=(unit,))
        return Resolution(text, How.CANDIDATES, candidates=tuple(Candidate(*item) for item in best.items()))

    def _hits(
        self, text: str, key: str, readings: list[tuple[str, dict[int, int]]]
    ) -> Iterator[tuple[_Hit, UnitName | Alias]]:
        stems = {rest for rest, _ in readings}
        wanted = Q(key=key) | Q(stem__in=stems) | Q(key__in=stems)
        related = ("unit__division", "unit__plate_of", "unit__merged_into")
        for name in UnitName.objects.filter(wanted).select_related(*related):
            how = How.SHORT_NAME if name.is_short else How.NAME
            yield from self._compare(name, how, text, key, readings, literal=name.name)
        context = Q(context__isnull=True) | Q(context__in=self.distances)
        for alias in Alias.objects.filter(wanted, context).select_related(*related):
            yield from self._compare(alias, How.ALIAS, text, key, readings, literal=alias.text)

    def _compare(
        self,
        name: UnitName | Alias,
        how: How,
        text: str,
        key: str,
        readings: list[tuple[str, dict[int, int]]],
        *,
        literal: str,
    ) -> Iterator[tuple[_Hit, UnitName | Alias]]:
        home = name.unit.division_id
        carries_place = name.stem != name.key
        if name.key == key and (carries_place or self._distance(home) < _ELSEWHERE or _in_context(name)):
            exact = how if how is not How.NAME or fold(literal) == fold(text) else How.ABBREVIATION
            yield _Hit(name.unit, exact, self._distance(home)), name
            return
        for rest, homes in readings:
            if rest in (name.stem, name.key) and home in homes:
                yield _Hit(name.unit, how if how is How.ALIAS else How.ABBREVIATION, homes[home]), name
                return

    def _readings(self, key: str) -> Iterator[tuple[str, dict[int, int]]]:
        """Yield the ways to read a key: the rest without its place, and the divisions it may lie in by distance."""
        yield key, self.distances
        word, rest = level_prefix(key)
        if word:
            yield (
                rest,
                {division.pk: self.distances[division.pk] for division in self._chain if _is_called(division, word)},
            )
        for places, rest in self._placed(key, None):
            yield rest, {place: self._distance(place) for place in places}

    def _placed(self, key: str, inside: set[int] | None) -> Iterator[tuple[set[int], str]]:
        """Split leading place names off (青禾省云川市…), one after the other; every length is a reading."""
        prefixes = [key[:length] for length in range(2, min(len(key), 20))]
        named = Division.objects.filter(Q(name__in=prefixes) | Q(short_name__in=prefixes))
        by_rest: dict[str, set[int]] = {}
        for division in named if inside is None else named.filter(parent__in=inside):
            for name in division_names(division.name, division.short_name):
                if key.startswith(name) and len(key) > len(name):
                    by_rest.setdefault(key[len(name) :], set()).add(division.pk)
        for rest, places in sorted(by_rest.items(), key=lambda item: len(item[0])):
            yield places, rest
            yield from self._placed(rest, places)

    def _distance(self, division: int) -> int:
        """Steps up the paper's own chain; below it farther, in other parts of the country farthest."""
        return self.distances.get(division, _BELOW if division in self._below else _ELSEWHERE)

    def _signboards(self, text: str, outer: str, inner: str) -> Resolution:
        first, second = self._known(outer), self._known(inner)
        if first is None or first.unit is None:
            offered = _offered(first) + _offered(second)
            return Resolution(text, How.CANDIDATES if offered else How.NOTHING, candidates=offered)
        if second is None:
            return Resolution(text, How.OUTER_NAME, units=first.units)
        if second.unit == first.unit:
            return Resolution(text, How.SIGNBOARDS, units=first.units)
        return Resolution(text, How.CANDIDATES, candidates=_offered(first) + _offered(second))

    def _collective(self, text: str) -> CollectiveReading | None:
        listed = Collective.objects.filter(in_force(self.on), key=comparison_key(text))
        nearest = min(
            (row for row in listed if row.division_id is None or row.division_id in self.distances),
            key=lambda row: self.distances.get(row.division_id, _ELSEWHERE) if row.division_id else _ELSEWHERE,
            default=None,
        )
        if nearest is not None:
            return CollectiveReading(text, Predicate.of(nearest.predicate), nearest.open)
        return read_collective(text, Issuer(Level(self.division.level), self.division.name))

    def _suggestions(self, text: str) -> Iterator[Candidate]:
        """Offer units of the chain whose name the text contracts (人社厅), nearest division first."""
        seen: set[int] = set()
        for rest, homes in self._readings(comparison_key(text)):
            names = UnitName.objects.filter(in_force(self.on), unit__division__in=homes).select_related(
                "unit__plate_of"
            )
            for name in sorted(names, key=lambda name: homes[name.unit.division_id]):
                unit = _main(name.unit)
                if unit.pk not in seen and (is_contraction(rest, name.stem) or is_contraction(rest, name.key)):
                    seen.add(unit.pk)
                    yield Candidate(unit, How.CANDIDATES)

    @cached_property
    def _chain(self) -> tuple[Division, ...]:
        return divisions_above(self.division.code)

    @cached_property
    def distances(self) -> dict[int, int]:
        """Steps upwards from the paper's division to each division of its chain."""
        return {division.pk: far for far, division in enumerate(reversed(self._chain))}

    @cached_property
    def _below(self) -> frozenset[int]:
        return frozenset(division_subtree(self.division).values_list("pk", flat=True))


def _holds(row: UnitName | Alias | Unit, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def _in_context(name: UnitName | Alias) -> bool:
    return isinstance(name, Alias) and name.context_id is not None


def _main(unit: Unit) -> Unit:
    return unit.plate_of or unit


def _preference(hit: _Hit) -> int:
    return _PREFERENCE.index(hit.how) if hit.how in _PREFERENCE else len(_PREFERENCE)


def _is_called(division: Division, word: str) -> bool:
    """Whether 市, 县, 区… as a prefix can mean this division: level and the end of its name agree."""
    return division.level in levels_of(word) and division.name.endswith(word)


def _offered(resolution: Resolution | None) -> tuple[Candidate, ...]:
    if resolution is None:
        return ()
    return tuple(_each(resolution.units, resolution.how)) + resolution.candidates


def _each(units: Iterable[Unit], how: How) -> Iterator[Candidate]:
    return (Candidate(unit, how) for unit in units)
